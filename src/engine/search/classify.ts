import type {
  Classification,
  ClassifiedItem,
  ClassifyRequest,
  ClassifyVectorsRequest,
} from "../../core/domain/classification";
import type { Estimate, ZeroShotResult } from "../../core/domain/evaluation";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import { topK } from "../../core/math/topK";
import { classScores, confusionOf } from "../../core/metrics/confusion";
import {
  nearestClassMeanCeiling,
  nearestNeighboursCeiling,
} from "../../core/metrics/featureCeilings";
import { zeroShot } from "../../core/metrics/zeroShot";
import type { DatasetStore } from "../../core/ports";
import { labelDirections, labelImages, softmaxOver, splitOf } from "./labelImages";
import type { Space } from "./space";

const SEED = 0; // of the bootstrap interval: the same question gives the same interval
const MOST_SHOWN = 200; // classes in a confusion matrix: 160 KB in every stored run
const NAMED_LABELS = 3; // of an item: the best and two that came near

/**
 * Zero-shot classification of the images of some splits: the nearest label in the shared space.
 *
 * @throws AppError as `labelImages`.
 */
export async function classify(
  space: Space,
  datasets: DatasetStore,
  request: ClassifyRequest,
): Promise<Classification> {
  const { labels } = request;
  const best: NamedLabel[][] = [];
  const visit = (_: number, probabilities: Float64Array) => best.push(bestLabels(probabilities));
  const { rows, classes, truths } = await labelImages(space, request, { datasets, visit });
  const items = Array.from(rows, (r, i): ClassifiedItem => {
    const [first, ...next] = best[i]!;
    const item = space.gallery.galleries.image.items[r]!;
    return { item, split: splitOf(space, r), ...first!, next, truth: truths?.[r] ?? -1 };
  });
  const counts = labels.map((_, label) => items.filter((item) => item.label === label).length);
  const known = rows.filter((r) => (truths?.[r] ?? -1) >= 0);
  const score =
    truths && known.length > 0 ? scoreOf(space, classes, { truths, known }, request) : null;
  return { step: space.step, items, counts, score, chance: score && chanceOf(labels.length) };
}

/**
 * Probabilities of every label for pictures that are not of the project.
 *
 * @returns [images, labels], rows sum to 1.
 * @throws AppError `data/too-few` without labels, `embeddings/width`, `data/non-finite`.
 */
export async function classifyVectors(space: Space, request: ClassifyVectorsRequest) {
  const { labels, vectors, images, count } = request;
  const classes = await labelDirections(space, vectors, request);
  const projected = await space.project("image", matrix(count, images.length / count, images));
  const probabilities = new Float64Array(count * labels);
  const visit = (i: number, own: Float64Array) => probabilities.set(own, i * labels);
  softmaxOver(projected, { classes, scale: space.logitScale, visit });
  return { probabilities };
}

type NamedLabel = ClassifiedItem["next"][number];

/** The most probable labels, the first of equals first. */
function bestLabels(probabilities: Float64Array): NamedLabel[] {
  return Array.from(topK(probabilities, Math.min(NAMED_LABELS, probabilities.length)), (label) => ({
    label,
    probability: probabilities[label]!,
  }));
}

/** Index of the true label of every gallery row, and the rows it is known of. */
interface Truths {
  readonly truths: Int32Array;
  readonly known: Uint32Array;
}

function scoreOf(
  space: Space,
  classes: Matrix,
  { truths, known }: Truths,
  { labels, templates, truth: column }: ClassifyRequest,
): ZeroShotResult {
  const truth = Int32Array.from(known, (r) => truths[r]!);
  const images = takeRows(space.vectors("image"), known);
  const { predictions, top1, top5, macro } = zeroShot(images, classes, truth, { seed: SEED });
  const confusion = confusionOf(truth, predictions, classes.rows);
  return {
    label: column ?? "",
    classes: classes.rows,
    queries: known.length,
    top1,
    top5,
    macro,
    ...ceilingsOf(space, { truths, known }),
    templates,
    perClass: classScores(labels, confusion),
    confusion: classes.rows <= MOST_SHOWN ? confusion : null,
  };
}

/** What the frozen features alone give, from the training images the score does not use. */
function ceilingsOf(space: Space, { truths, known }: Truths) {
  const { raw, items } = space.gallery.galleries.image;
  const scored = new Set(known);
  const train = Uint32Array.from(items.keys()).filter(
    (r) => truths[r]! >= 0 && !scored.has(r) && space.gallery.splits.image[items[r]!] === "train",
  );
  if (train.length === 0) return { ceiling: null, knnCeiling: null };
  const labelsOf = (rows: Uint32Array) => Int32Array.from(rows, (r) => truths[r]!);
  const sides = [
    takeRows(raw, train),
    labelsOf(train),
    takeRows(raw, known),
    labelsOf(known),
  ] as const;
  return {
    ceiling: nearestClassMeanCeiling(...sides),
    knnCeiling: nearestNeighboursCeiling(...sides),
  };
}

function chanceOf(labels: number): Estimate {
  const value = 1 / labels;
  return { value, low: value, high: value };
}
