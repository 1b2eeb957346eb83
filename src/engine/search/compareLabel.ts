import type { CompareLabelRequest, LabelComparison } from "../../core/domain/classification";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import { dot, row } from "../../core/math/matrix";
import { bestF1, precisionRecall } from "../../core/metrics/precisionRecall";
import type { DatasetStore } from "../../core/ports";
import { labelImages, rememberedImages, type LabelledImages } from "./labelImages";
import type { Space } from "./space";

const MOST_POINTS = 400; // of a curve; more than a screen has pixels for

/**
 * One label of a classification against all others: its probability for every image, and what a
 * threshold on it gives. Right after `classify` with the same words it costs one label's scores.
 *
 * @throws AppError `data/shape` for a label that is not asked; as `labelImages`.
 */
export async function compareLabel(
  space: Space,
  datasets: DatasetStore,
  request: CompareLabelRequest,
): Promise<LabelComparison> {
  const { label, labels } = request;
  if (!(label in labels)) throw new AppError("data/shape", `label ${label} of ${labels.length}`);
  const images =
    rememberedImages(space, request) ?? (await labelImages(space, request, { datasets }));
  const probabilities = probabilitiesOf(space, images, label);
  return { label, probabilities, curve: curveOf(images, label, probabilities) };
}

function probabilitiesOf(
  space: Space,
  { rows, classes, softmax }: LabelledImages,
  label: number,
): Float64Array<ArrayBuffer> {
  const vectors = space.vectors("image");
  const direction = row(classes, label);
  return Float64Array.from(rows, (r, i) => {
    const score = dot(row(vectors, r), direction);
    return Math.exp(space.logitScale * (score - softmax.highest[i]!)) / softmax.sums[i]!;
  });
}

function curveOf(
  { rows, truths }: LabelledImages,
  label: number,
  probabilities: Float64Array,
): LabelComparison["curve"] {
  const truthOf = (i: number) => truths?.[rows[i]!] ?? -1;
  const known = Uint32Array.from(rows.keys()).filter((i) => truthOf(i) >= 0);
  const positive = Uint8Array.from(known, (i) => Number(truthOf(i) === label));
  if (!positive.includes(1)) return null;
  const curve = precisionRecall(
    Float64Array.from(known, (i) => probabilities[i]!),
    positive,
  );
  const best = bestF1(curve);
  const spaced = evenlySpaced(curve.points.length, MOST_POINTS);
  const points = Array.from(spaced, (i) => curve.points[i]!);
  if (!points.includes(best)) points.push(best);
  points.sort((a, b) => b.threshold - a.threshold);
  return { ...curve, points, best };
}
