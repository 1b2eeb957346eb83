import { useId, useState, type ReactNode } from "react";
import styles from "./Term.module.css";

interface TermProps {
  readonly explanation: string;
  readonly children: ReactNode;
}

const WIDTH = 280;

/** A technical term with a dotted underline; focus or a click explains it. */
export function Term({ explanation, children }: TermProps) {
  const id = useId();
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const show = (button: HTMLElement) => {
    const { left, bottom } = button.getBoundingClientRect();
    const rightmost = document.documentElement.clientWidth - WIDTH - 8;
    setPlace({ left: Math.max(8, Math.min(left, rightmost)), top: bottom + 4 });
  };
  return (
    <span>
      <button
        type="button"
        className={styles.term}
        aria-describedby={place ? id : undefined}
        onFocus={(event) => show(event.currentTarget)}
        onClick={(event) => show(event.currentTarget)}
        onBlur={() => setPlace(null)}
        onKeyDown={(event) => event.key === "Escape" && setPlace(null)}
      >
        {children}
      </button>
      {place && (
        <span role="tooltip" id={id} className={styles.explanation} style={place}>
          {explanation}
        </span>
      )}
    </span>
  );
}
