import { useEffect, useRef, useState, type DragEvent } from "react";
import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import styles from "./QueryPanel.module.css";
import { nameOf, type Asked } from "./useSearch";

interface SearchBoxProps {
  readonly asked: Asked | null;
  readonly onAsk: (asked: Asked | null) => void;
}

/** The search box: type words, or drop, paste or pick a picture. */
export function SearchBox({ asked, onAsk }: SearchBoxProps) {
  const picker = useRef<HTMLInputElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const takePicture = (files: FileList | null): boolean => {
    const picture = [...(files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (picture) onAsk({ kind: "picture", blob: picture, name: picture.name });
    return picture !== undefined;
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    takePicture(event.dataTransfer.files);
  };
  return (
    <div
      className={styles.box}
      data-dragging={dragging}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={drop}
    >
      {asked && asked.kind !== "words" ? (
        <div className={styles.asked}>
          <AskedThumb asked={asked} />
          <span className={styles.askedText} dir="auto">
            {askedName(asked)}
          </span>
          <button
            type="button"
            className="button quiet"
            onClick={() => {
              onAsk(null);
              requestAnimationFrame(() => input.current?.focus());
            }}
          >
            Clear
          </button>
        </div>
      ) : (
        <input
          ref={input}
          type="search"
          className={styles.input}
          aria-label="Search by words"
          placeholder="Describe what you are looking for"
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={asked?.text ?? ""}
          onChange={({ target }) =>
            onAsk(target.value === "" ? null : { kind: "words", text: target.value })
          }
          onPaste={(event) => takePicture(event.clipboardData.files) && event.preventDefault()}
        />
      )}
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        Use a picture…
      </button>
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        aria-label="Picture to search with"
        onChange={({ target }) => {
          takePicture(target.files);
          target.value = ""; // the same file may be picked again
        }}
      />
    </div>
  );
}

function askedName(asked: Exclude<Asked, { kind: "words" }>): string {
  if (asked.kind === "picture") return asked.name || "Pasted picture";
  return nameOf(asked.found);
}

function AskedThumb({ asked }: { readonly asked: Exclude<Asked, { kind: "words" }> }) {
  const { project } = useProject();
  if (asked.kind === "picture") return <Thumb blob={asked.blob} />;
  if (asked.modality === "text") return <span className="quiet">caption</span>;
  return <BlobImage projectId={project.id} digest={asked.found.item.digest} alt="" size={40} />;
}

function Thumb({ blob }: { readonly blob: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return <img className={styles.thumb} src={url} alt="" width={40} height={40} />;
}
