import type { Device } from "./encoder";
import type { MethodId } from "./alignSettings";
import type { BaselineResult, EvaluationReport, RetrievalPair, ZeroShotResult } from "./evaluation";
import type { Recipe } from "./recipe";
import type { Split } from "./dataset";
import type { RunWarning } from "./runWarning";

/** One point of the training curve. */
export interface HistoryPoint {
  readonly step: number;
  /** What compares the two sides; STRUCTURE's term is trained on but not in it. */
  readonly loss: number;
  /** exp(t). */
  readonly logitScale: number;
  readonly learningRate: number;
  /** Training time so far, pauses excluded. */
  readonly elapsedMs: number;
  /** Held-out retrieval on the validation split; only at evaluation steps. */
  readonly validation?: RetrievalPair;
  /** Mean self-probability of the STRUCTURE term's neighbour matrix; near 1 it says little. */
  readonly selfProbability?: number;
}

export type RunStatus = "queued" | "running" | "paused" | "done" | "stopped" | "failed";

/** The numbers `auto` stood for in the recipe. */
export interface ResolvedTraining {
  readonly steps: number;
  readonly batchSize: number;
  readonly fuseMix: boolean;
  readonly dimension: number;
  readonly dropout: number;
  /** Steps without a better validation score that end the training; null: none do. */
  readonly patience: number | null;
}

/** One finished training of a run of several seeds. */
export interface SeedResult {
  readonly seed: number;
  readonly best: { readonly step: number; readonly score: number } | null;
  readonly validation: RetrievalPair | null;
  readonly test: RetrievalPair | null;
  readonly history: readonly HistoryPoint[];
  readonly elapsedMs: number;
}

/** One method `auto` tried. */
export interface Candidate {
  readonly method: Exclude<MethodId, "auto">;
  /** Mean of recall@1 to recall@10 on validation, both directions, which `auto` compares. */
  readonly score: number;
  readonly validation: RetrievalPair;
  /** Hyper-parameters chosen on validation, or the step that was kept. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  /** Why it could not be fitted; its score is 0 then. */
  readonly error?: { readonly code: string; readonly detail: string };
}

/** What `trainOn` left of the training pairs. */
export interface Coverage {
  readonly pairs: number;
  readonly of: number;
  /** Per concept, rarest first, where concepts were balanced. */
  readonly concepts: readonly {
    readonly name: string;
    readonly before: number;
    readonly after: number;
  }[];
}

/** Which point of a sweep a run is. */
export interface SweepPoint {
  readonly id: string;
  readonly name: string;
  /** Value of every key the sweep varies, e.g. `{ "align.seed": 1 }`. */
  readonly at: Readonly<Record<string, string | number | boolean | null>>;
}

/** One training, complete enough to repeat it: recipe, data, versions, device, results. */
export interface Run {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly status: RunStatus;
  readonly error?: { readonly code: string; readonly detail: string };
  /** All defaults filled in. */
  readonly recipe: Recipe;
  readonly training: ResolvedTraining | null;
  readonly dataDigest: string;
  /** Embedding keys used, so that a run never mixes encoders. */
  readonly embeddingKeys: { readonly image: string; readonly text: string };
  readonly device: Device | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Pairs per split. */
  readonly splits: Readonly<Record<Split, number>>;
  /** Pairs left out because the encoder refused one side. */
  readonly leftOut: number;
  readonly history: readonly HistoryPoint[];
  readonly baselines: readonly BaselineResult[];
  /** The checkpoint that scored best on validation: mean of its recalls. */
  readonly best: { readonly step: number; readonly score: number } | null;
  /** Held-out test results of the best checkpoint; null until training ends. */
  readonly test: RetrievalPair | null;
  /** Beyond the recalls; null until training ends and for runs of older versions. */
  readonly report: EvaluationReport | null;
  readonly zeroShot: ZeroShotResult | null;
  /** Hyper-parameters a closed form chose on validation. */
  readonly chosen: Readonly<Record<string, number>>;
  /** The method trained: what `auto` chose, else the recipe's; null until known. */
  readonly method: Exclude<MethodId, "auto"> | null;
  /** What `auto` compared, best first. */
  readonly candidates: readonly Candidate[];
  /** One per finished seed, where the recipe asks for several. */
  readonly seedResults: readonly SeedResult[];
  readonly coverage: Coverage | null;
  readonly warnings: readonly RunWarning[];
  readonly sweep: SweepPoint | null;
  /** What the visitor wrote about it. */
  readonly notes: string;
  readonly timings: { readonly alignMs: number; readonly stepMs: number };
}
