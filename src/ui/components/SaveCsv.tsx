import { useState, type ReactNode } from "react";
import { AppError } from "../../core/errors";
import { ErrorNote } from "./ErrorNote";
import { saveFile } from "./saveFile";

interface SaveCsvProps {
  /** Of the file. */
  readonly name: `${string}.csv`;
  /** Writes the table when it is asked for. */
  readonly text: () => string | Promise<string>;
  readonly isQuiet?: boolean;
  readonly disabled?: boolean;
  /** Words of the button. */
  readonly children?: ReactNode;
}

/** A button that saves a table as CSV, and says why where it could not. */
export function SaveCsv(props: SaveCsvProps) {
  const { name, text, isQuiet = false, disabled = false, children = "Save as CSV" } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const save = async () => {
    setError(null);
    try {
      const content = text();
      if (typeof content !== "string") setBusy(true);
      saveFile(name, new Blob([await content], { type: "text/csv;charset=utf-8" }));
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        className={isQuiet ? "button quiet" : "button"}
        disabled={disabled || isBusy}
        onClick={() => void save()}
      >
        {isBusy ? "Writing the table…" : children}
      </button>
      {error && <ErrorNote error={error} onDismiss={() => setError(null)} />}
    </>
  );
}
