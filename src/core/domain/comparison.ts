import type { EmbeddingChoice } from "./encoder";
import type { Estimate } from "./evaluation";
import type { AlignedModality } from "./modality";

/** How the similarity of two embedding sets is measured. */
export type SimilarityMeasure = "mutualKnn" | "cka";

export const SIMILARITY_MEASURES = [
  "mutualKnn",
  "cka",
] as const satisfies readonly SimilarityMeasure[];

/** One similarity beside what it is when the pairs are shuffled. NaN where it is not defined. */
export interface Similarity {
  readonly value: number;
  /** Mean over the shuffles. */
  readonly nullMean: number;
  /** The value that 5 % of the shuffles reach. */
  readonly cutoff: number;
  /** Share of shuffles that reach the value, in (0, 1]. */
  readonly p: number;
  /** Where the value lies between the cut-off (0) and the largest possible (1). */
  readonly calibrated: number;
  /** `p` against the best of all compared pairs in each shuffle. */
  readonly familyP: number;
}

/** One embedding set that was compared. */
export interface ComparedSet {
  readonly choice: EmbeddingChoice;
  readonly name: string;
  readonly width: number;
  /** Effective number of dimensions, at most `width`; NaN when all vectors are equal. */
  readonly participationRatio: number;
  /** Different vectors among those of the sample. */
  readonly distinct: number;
}

/** An embedding of images with one of texts. */
export interface ComparedPair extends Readonly<Record<SimilarityMeasure, Similarity>> {
  /** CKA as usually printed, and about what unrelated sets of this size would give. */
  readonly biasedCka: number;
  readonly biasFloor: number;
}

/** Which pairs are looked at, and how closely. */
export interface ComparisonSettings {
  /** At most this many pairs, one of each connected component of the training pairs. */
  readonly maxPairs: number;
  /** Neighbours k of the mutual kNN. */
  readonly neighbours: number;
  readonly permutations: number;
  readonly seed: number;
}

/** k = 10 as in Huh et al. 2024; K = 200 as in Groeger et al. 2026. */
export const DEFAULT_COMPARISON: ComparisonSettings = {
  maxPairs: 1_000,
  neighbours: 10,
  permutations: 200,
  seed: 0,
};

/** How large a sample can be asked for. */
export const COMPARISON_SIZES = [500, 1_000, 2_000, 5_000] as const;

/** Every embedding of images with every one of texts, on a sample of the training pairs. */
export interface Comparison {
  readonly projectId: string;
  /** Digest of the data it was made on. */
  readonly dataDigest: string;
  readonly settings: ComparisonSettings;
  /** Pairs compared, and connected components there were to sample from. */
  readonly pairs: number;
  readonly available: number;
  readonly sets: Readonly<Record<AlignedModality, readonly ComparedSet[]>>;
  /** [image sets, text sets], row-major. */
  readonly cells: readonly ComparedPair[];
  /** The value that the best pair of 5 % of the shuffles reaches. */
  readonly familyCutoff: Readonly<Record<SimilarityMeasure, number>>;
  readonly leftOut: readonly LeftOutSet[];
  readonly createdAt: number;
  readonly elapsedMs: number;
}

/** An embedding set that could not take part, with the cause. */
export interface LeftOutSet {
  readonly name: string;
  readonly reason: string;
}

/** How well a label can be read from one embedding set, in [0, 1], on folds it was not fitted on. */
export interface ProbeScores {
  readonly knn: Estimate;
  readonly linear: Estimate;
}

/** One embedding set in a probe report. */
export interface ProbedSet {
  readonly modality: AlignedModality;
  readonly choice: EmbeddingChoice;
  readonly name: string;
  readonly scores: ProbeScores;
  /** The same after the labels were shuffled: what the method finds where there is nothing. */
  readonly control: ProbeScores;
}

/** How well each embedding set knows a label column, by 5-fold cross-validation. */
export interface ProbeReport {
  readonly projectId: string;
  readonly dataDigest: string;
  readonly label: string;
  readonly items: number;
  readonly classes: number;
  readonly folds: number;
  readonly neighbours: number;
  /** Share of the most frequent label: what guessing gives. */
  readonly chance: number;
  /** Items without a label, or with one that too few groups have to be in every fold. */
  readonly unlabelled: number;
  readonly rare: { readonly items: number; readonly classes: number };
  readonly sets: readonly ProbedSet[];
  readonly leftOut: readonly LeftOutSet[];
  readonly createdAt: number;
  readonly elapsedMs: number;
}

/** The embeddings to look at, by modality. */
export type Choices = Readonly<Record<AlignedModality, readonly EmbeddingChoice[]>>;

/** Which pairs of a project are looked at: all, or so many drawn by a seed. */
export interface SampleRequest {
  readonly projectId: string;
  readonly maxPairs: number;
  readonly seed: number;
}

/** What of a project a comparison looks at. */
export interface SampledItems {
  readonly pairs: number;
  readonly available: number;
  /** Of each side, every digest once. */
  readonly digests: Readonly<Record<AlignedModality, readonly string[]>>;
}

export interface CompareRequest {
  readonly projectId: string;
  readonly choices: Choices;
  readonly settings: ComparisonSettings;
}

export interface ProbeRequest extends SampleRequest {
  readonly choices: Choices;
  /** A label column. */
  readonly label: string;
}
