import { useState } from "react";
import styles from "./HomePanel.module.css";

/** Opens a recipe file, dropped or chosen; nothing runs before its preview was agreed to. */
export function RecipeDrop({ onFile }: { readonly onFile: (file: File) => Promise<void> }) {
  const [over, setOver] = useState(false);
  const open = (file: File | undefined) => file && void onFile(file);
  return (
    <label
      className={`${styles.recipe} ${over ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation(); // the screen around it takes files too
        setOver(false);
        open(event.dataTransfer.files[0]);
      }}
    >
      <span>
        <strong>Open a recipe…</strong> or drop a recipe file here. You see what it does before
        anything runs.
      </span>
      <input
        type="file"
        className="visually-hidden"
        accept=".json,application/json"
        onChange={(event) => {
          open(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
