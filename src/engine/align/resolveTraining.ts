import type { PairTable } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { ResolvedTraining } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import { pairsByComponent } from "./sampler";

const MAX_BATCH = 1_024; // 4 MB of logits, five such buffers in the backward pass
const FUSE_MIX_BELOW = 10_000; // pairs
// Over the training components. On the emoji sample (1,320 of them) 200 steps reach 53.7 % as the mean
// of six test recalls (3 seeds: 52.5 to 55.1), 320 steps 52.2 % (one seed); the best validation step
// was the 110th to 150th. Measured with test/bench/alignReference.ts.
const PASSES = 150;
const STEPS = { least: 200, most: 5_000 };

/**
 * The numbers `auto` stands for: batch = unrelated training pairs, at most 1,024, even; FuseMix
 * below 10,000 pairs; steps = 150 passes over the training components, from 200 to 5,000.
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
  const steps =
    settings.steps === "auto" ? clamp(automatic, STEPS.least, STEPS.most) : settings.steps;
  const dropout = settings.dropout === "auto" ? 0.1 : settings.dropout;
  const patience = settings.patience === "auto" ? null : settings.patience;
  return { steps, batchSize, fuseMix, dimension: settings.dimension, dropout, patience };
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
