/**
 * One line of progress.
 *
 * Laws: `done` never falls within a stage, `total` is constant within a stage, the last event of a
 * stage has `done === total`. Sent at most every 100 ms plus the last; rate and ETA are the UI's.
 */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  /** What the engine did by itself, for the user to see: `The worker was restarted.` */
  readonly note?: string;
  readonly unit: "bytes" | "items" | "rows" | "steps" | "pairs" | "runs";
  /** Time left, from a job that knows better than the rate at which `done` grows would tell. */
  readonly remainingMs?: number;
}

export type Stage =
  | "download"
  | "open"
  | "read"
  | "import"
  | "check"
  | "store"
  | "load-encoder"
  | "self-check"
  | "calibrate"
  | "encode"
  | "neighbours"
  | "compare"
  | "shuffle"
  | "probe"
  | "baselines"
  | "train"
  | "evaluate"
  | "project"
  | "lay-out"
  | "examine"
  | "pack"
  | "restore"
  | "sweep"
  | "freeze"
  | "verify";
