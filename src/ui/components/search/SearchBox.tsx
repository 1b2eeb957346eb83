import { useRef, useState, type DragEvent, type ReactNode } from "react";
import styles from "./Search.module.css";

/** The words of a query, what was put beside them, and how they change. */
export interface BoxQuery {
  readonly text: string;
  readonly extras: readonly unknown[];
  readonly canGoBack: boolean;
  readonly type: (text: string) => void;
  readonly clear: () => void;
  readonly back: () => void;
}

/** Which files may be dropped, pasted or picked. */
export interface BoxFiles {
  /** As an input's `accept`. */
  readonly accept: string;
  /** What one is called: `picture`, `file`. */
  readonly noun: string;
  /** What a file is that cannot be used: `not a picture`; undefined where it can. */
  readonly refuse: (file: File) => string | undefined;
  readonly add: (file: File) => void;
}

interface SearchBoxProps {
  readonly query: BoxQuery;
  readonly files: BoxFiles;
  /** Further buttons. */
  readonly children?: ReactNode;
}

/** The search box: type words and combine them, or drop, paste or pick a file. */
export function SearchBox({ query, files, children }: SearchBoxProps) {
  const picker = useRef<HTMLInputElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const [refused, setRefused] = useState("");
  const take = (list: FileList | null): boolean => {
    const given = [...(list ?? [])];
    const reasons = given.map((file) => files.refuse(file));
    given.forEach((file, i) => reasons[i] === undefined && files.add(file));
    const at = reasons.findIndex((reason) => reason !== undefined);
    setRefused(at >= 0 ? `“${given[at]?.name}” is ${reasons[at]}, so it was left out.` : "");
    return reasons.includes(undefined);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    take(event.dataTransfer.files);
    if (event.dataTransfer.files.length === 0) setRefused(`Drop a ${files.noun} as a file.`);
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
          onPaste={(event) => take(event.clipboardData.files) && event.preventDefault()}
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
          Use a {files.noun}…
        </button>
        {children}
        <input
          ref={picker}
          type="file"
          accept={files.accept}
          multiple
          hidden
          aria-label={`${capitalised(files.noun)} to search with`}
          onChange={({ target }) => {
            take(target.files);
            target.value = ""; // the same file may be picked again
          }}
        />
      </div>
      {refused && <p role="alert">{refused}</p>}
    </div>
  );
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
