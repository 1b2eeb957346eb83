import { useRef, useState, type DragEvent } from "react";
import styles from "./QueryPanel.module.css";
import type { Query } from "./useQuery";

interface SearchBoxProps {
  readonly query: Query;
}

/** The search box: type words and combine them, or drop, paste or pick a picture. */
export function SearchBox({ query }: SearchBoxProps) {
  const picker = useRef<HTMLInputElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const [refused, setRefused] = useState("");
  const takePictures = (files: FileList | null): boolean => {
    const given = [...(files ?? [])];
    const pictures = given.filter(({ type }) => type.startsWith("image/"));
    for (const picture of pictures) query.addPicture(picture, picture.name);
    const other = given.find((file) => !pictures.includes(file));
    setRefused(other ? `“${other.name}” is not a picture, so it was left out.` : "");
    return pictures.length > 0;
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    takePictures(event.dataTransfer.files);
    if (event.dataTransfer.files.length === 0) setRefused("Drop a picture as a file.");
  };
  const isEmpty = query.text === "" && query.extras.length === 0;
  return (
    <div>
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
        <input
          ref={input}
          type="search"
          className={styles.input}
          aria-label="Search by words"
          aria-describedby="query-grammar"
          placeholder={query.extras.length > 0 ? "Add words" : "Describe what you are looking for"}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query.text}
          onChange={({ target }) => query.type(target.value)}
          onPaste={(event) => takePictures(event.clipboardData.files) && event.preventDefault()}
        />
        {!isEmpty && (
          <button
            type="button"
            className="button quiet"
            onClick={() => {
              query.clear();
              input.current?.focus();
            }}
          >
            Clear
          </button>
        )}
        {query.canGoBack && (
          <button type="button" className="button quiet" onClick={query.back}>
            Previous query
          </button>
        )}
        <button type="button" className="button" onClick={() => picker.current?.click()}>
          Use a picture…
        </button>
        <input
          ref={picker}
          type="file"
          accept="image/*"
          multiple
          hidden
          aria-label="Picture to search with"
          onChange={({ target }) => {
            takePictures(target.files);
            target.value = ""; // the same file may be picked again
          }}
        />
      </div>
      {refused && <p role="alert">{refused}</p>}
    </div>
  );
}
