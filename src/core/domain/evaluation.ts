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
  /** 1 = best, as are all ranks here. */
  readonly medianRank: number;
  readonly meanRank: number;
  /** Mean of 1 / rank, in (0, 1]. */
  readonly meanReciprocalRank: number;
  /** Keyed by k as text: `"1"`, `"5"`, `"10"`. */
  readonly recall: Readonly<Record<string, Estimate>>;
}

/** Both directions; named after the modalities. */
export interface RetrievalPair {
  readonly imageToText: RetrievalResult;
  readonly textToImage: RetrievalResult;
}

/** A number per query and direction: the rank of its first right answer, 0 = best, unless said otherwise. */
export interface QueryRanks {
  readonly imageToText: Uint32Array<ArrayBuffer>;
  readonly textToImage: Uint32Array<ArrayBuffer>;
}

/**
 * The shape of the shared space on a split, from unit vectors (docs/methods.md has the formulas).
 * Null stands where the data do not define a number: one item has no distances to others.
 */
export interface Geometry {
  /** Pairs looked at: all of the split's, or 2,000 of them, evenly spaced. */
  readonly pairs: number;
  /** ‖mean a − mean b‖ of unit vectors, 0 to 2. */
  readonly modalityGap: number;
  /** Mean ‖a − b‖² over pairs (Wang and Isola 2020). */
  readonly alignment: number;
  /** ln mean exp(−2 ‖zᵢ − zⱼ‖²): 0 = collapsed, about −4 = spread out. Null for one item. */
  readonly uniformity: { readonly image: number | null; readonly text: number | null };
  readonly positiveCosine: number;
  /** Over all images and texts that are no pair; null when every two are one. */
  readonly negativeCosine: number | null;
  /** (mean⁺ − mean⁻) / √((var⁺ + var⁻) / 2); null when neither cosine varies. */
  readonly separation: number | null;
  /** exp of the entropy of the covariance's spectrum; falls to 1 as a side collapses, 0 = one point. */
  readonly effectiveRank: { readonly image: number; readonly text: number };
  /**
   * Skewness of how often an item is among the 10 nearest of a query; null when every item is as
   * often, as it must be in a gallery of 10 and fewer.
   */
  readonly hubness: { readonly imageToText: number | null; readonly textToImage: number | null };
}

/** What a run's held-out test says beyond its recalls. */
export interface EvaluationReport {
  readonly ranks: QueryRanks;
  /**
   * Equal numbers for queries that pairs join (the captions of one image), which are not
   * independent: what resamples queries resamples these.
   */
  readonly clusters: QueryRanks;
  /** Digest of what was asked of what: two runs with equal ones answered the same queries. */
  readonly queries: string;
  readonly geometry: Geometry;
  /** With CSLS scores, where the recipe asks for them. */
  readonly csls: RetrievalPair | null;
}

/** How the images of one class were classified. */
export interface ClassScore {
  readonly name: string;
  /** Test images of this class. */
  readonly images: number;
  /** Share of them classified right; null when there are none. */
  readonly recall: number | null;
  /** Share of the images given this class that are of it; null when none was. */
  readonly precision: number | null;
}

export interface ZeroShotResult {
  readonly label: string;
  readonly classes: number;
  readonly queries: number;
  readonly top1: Estimate;
  readonly top5: Estimate;
  /** Mean of the per-class recalls, over the classes the test has. */
  readonly macro: number;
  /**
   * Nearest class mean on the same frozen features: what the encoder alone could give. Null when
   * no labelled training image is left to learn the means from.
   */
  readonly ceiling: number | null;
  /** Majority of the 20 nearest training images on the same frozen features; null as `ceiling`. */
  readonly knnCeiling: number | null;
  /** Templates whose prompts a class vector is the mean of. */
  readonly templates: readonly string[];
  readonly perClass: readonly ClassScore[];
  /** Row-major [true, predicted] over `perClass`; null above 200 classes. */
  readonly confusion: Uint32Array<ArrayBuffer> | null;
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

export const BASELINE_IDS = ["chance", "shuffled", "procrustes", "ridge", "csa", "asif"] as const;
export type BaselineId = (typeof BASELINE_IDS)[number];
