import { useState } from "react";
import { licencePath, type LicenceId } from "../../../core/catalogue/licenceEntry";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import styles from "./LicencesPanel.module.css";

/** One licence, folded; its text is fetched from this site when it is opened. */
export function LicenceText({ id }: { readonly id: LicenceId }) {
  const [text, setText] = useState<string>();
  const [error, setError] = useState<AppError>();
  const load = () =>
    fetchText(licencePath(id)).then(setText, (thrown: unknown) => setError(AppError.from(thrown)));
  return (
    <details
      className={styles.text}
      onToggle={(event) => {
        if (event.currentTarget.open && text === undefined) void load();
      }}
    >
      <summary>{id}</summary>
      {error && text === undefined && <ErrorNote error={error} />}
      <pre className={styles.full} tabIndex={0} aria-label={`Text of ${id}`}>
        {text ?? (error ? "" : "Loading")}
      </pre>
    </details>
  );
}

async function fetchText(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new AppError("internal", `${path}: status ${response.status}`);
  return response.text();
}
