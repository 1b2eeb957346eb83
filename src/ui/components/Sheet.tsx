import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import styles from "./Sheet.module.css";

interface SheetProps {
  /** What it shows, for those who hear it. */
  readonly label: string;
  readonly title: ReactNode;
  /** Buttons that lead to its neighbours. */
  readonly steps?: ReactNode;
  /** Takes the focus when it opens, so that its own keys work at once. */
  readonly takesFocus?: boolean;
  /** Keys beside Escape, which closes it. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** One thing in full beside the page it belongs to, which makes room for it. */
export function Sheet(props: SheetProps) {
  const { label, title, steps, takesFocus = false, onKeyDown, onClose, children } = props;
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus) sheet.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <aside
      ref={sheet}
      className={styles.sheet}
      data-sheet=""
      tabIndex={takesFocus ? -1 : undefined}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        onKeyDown?.(event);
      }}
    >
      <header className={styles.head}>
        <h2>{title}</h2>
        <span className={styles.steps}>
          {steps}
          <button type="button" className="button quiet" onClick={onClose}>
            Close
          </button>
        </span>
      </header>
      {children}
    </aside>
  );
}
