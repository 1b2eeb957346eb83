import type { Device } from "./encoder";
import type { BaselineResult, RetrievalPair, ZeroShotResult } from "./evaluation";
import type { Recipe } from "./recipe";
import type { Split } from "./dataset";

/** One point of the training curve. */
export interface HistoryPoint {
  readonly step: number;
  readonly loss: number;
  /** exp(t). */
  readonly logitScale: number;
  readonly learningRate: number;
  /** Training time so far, pauses excluded. */
  readonly elapsedMs: number;
  /** Held-out retrieval on the validation split; only at evaluation steps. */
  readonly validation?: RetrievalPair;
}

export type RunStatus = "queued" | "running" | "paused" | "done" | "stopped" | "failed";

/** The numbers `auto` stood for in the recipe. */
export interface ResolvedTraining {
  readonly steps: number;
  readonly batchSize: number;
  readonly fuseMix: boolean;
  readonly dimension: number;
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
  readonly zeroShot: ZeroShotResult | null;
  readonly timings: { readonly alignMs: number; readonly stepMs: number };
}
