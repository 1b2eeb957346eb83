import type { AlignmentData } from "../../src/core/domain/alignmentData";
import { resolveRecipe } from "../../src/core/domain/recipe";
import type { HistoryPoint, ResolvedTraining } from "../../src/core/domain/run";
import type { Checkpoint } from "../../src/core/ports";
import type { TrainRunOptions } from "../../src/engine/align/trainRun";
import type { TrainerOptions } from "../../src/engine/align/trainer";
import { latentData, type LatentOptions } from "./alignmentFixture";
import { naiveRetrieval } from "./naiveRetrieval";

/** Combinations of align settings that between them reach every head, loss and kind of positives. */
export const COMBINATIONS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["freeze-align, InfoNCE", {}],
  ["linear, sigmoid", { method: "linear", loss: "sigmoid" }],
  ["sail, its sigmoid, STRUCTURE", { method: "sail", structure: {} }],
  ["low-rank, masked positives", { method: "low-rank", positives: "masked" }],
  ["freeze-align, soft positives", { positives: "soft" }],
  ["linear, several captions", { method: "linear", positives: "several" }],
  ["sail, sigmoid, soft positives", { method: "sail", positives: "soft" }],
  [
    "freeze-align beside low-rank, STRUCTURE by Jensen-Shannon over three levels",
    {
      projectors: { text: "low-rank" },
      structure: { divergence: "jensen-shannon", levels: 3, ramp: 0 },
    },
  ],
  ["linear images, locked texts", { method: "linear", projectors: { text: "identity" } }],
  [
    "locked images, corpus negatives, STRUCTURE",
    { projectors: { image: "identity" }, negatives: "corpus", structure: { ramp: 0 } },
  ],
  [
    "locked texts, corpus negatives, several captions",
    { projectors: { text: "identity" }, negatives: "corpus", positives: "several" },
  ],
];

/** Training pairs of which every three in turn belong together (captions of one picture, say). */
export function relatedPairs(options: LatentOptions): AlignmentData {
  const data = latentData(options);
  const component = data.pairs.component.map((i) => Math.floor(i / 3));
  return { ...data, pairs: { ...data.pairs, component } };
}

/** A recipe with these align settings, at width 8. */
export const recipeOf = (align: object = {}) =>
  resolveRecipe({ version: 1, data: { project: "p" }, align: { dimension: 8, ...align } });

/** What a trainer needs for one of `COMBINATIONS` over small data, 20 steps at batch 16. */
export function trainerOptions(
  align: Record<string, unknown>,
  change: Partial<TrainerOptions> = {},
): TrainerOptions {
  const { align: settings } = recipeOf(align);
  const data = change.data ?? relatedPairs({ train: 60 });
  return { data, settings, training: trainingOf(align, data), device: "wasm", ...change };
}

/** 20 steps at batch 16; dimension that of a locked side. */
export function trainingOf(
  align: Record<string, unknown>,
  data: AlignmentData,
  change: Partial<ResolvedTraining> = {},
): ResolvedTraining {
  const { projectors } = recipeOf(align).align;
  const locked = (["image", "text"] as const).find((side) => projectors[side] === "identity");
  return {
    steps: 20,
    batchSize: 16,
    fuseMix: false,
    dimension: locked ? data[locked].cols : 8,
    dropout: 0.1,
    patience: null,
    ...change,
  };
}

/** Options of a `trainRun` over a fake clock that moves 1 s per reading, and what it reports. */
export function trainRunOptions(
  data: AlignmentData,
  change: Pick<TrainRunOptions, "recipe" | "training"> & Partial<TrainRunOptions>,
) {
  const points: HistoryPoint[] = [];
  const checkpoints: Checkpoint[] = [];
  let now = 0;
  const options: TrainRunOptions = {
    runId: "run",
    data,
    device: "wasm",
    signal: new AbortController().signal,
    isFinishing: () => false,
    evaluate: naiveRetrieval,
    onPoint: (point) => points.push(point),
    onCheckpoint: (checkpoint) => Promise.resolve(void checkpoints.push(checkpoint)),
    clock: () => (now += 1_000),
    ...change,
  };
  return { options, points, checkpoints };
}
