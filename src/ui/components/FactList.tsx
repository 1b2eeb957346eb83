import type { ReactNode } from "react";
import styles from "./FactList.module.css";

interface FactListProps {
  /** Name and value; one whose value is undefined is left out. */
  readonly facts: readonly (readonly [string, ReactNode])[];
  /** Further rows: a `div` with `dt` and `dd` each. */
  readonly children?: ReactNode;
}

/** Facts as name and value, one line each. */
export function FactList({ facts, children }: FactListProps) {
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ),
      )}
      {children}
    </dl>
  );
}
