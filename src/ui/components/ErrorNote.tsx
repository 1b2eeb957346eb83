import { useState, type ReactNode } from "react";
import type { AppError } from "../../core/errors";
import { ERRORS } from "../../core/errorTable";
import styles from "./ErrorNote.module.css";

interface ErrorNoteProps {
  readonly error: AppError;
  readonly onDismiss?: () => void;
  /** Further actions, e.g. a retry button. */
  readonly children?: ReactNode;
}

/** The one way an error shows itself: what happened, where, what to do. */
export function ErrorNote({ error, onDismiss, children }: ErrorNoteProps) {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const copy = () =>
    copyText(detailsOf(error)).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  return (
    <div role="alert" className={styles.note}>
      <p>
        <strong>{ERRORS[error.code].message}</strong>
        {error.detail && <span className={styles.detail}> {error.detail}</span>}
      </p>
      <p>{error.remedy}</p>
      <div className={styles.actions}>
        {children}
        <button type="button" className="button quiet" onClick={copy}>
          {copied === "yes" ? "Copied" : "Copy details"}
        </button>
        {onDismiss && (
          <button type="button" className="button quiet" onClick={onDismiss}>
            Dismiss
          </button>
        )}
      </div>
      {copied === "refused" && (
        <textarea
          className={`field mono ${styles.details}`}
          aria-label="Error details; select and copy them"
          readOnly
          rows={6}
          value={detailsOf(error)}
        />
      )}
    </div>
  );
}

/** Rejects where the page may not write to the clipboard: then the text is shown instead. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

function detailsOf(error: AppError): string {
  return [`${error.code}: ${error.message}`, error.stack ?? "", navigator.userAgent]
    .filter(Boolean)
    .join("\n");
}
