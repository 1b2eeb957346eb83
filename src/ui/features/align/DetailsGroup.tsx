import { useState, type ReactNode } from "react";
import styles from "./AlignSettings.module.css";

interface DetailsGroupProps {
  readonly name: string;
  /** What its settings are now, in a few words. */
  readonly state: string;
  /** A group with a fault in it opens by itself. */
  readonly hasProblem: boolean;
  readonly children: ReactNode;
}

/** Settings that belong together, folded under a line that says what they are. */
export function DetailsGroup({ name, state, hasProblem, children }: DetailsGroupProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={styles.group}
      open={isOpen || hasProblem}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span>{name}</span> <span className={styles.state}>{state}</span>
      </summary>
      <div className={styles.grid}>{children}</div>
    </details>
  );
}
