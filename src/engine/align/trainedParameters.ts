import type { AlignmentData } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { Pooling } from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import type { Projector, ProjectorPair, TensorData } from "../../core/domain/projector";
import type { Recipe } from "../../core/domain/recipe";
import type { ResolvedTraining } from "../../core/domain/run";
import type { Parameter } from "./adamW";
import type { Head, ParameterSpec } from "./projectors/head";
import { headOf } from "./projectors/heads";
import type * as tf from "./tf";

export type Poolings = Readonly<Record<AlignedModality, Pooling>>;

/** The poolings of a recipe's embeddings. A vector taken from a layer has none of its own. */
export const poolingsOf = ({ encoders }: Pick<Recipe, "encoders">): Poolings => ({
  image: encoders.image.layer === null ? encoders.image.pooling : "mean",
  text: encoders.text.layer === null ? encoders.text.pooling : "mean",
});

/** What embeddings of one vector per item count as. */
export const POOLED: Poolings = { image: "mean", text: "mean" };
export type Heads = Readonly<Record<AlignedModality, Head>>;
type Weights = Readonly<Record<string, TensorData>>;

const LOG_SCALE = "logScale";
const BIAS = "bias";
const MOST_SCALE = Math.log(100); // temperature 0.01
const LEAST_SCALE = { infonce: Math.log(2), sigmoid: 0 } as const; // temperature 0.5 and 1
const NARROW = 64; // widths up to here start softer, or the first losses are far above ln B

/** The head of each side, `auto` resolved; both are the method's own unless the recipe says else. */
export function headsOf({ projectors, method }: AlignSettings, poolings: Poolings): Heads {
  return {
    image: headOf(projectors.image, method, poolings.image),
    text: headOf(projectors.text, method, poolings.text),
  };
}

/** Whether a side is left as its encoder gives it. */
export const isLocked = ({ kind }: Head): boolean => kind === "identity";

/** The side that is not trained, or null. */
export function lockedSide(heads: Heads): AlignedModality | null {
  if (isLocked(heads.image)) return "image";
  return isLocked(heads.text) ? "text" : null;
}

/** Width of the shared space: the locked side's own, else the one asked for. */
export function sharedWidth(
  { dimension }: AlignSettings,
  heads: Heads,
  data: Pick<AlignmentData, AlignedModality>,
): number {
  const locked = lockedSide(heads);
  return locked ? data[locked].cols : dimension;
}

/** The loss in force: SAIL's is the sigmoid, which has no form over a corpus; all else InfoNCE. */
export function lossOf({ loss, method, negatives }: AlignSettings): "infonce" | "sigmoid" {
  if (loss !== "auto") return loss;
  return method === "sail" && negatives === "batch" ? "sigmoid" : "infonce";
}

interface TrainedOptions {
  readonly data: Pick<AlignmentData, AlignedModality>;
  readonly settings: AlignSettings;
  readonly training: ResolvedTraining;
  readonly heads: Heads;
}

/**
 * Everything under training: `image.*`, `text.*` (nothing for a locked side), the log of the logit
 * scale and, for the sigmoid loss, its bias.
 *
 * InfoNCE starts at a temperature of 0.07 (0.2 up to width 64). The sigmoid starts at scale 10 and
 * bias −ln(B − 1), so that the first mean probability is the share of right answers, 1 / B
 * (Zhai et al., ICCV 2023, arXiv 2303.15343, whose −10 suits batches of 22,000).
 */
export function trainedParameters({
  data,
  settings,
  training,
  heads,
}: TrainedOptions): readonly (ParameterSpec & Parameter)[] {
  const side = (modality: AlignedModality) =>
    heads[modality]
      .parameters(data[modality].cols, training.dimension, { expansion: settings.expansion })
      .map((spec) => ({ ...spec, name: `${modality}.${spec.name}`, clipGroup: modality }));
  const loss = lossOf(settings);
  const softest = training.dimension <= NARROW ? 5 : 1 / 0.07;
  const start = loss === "sigmoid" ? 10 : softest;
  const scale = {
    name: LOG_SCALE,
    shape: [],
    decayed: false,
    start: { constant: Math.log(start) },
    range: [LEAST_SCALE[loss], MOST_SCALE],
  } as const;
  const bias = {
    name: BIAS,
    shape: [],
    decayed: false,
    start: { constant: -Math.log(Math.max(rowsInLoss(training) - 1, 1)) },
  };
  return [...side("image"), ...side("text"), scale, ...(loss === "sigmoid" ? [bias] : [])];
}

/** Rows the loss of a batch compares: FuseMix makes one of two. */
export const rowsInLoss = ({ batchSize, fuseMix }: ResolvedTraining): number =>
  fuseMix ? batchSize / 2 : batchSize;

/** Tensors in the order of `parameters`, as the losses and heads take them. */
export interface NamedTensors {
  readonly image: Readonly<Record<string, tf.Tensor>>;
  readonly text: Readonly<Record<string, tf.Tensor>>;
  readonly logScale: tf.Scalar;
  /** Of the sigmoid loss. */
  readonly bias: tf.Scalar | null;
}

/** The tensors by side, under the names their heads know them by. */
export function nameTensors(
  parameters: readonly Parameter[],
  tensors: readonly tf.Tensor[],
): NamedTensors {
  const all = Object.fromEntries(parameters.map(({ name }, i) => [name, tensors[i] as tf.Tensor]));
  return {
    image: ofSide(all, "image"),
    text: ofSide(all, "text"),
    logScale: all[LOG_SCALE] as tf.Scalar,
    bias: (all[BIAS] as tf.Scalar | undefined) ?? null,
  };
}

/** The weights of a snapshot as the projectors of a run. */
export function projectorPair(
  weights: Weights,
  { data, training, heads }: Pick<TrainedOptions, "data" | "training" | "heads">,
  { runId, step }: { runId: string; step: number },
): ProjectorPair {
  const side = (modality: AlignedModality): Projector => ({
    kind: heads[modality].kind,
    modality,
    inputWidth: data[modality].cols,
    dimension: training.dimension,
    tensors: ofSide(weights, modality),
  });
  const logScale = weights[LOG_SCALE]?.data[0] ?? 0;
  return { runId, step, image: side("image"), text: side("text"), logitScale: Math.exp(logScale) };
}

const ofSide = <T>(all: Readonly<Record<string, T>>, modality: AlignedModality) =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(`${modality}.`))
      .map(([name, value]) => [name.slice(modality.length + 1), value]),
  );
