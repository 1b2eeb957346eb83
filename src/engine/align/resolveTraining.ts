import type { AlignmentData } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { ResolvedTraining } from "../../core/domain/run";
import type { RunWarning } from "../../core/domain/runWarning";
import { AppError } from "../../core/errors";
import { drawsFreely, pairsByComponent } from "./sampler";
import { headsOf, sharedWidth, POOLED, type Poolings } from "./trainedParameters";

const MAX_BATCH = 1_024; // 4 MB of logits, five such buffers in the backward pass
const FUSE_MIX_BELOW = 10_000; // pairs
// Over the training components. On the emoji sample (1,320 of them) 200 steps reach 53.7 % as the mean
// of six test recalls (3 seeds: 52.5 to 55.1), 320 steps 52.2 % (one seed); the best validation step
// was the 110th to 150th. Measured with test/bench/alignReference.ts.
const PASSES = 150;
const STEPS = { least: 200, most: 5_000 };
// At 300 components (3 seeds, run to the end) the best steps were the 40th, 30th and 40th of 200: this
// patience saves 60 to 70 steps there and changes no weights. With all components, best at the
// 180th, 180th and 100th, it never acts.
const PATIENCE = { share: 1 / 3, least: 100 };

/**
 * The numbers `auto` stands for:
 *
 * - batch: the unrelated training pairs there are (all pairs where positives are `masked` or
 *   `soft`), at most 1,024, even. A given size is lowered to them; `batchLowered` tells.
 * - steps: 150 passes over them, from 200 to 5,000.
 * - FuseMix: below 10,000 pairs, with `sampled` positives and negatives from the batch. A mixed pair
 *   belongs to two components and to no row of a corpus.
 * - dimension: that of a locked side where there is one.
 * - dropout: that of the method's heads, the larger one where they differ. (0.3 at 300 components
 *   gave +0.9, −1.1 and −0.1 points with three seeds: no reason for a rule by size.)
 * - patience: a third of the steps, at least 100.
 *
 * @throws AppError `data/too-few` below two unrelated training pairs (four for FuseMix),
 *   `align/unsupported` for methods without a head.
 */
export function resolveTraining(
  settings: AlignSettings,
  data: AlignmentData,
  poolings: Poolings = POOLED,
): ResolvedTraining {
  const { pairs } = data;
  const heads = headsOf(settings, poolings);
  const components = pairsByComponent(pairs, "train").length;
  const trainPairs = pairs.split.reduce((n, split) => n + Number(split === "train"), 0);
  const mixable = settings.positives === "sampled" && settings.negatives === "batch";
  const fuseMix =
    settings.fuseMix === "auto" ? mixable && trainPairs < FUSE_MIX_BELOW : settings.fuseMix;
  const needed = fuseMix ? 4 : 2;
  if (components < needed) {
    const detail = `${components} unrelated training pairs; training needs ${needed}`;
    throw new AppError("data/too-few", detail);
  }
  const units = drawsFreely(settings.positives) ? trainPairs : components;
  const wanted = settings.batchSize === "auto" ? MAX_BATCH : settings.batchSize;
  const batchSize = Math.max(2 * Math.floor(Math.min(units, wanted) / 2), needed);
  const automatic = clamp(Math.round((PASSES * units) / batchSize), STEPS.least, STEPS.most);
  const steps = settings.steps === "auto" ? automatic : settings.steps;
  const ownDropout = Math.max(heads.image.dropout, heads.text.dropout);
  const waiting = Math.max(Math.ceil(steps * PATIENCE.share), PATIENCE.least);
  return {
    steps,
    batchSize,
    fuseMix,
    dimension: sharedWidth(settings, heads, data),
    dropout: settings.dropout === "auto" ? ownDropout : settings.dropout,
    patience: settings.patience === "auto" ? waiting : settings.patience,
  };
}

/** The warning that belongs to a batch smaller than the recipe asks for, or null. */
export function batchLowered(
  { batchSize: asked }: AlignSettings,
  { batchSize }: ResolvedTraining,
): RunWarning | null {
  if (asked === "auto" || batchSize >= asked - 1) return null; // odd sizes lose one in any case
  return { code: "batch-lowered", detail: `${asked} asked for, ${batchSize} taken` };
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
