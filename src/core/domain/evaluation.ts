/** A share in [0, 1] with its 95 % bootstrap interval over queries. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Retrieval in one direction. Recalls are hit rates with pessimistic ties. */
export interface RetrievalResult {
  readonly gallery: number;
  readonly queries: number;
  /** 1 = best. */
  readonly medianRank: number;
  /** Keyed by k as text: `"1"`, `"5"`, `"10"`. */
  readonly recall: Readonly<Record<string, Estimate>>;
}

/** Both directions; named after the modalities. */
export interface RetrievalPair {
  readonly imageToText: RetrievalResult;
  readonly textToImage: RetrievalResult;
}

export interface ZeroShotResult {
  readonly label: string;
  readonly classes: number;
  readonly queries: number;
  readonly top1: Estimate;
  readonly top5: Estimate;
  /** Mean of the per-class accuracies. */
  readonly macro: number;
  /**
   * Nearest class mean on the same frozen features: what the encoder alone could give. Null when
   * no labelled training image is left to learn the means from.
   */
  readonly ceiling: number | null;
}

/** A closed form or control, with what validation chose for it. */
export interface BaselineResult {
  readonly id: BaselineId;
  readonly validation: RetrievalPair;
  readonly test: RetrievalPair;
  /** Chosen hyper-parameters, e.g. `{ rank: 256 }`. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
}

export type BaselineId = "chance" | "shuffled" | "procrustes" | "ridge" | "csa";
export const BASELINE_IDS = ["chance", "shuffled", "procrustes", "ridge", "csa"] as const;
