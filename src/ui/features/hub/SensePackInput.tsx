import { useRef, useState } from "react";
import { useServices } from "../../../app/services";
import type { Hub, HubMember } from "../../../core/domain/hub";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import styles from "./Members.module.css";

interface SensePackInputProps {
  readonly hub: Hub;
  readonly canEdit: boolean;
  readonly onAdded: (member: HubMember) => void;
}

/** Brings a member in from a file that was saved from this hub, here or in another browser. */
export function SensePackInput({ hub, canEdit, onAdded }: SensePackInputProps) {
  const { hubs } = useServices();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const add = async (file: File) => {
    setBusy(true);
    setError(null);
    try {
      onAdded(await hubs.unpackSense(hub.id, file));
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.pack}>
      <input
        ref={input}
        type="file"
        accept=".zip,.safetensors"
        hidden
        aria-label="Sense pack"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = ""; // the same file may be chosen again
          if (file) void add(file);
        }}
      />
      <button
        type="button"
        className="button"
        disabled={!canEdit || isBusy}
        onClick={() => input.current?.click()}
      >
        {isBusy ? "Reading the sense pack" : "Add from a sense pack"}
      </button>
      <span className="quiet">
        One modality with its projector and figures, saved from a hub frozen from the same numbers.
      </span>
      {error && <ErrorNote error={error} onDismiss={() => setError(null)} />}
    </div>
  );
}
