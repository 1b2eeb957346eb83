import type { PairedDifference } from "./pairedBootstrap";
import type { RetrievalPair } from "../domain/evaluation";
import type { ScoreSettings } from "../domain/query";

/** What the corrections of the scores do to a run's held-out test, measured at one step. */
export interface ScoreEffects {
  /** Step of the projectors that were measured. */
  readonly step: number;
  /** The recalls a uniformly random ranking of the same galleries has. */
  readonly chance: RetrievalPair;
  /** Plain, centred, CSLS and both, in this order; all answer the same test queries. */
  readonly effects: readonly ScoreEffect[];
}

/** Held-out retrieval with one setting of the scores. */
export interface ScoreEffect {
  readonly scores: ScoreSettings;
  /** Recall@1, @5 and @10 both ways with intervals, and the size of the galleries. */
  readonly retrieval: RetrievalPair;
  /** Its recalls minus plain's, paired by query; empty for plain itself. */
  readonly differences: readonly RecallDifference[];
}

/** One recall minus plain's on the same queries. */
export interface RecallDifference extends PairedDifference {
  readonly direction: keyof RetrievalPair;
  readonly k: number;
}
