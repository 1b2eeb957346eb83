import { useRef, useState } from "react";
import { SAMPLES } from "../../../core/catalogue/samples";
import type { ImportSource } from "../../../core/domain/dataset";
import styles from "./DropZone.module.css";
import { filesOfDrop, filesOfInput } from "./droppedFiles";

interface DropZoneProps {
  /** One line once there is data. */
  readonly compact: boolean;
  readonly disabled: boolean;
  readonly onSource: (source: ImportSource) => void;
}

/** Takes files, folders and archives, dropped or chosen, and offers the samples. */
export function DropZone({ compact, disabled, onSource }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const drop = async (items: DataTransferItemList) => {
    onSource({ kind: "files", files: await filesOfDrop(items) });
  };
  return (
    <section
      aria-label="Import"
      className={[styles.zone, compact && styles.compact, over && styles.over]
        .filter(Boolean)
        .join(" ")}
      onDragOver={(event) => {
        event.preventDefault();
        if (!disabled) setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled) void drop(event.dataTransfer.items);
      }}
    >
      <div className={styles.words}>
        <p className={styles.title}>
          {compact ? "Drop other files to replace the data" : "Drop a folder, a zip, or files here"}
        </p>
        {!compact && (
          <p className="quiet">
            Pictures and a <span className="mono">metadata.csv</span> or{" "}
            <span className="mono">metadata.jsonl</span> with a file name and a caption in every
            row. Nothing is stored before you agree.
          </p>
        )}
      </div>
      <Choosers {...{ disabled, compact, onSource }} />
    </section>
  );
}

function Choosers({ disabled, compact, onSource }: DropZoneProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    // Copied first: emptying the input, so that the same files can be chosen again, empties the list.
    const chosen = filesOfInput(input.files ?? []);
    input.value = "";
    onSource({ kind: "files", files: chosen });
  };
  const common = {
    type: "file",
    multiple: true,
    hidden: true,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => take(event.currentTarget),
  } as const;
  return (
    <div className={styles.actions}>
      <input ref={files} data-testid="import-files" {...common} />
      <input ref={folder} data-testid="import-folder" {...common} {...{ webkitdirectory: "" }} />
      <button
        type="button"
        className={compact ? "button" : "button primary"}
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        Choose files
      </button>
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={() => folder.current?.click()}
      >
        Choose a folder
      </button>
      {SAMPLES.map(({ id, name, summary }) => (
        <button
          key={id}
          type="button"
          className="button quiet"
          title={summary}
          disabled={disabled}
          onClick={() => onSource({ kind: "sample", sampleId: id })}
        >
          Use the {name.toLowerCase()} sample
        </button>
      ))}
    </div>
  );
}
