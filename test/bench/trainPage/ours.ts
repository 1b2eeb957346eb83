import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { Device } from "../../../src/core/domain/encoder";
import { defaultRecipe } from "../../../src/core/domain/recipe";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import type * as tf from "../../../src/engine/align/tf";
import { openTrainer } from "../../../src/engine/align/trainer";
import { DIMENSION, WIDTHS } from "./shapes";

/** One way to do a training step. */
export interface Contestant {
  /** The loss, perhaps still on the device; the caller disposes of it. */
  step(): Promise<tf.Scalar>;
  close(): void;
}

/** The trainer of this page: sampling, dropout, both heads, InfoNCE, AdamW. */
export function openOurs(batch: number, device: Device): Contestant {
  const trainer = openTrainer({
    data: randomData(4 * batch),
    settings: defaultRecipe({ project: "bench" }).align,
    training: {
      steps: 1_000,
      batchSize: batch,
      fuseMix: false,
      dimension: DIMENSION,
      dropout: 0.1,
      patience: null,
    },
    device,
  });
  let index = 0;
  return { step: () => trainer.step(index++), close: () => trainer.dispose() };
}

function randomData(items: number): AlignmentData {
  const random = rng(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = (cols: number): Matrix =>
    matrix(items, cols, Float32Array.from({ length: items * cols }, normal));
  const numbers = Uint32Array.from({ length: items }, (_, i) => i);
  return {
    image: rows(WIDTHS.image),
    text: rows(WIDTHS.text),
    pairs: {
      length: items,
      image: numbers,
      text: numbers,
      split: Array.from(numbers, () => "train" as const),
      component: numbers,
    },
  };
}
