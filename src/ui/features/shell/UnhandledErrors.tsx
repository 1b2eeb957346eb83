import { useEffect, useState } from "react";
import { logError } from "../../../app/log";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import styles from "./UnhandledErrors.module.css";

/** Shows what no screen has caught, so that no failure is silent. */
export function UnhandledErrors() {
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    const show = (thrown: unknown) => {
      const caught = AppError.from(thrown);
      if (caught.code === "cancelled") return;
      logError(caught);
      setError(caught);
    };
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      show(event.reason);
    };
    const onError = (event: ErrorEvent) => {
      // The browser's note that an observer was late; nothing failed.
      if (event.message.startsWith("ResizeObserver loop")) return;
      show(event.error ?? event.message);
    };
    addEventListener("unhandledrejection", onRejection);
    addEventListener("error", onError);
    return () => {
      removeEventListener("unhandledrejection", onRejection);
      removeEventListener("error", onError);
    };
  }, []);
  if (!error) return null;
  return (
    <div className={styles.place}>
      <ErrorNote error={error} onDismiss={() => setError(null)} />
    </div>
  );
}
