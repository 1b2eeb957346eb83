import { useRef, useState } from "react";
import { formatBytes } from "../formatting";
import styles from "./OwnModel.module.css";
import type { OwnModelState } from "./useOwnModel";

/** First step: the model and what lies beside it, dropped or chosen; several times add up. */
export function OwnModelFiles({ own }: { readonly own: OwnModelState }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: Iterable<File>) => {
    const added = [...files].map((file) => ({ name: file.name, file }));
    if (added.length > 0) own.addFiles(added);
  };
  return (
    <>
      <p className={styles.warning}>
        A model file is code for the runtime: use one only from people you trust. It runs in a
        worker of its own, and nothing of it leaves this browser.
      </p>
      <div
        className={over ? `${styles.drop} ${styles.over}` : styles.drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
      >
        <p>
          Drop the <span className="mono">.onnx</span> file (at most 400 MB) with its{" "}
          <span className="mono">preprocessor_config.json</span> or{" "}
          <span className="mono">tokenizer.json</span>, <span className="mono">config.json</span>{" "}
          and <span className="mono">.onnx_data</span>, where there are any.
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          data-testid="own-model-files"
          onChange={({ currentTarget }) => {
            // Copied first: emptying the input, so that a file can be chosen again, empties the list.
            const chosen = [...(currentTarget.files ?? [])];
            currentTarget.value = "";
            take(chosen);
          }}
        />
        <button type="button" className="button" onClick={() => input.current?.click()}>
          Choose files
        </button>
      </div>
      {own.known.files.length > 0 && (
        <ul className={styles.files} aria-label="Files">
          {own.known.files.map((each) => (
            <li key={each.name}>
              <span className="mono">{each.name}</span> {formatBytes(each.file.size)}{" "}
              <button
                type="button"
                className="button quiet"
                aria-label={`Remove ${each.name}`}
                onClick={() => own.removeFile(each)}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      {own.known.inspection && (
        <div className={styles.actions}>
          <button
            type="button"
            className="button primary"
            onClick={() => own.goTo("preprocessing")}
          >
            Go on with these files
          </button>
        </div>
      )}
    </>
  );
}
