import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** What is missing here and the next thing to do about it. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <section className={styles.empty} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
