import type { ReactNode } from "react";
import styles from "./StepHead.module.css";

interface StepHeadProps {
  /** Name of the step. */
  readonly title: string;
  /** Tabs of the step. */
  readonly tabs?: ReactNode;
  /** What is chosen for the whole step, such as the run, and what goes on in it. */
  readonly children?: ReactNode;
}

/** The line above a step: its name, its parts, and what holds for all of them. */
export function StepHead({ title, tabs, children }: StepHeadProps) {
  return (
    <div className={styles.head}>
      <h1>{title}</h1>
      {tabs}
      <div className={styles.end}>{children}</div>
    </div>
  );
}
