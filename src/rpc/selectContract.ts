import type { Comparison, ComparisonSettings, ProbeReport } from "../core/domain/comparison";
import type { EmbeddingChoice } from "../core/domain/encoder";
import type { AlignedModality } from "../core/domain/modality";
import type { Progress } from "../core/progress";

/** The embeddings to look at, by modality. */
export type Choices = Readonly<Record<AlignedModality, readonly EmbeddingChoice[]>>;

/** Main thread <-> workers/select.worker.ts: which embeddings to align, before any training. */
export type SelectContract = {
  /** The items a comparison would look at, so that what is missing of them can be encoded first. */
  sample: {
    params: { projectId: string; maxPairs: number; seed: number };
    progress: never;
    result: {
      pairs: number;
      available: number;
      /** Of each side, every digest once. */
      digests: Readonly<Record<AlignedModality, readonly string[]>>;
    };
  };
  /** Every stored image embedding of the sample with every text one. */
  compare: {
    params: { projectId: string; choices: Choices; settings: ComparisonSettings };
    progress: Progress;
    result: Comparison;
  };
  /** How well labels can be read from each stored embedding of the sample. */
  probe: {
    params: {
      projectId: string;
      choices: Choices;
      /** A label column. */
      label: string;
      maxPairs: number;
      seed: number;
    };
    progress: Progress;
    result: ProbeReport;
  };
};
