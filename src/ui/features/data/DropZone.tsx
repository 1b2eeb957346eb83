import { useRef, useState } from "react";
import { SAMPLES } from "../../../core/catalogue/samples";
import type { ImportSource } from "../../../core/domain/dataset";
import styles from "./DropZone.module.css";
import { filesOfDrop, filesOfInput } from "../../components/droppedFiles";
import { FormatList } from "./FormatList";

interface DropZoneProps {
  /** `first`: nothing there yet. `replace`: one line, beside data. `add`: one line, to a draft. */
  readonly mode: "first" | "replace" | "add";
  readonly disabled: boolean;
  readonly onSource: (source: ImportSource) => void;
}

const TITLES = {
  first: "Drop a folder, an archive, or files here",
  replace: "Drop other files to replace the data",
  add: "Drop more files: further shards, the pictures to a table, the table to pictures",
} as const;

/** Takes files, folders and archives, dropped or chosen, and offers the samples. */
export function DropZone({ mode, disabled, onSource }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const compact = mode !== "first";
  const drop = async (items: DataTransferItemList) => {
    onSource({ kind: "files", files: await filesOfDrop(items) });
  };
  return (
    <section
      aria-label={mode === "add" ? "Add files" : "Import"}
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
        <p className={styles.title}>{TITLES[mode]}</p>
        {mode === "first" && (
          <p className="quiet">
            Pictures, sounds or sensor windows with captions, in the layout you have them in: a
            table and a folder, Hugging Face, COCO, WebDataset, Parquet, a folder per class, long
            recordings with events, or embeddings. It is recognised from the files, and nothing is
            stored before you agree.
          </p>
        )}
      </div>
      <Choosers {...{ disabled, mode, onSource }} />
      {mode === "first" && <FormatList />}
    </section>
  );
}

function Choosers({ disabled, mode, onSource }: DropZoneProps) {
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
      <input ref={files} data-testid={mode === "add" ? "add-files" : "import-files"} {...common} />
      <input
        ref={folder}
        data-testid={mode === "add" ? "add-folder" : "import-folder"}
        {...common}
        {...{ webkitdirectory: "" }}
      />
      <button
        type="button"
        className={mode === "first" ? "button primary" : "button"}
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        {mode === "add" ? "Add files" : "Choose files"}
      </button>
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={() => folder.current?.click()}
      >
        {mode === "add" ? "Add a folder" : "Choose a folder"}
      </button>
      {(mode === "add" ? [] : SAMPLES).map(({ id, name, summary }) => (
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
