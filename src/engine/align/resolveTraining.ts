import type { PairTable } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/recipe";
import type { ResolvedTraining } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import { pairsByComponent } from "./sampler";

const MAX_BATCH = 1_024; // 4 MB of logits; larger batches did not help freeze-align either
const FUSE_MIX_BELOW = 10_000; // pairs
const PASSES = 250; // over the training components; 320 steps on the emoji sample

/**
 * The numbers `auto` stands for: batch = unrelated training pairs, at most 1,024, even; FuseMix
 * below 10,000 pairs; steps = 250 passes over the training components, from 300 to 5,000.
 *
 * A given batch size is lowered to the training components there are, since a batch takes each at
 * most once.
 *
 * @throws AppError `data/too-few` below two unrelated training pairs (four for FuseMix).
 */
export function resolveTraining(settings: AlignSettings, pairs: PairTable): ResolvedTraining {
  const components = pairsByComponent(pairs, "train").length;
  const trainPairs = pairs.split.reduce((n, split) => n + Number(split === "train"), 0);
  const fuseMix = settings.fuseMix === "auto" ? trainPairs < FUSE_MIX_BELOW : settings.fuseMix;
  const needed = fuseMix ? 4 : 2;
  if (components < needed) {
    const detail = `${components} unrelated training pairs; training needs ${needed}`;
    throw new AppError("data/too-few", detail);
  }
  const wanted = settings.batchSize === "auto" ? MAX_BATCH : settings.batchSize;
  const batchSize = Math.max(2 * Math.floor(Math.min(components, wanted) / 2), needed);
  const automatic = Math.round((PASSES * components) / batchSize);
  const steps = settings.steps === "auto" ? clamp(automatic, 300, 5_000) : settings.steps;
  return { steps, batchSize, fuseMix, dimension: settings.dimension };
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
