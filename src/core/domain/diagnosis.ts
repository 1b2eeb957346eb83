import type { EmbeddingChoice } from "./encoder";
import type { AlignedModality } from "./modality";

/** What the pair doctor found in a project's data. */
export interface Diagnosis {
  readonly projectId: string;
  /** The data and the embeddings it looked at: with others it is out of date. */
  readonly dataDigest: string;
  readonly encoders: Readonly<Record<AlignedModality, EmbeddingChoice>>;
  /** Pairs left out because one side has no embedding. */
  readonly leftOut: number;
  readonly selfTest: SelfTest;
  readonly ranking: PairRanking;
  /** Pairs that seem to have each other's captions, surest first. */
  readonly swaps: readonly SwapFinding[];
  readonly shift: ShiftFinding | null;
  readonly predictions: CaptionPredictions;
  readonly createdAt: number;
  readonly elapsedMs: number;
}

/** How well the doctor finds captions that it exchanged itself. */
export interface SelfTest {
  /** Share of pairs given another caption in each repeat, and how often that was done. */
  readonly share: number;
  readonly repeats: number;
  /** Exchanged pairs of all repeats. */
  readonly planted: number;
  /** Probability that an exchanged pair ranks above one that was left as it is; 95 % interval. */
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  /** From this mismatch on a pair is flagged. */
  readonly threshold: number;
  /** Of right pairs, at most this share should be flagged. */
  readonly nominalRate: number;
  /** Share of the exchanged pairs that were flagged. */
  readonly recall: number;
  /** Share of the flagged pairs that had been exchanged. */
  readonly precision: number;
  /** Share of the pairs left as they were that look like exchanged ones: an estimate. */
  readonly wrongShare: number;
  /** Of the exchanges found as such (see `SwapFinding`), the share that had been made. */
  readonly swapPrecision: number;
}

/** Below this AUC the doctor cannot tell wrong pairs from right ones, and says so. */
const LEAST_AUC = 0.7;

/** Whether the self-test allows a judgement. */
export function canJudge({ auc }: SelfTest): boolean {
  return auc >= LEAST_AUC;
}

/** Every judged pair, worst first, as columns of equal length. */
export interface PairRanking {
  /** Index of the pair in the project. */
  readonly pair: Uint32Array<ArrayBuffer>;
  /** Index of the caption it had when it was judged. */
  readonly caption: Uint32Array<ArrayBuffer>;
  /** caption margin + image margin − CSLS: higher is worse. */
  readonly mismatch: Float32Array<ArrayBuffer>;
  /** Cosine of the caption with what a projector that never saw the pair makes of the image. */
  readonly cosine: Float32Array<ArrayBuffer>;
  /** The cosine, corrected for hubs. */
  readonly csls: Float32Array<ArrayBuffer>;
  /** By how much the best other caption beats the pair's own, and the best other image its image. */
  readonly captionMargin: Float32Array<ArrayBuffer>;
  readonly imageMargin: Float32Array<ArrayBuffer>;
  /** Rank (1 = best) of the caption among all captions and of the image among all images. */
  readonly captionRank: Uint32Array<ArrayBuffer>;
  readonly imageRank: Uint32Array<ArrayBuffer>;
  /** Index of the best other caption among the project's captions, and its cosine. */
  readonly bestCaption: Uint32Array<ArrayBuffer>;
  readonly bestCosine: Float32Array<ArrayBuffer>;
}

/** One line of the ranking. */
export type RankedPair = {
  readonly [Column in keyof PairRanking]: number;
};

/** The line at `place` (0 = worst). */
export function rankedPair(ranking: PairRanking, place: number): RankedPair {
  const at = (column: keyof PairRanking) => ranking[column][place] ?? NaN;
  return {
    pair: at("pair"),
    caption: at("caption"),
    mismatch: at("mismatch"),
    cosine: at("cosine"),
    csls: at("csls"),
    captionMargin: at("captionMargin"),
    imageMargin: at("imageMargin"),
    captionRank: at("captionRank"),
    imageRank: at("imageRank"),
    bestCaption: at("bestCaption"),
    bestCosine: at("bestCosine"),
  };
}

/** How many pairs, from the worst on, the self-test's threshold flags. */
export function flaggedCount({ selfTest, ranking }: Diagnosis): number {
  if (!canJudge(selfTest)) return 0;
  const end = ranking.mismatch.findIndex((mismatch) => mismatch < selfTest.threshold);
  return end < 0 ? ranking.mismatch.length : end;
}

/** Pairs whose captions went round: each should have the caption of the next, the last the first's. */
export interface SwapFinding {
  /** Indices of two to four pairs. */
  readonly pairs: readonly number[];
  /** Index of the caption each should have. */
  readonly texts: readonly number[];
  /** Mean gain in CSLS per pair. */
  readonly gain: number;
}

/** Whether all captions belong a constant number of rows further down. */
export interface ShiftFinding {
  /** Rows by which captions should be taken from further down (negative: up); 0: none. */
  readonly offset: number;
  /** Contrast of own caption against its neighbours' at each offset, out of fold. */
  readonly scores: readonly { readonly offset: number; readonly contrast: number }[];
}

/**
 * What captions should be, for the worst pairs: rows of a subspace of the text embeddings, so that
 * words can be compared with them without fitting again.
 */
export interface CaptionPredictions {
  readonly width: number;
  /** [K, width] L2-normalised, in the order of the ranking. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** [D] mean of the unit text embeddings. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** [width, D] orthonormal rows; null: the subspace is the whole space. */
  readonly basis: Float32Array<ArrayBuffer> | null;
}
