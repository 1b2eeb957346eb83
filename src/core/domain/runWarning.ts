/** Reasons to read a run's numbers with care. The message names what; `detail` adds the figures. */
export const RUN_WARNINGS = {
  "few-queries":
    "Fewer than 50 test queries: the intervals are wide, and small differences mean nothing.",
  straddling:
    "Equal or nearly equal items lie on both sides of the split, so the test may be too kind.",
  "batch-lowered":
    "The batch is smaller than asked for: a batch takes each unrelated pair at most once.",
  "equal-captions": "Most captions are equal, so most wrong answers are right ones.",
  "at-chance":
    "On the test this is no better than guessing. Check that the pairs belong together, or lower the learning rate.",
  "not-restored": "Nothing is held out for validation: the last step was kept, not the best.",
} as const;

export type RunWarningCode = keyof typeof RUN_WARNINGS;

export interface RunWarning {
  readonly code: RunWarningCode;
  /** The particulars: counts and names. */
  readonly detail: string;
}
