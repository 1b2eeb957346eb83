import type { ReactNode } from "react";
import { isActive } from "../../app/jobs";
import type { JobState } from "../../core/job";
import { JobStatus } from "./JobStatus";
import styles from "./TestSection.module.css";

interface TestSectionProps {
  /** Of the heading on the page. */
  readonly id: string;
  readonly title: string;
  /** What is measured and what it is good for. */
  readonly intro: ReactNode;
  /** From `useTest`. */
  readonly test: {
    readonly job: JobState<unknown>;
    readonly stop: () => void;
    readonly dismiss: () => void;
  };
  /** What it does while it runs. */
  readonly label: string;
  /** The words on the button. */
  readonly action: string;
  /** Undefined: something is still to be chosen. */
  readonly onStart: (() => void) | undefined;
  /** The fields of the form. */
  readonly fields: ReactNode;
  /** About what is chosen. */
  readonly note?: string;
  /** What was found. */
  readonly children: ReactNode;
}

/** A measurement with its form, its progress and what it found. */
export function TestSection({ id, title, intro, test, ...props }: TestSectionProps) {
  const { label, action, onStart, fields, note, children } = props;
  return (
    <section className={styles.test} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className={styles.intro}>{intro}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onStart?.();
        }}
      >
        {fields}
        <button type="submit" className="button" disabled={!onStart || isActive(test.job)}>
          {action}
        </button>
      </form>
      {note && <p className="quiet">{note}</p>}
      <JobStatus job={test.job} label={label} onStop={test.stop} onDismiss={test.dismiss} />
      {children}
    </section>
  );
}
