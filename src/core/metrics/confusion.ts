import type { ClassScore } from "../domain/evaluation";
import { AppError } from "../errors";

/**
 * How often each class was taken for each: row-major [true, predicted].
 *
 * @param truth [N] in [0, classes); `predictions` likewise.
 * @throws AppError `data/shape` when the lengths differ or a class is out of range.
 */
export function confusionOf(
  truth: Int32Array,
  predictions: Int32Array,
  classes: number,
): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(classes * classes);
  if (truth.length !== predictions.length) {
    throw new AppError("data/shape", `${truth.length} items, ${predictions.length} predictions`);
  }
  truth.forEach((own, i) => {
    const predicted = predictions[i]!;
    if (Math.min(own, predicted) < 0 || Math.max(own, predicted) >= classes) {
      throw new AppError("data/shape", `item ${i}: class ${own}, predicted ${predicted}`);
    }
    counts[own * classes + predicted]!++;
  });
  return counts;
}

/** Items, recall and precision of every class; a class the test lacks has 0 items and no recall. */
export function classScores(names: readonly string[], confusion: Uint32Array): ClassScore[] {
  const n = names.length;
  return names.map((name, c) => {
    let [images, predicted] = [0, 0];
    for (let other = 0; other < n; other++) {
      images += confusion[c * n + other]!;
      predicted += confusion[other * n + c]!;
    }
    const right = confusion[c * n + c]!;
    return {
      name,
      images,
      recall: images > 0 ? right / images : null,
      precision: predicted > 0 ? right / predicted : null,
    };
  });
}
