import type { Split } from "../../core/domain/dataset";
import type { Estimate, ZeroShotResult } from "../../core/domain/evaluation";
import { AppError } from "../../core/errors";
import { dot, matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { classScores, confusionOf } from "../../core/metrics/confusion";
import {
  nearestClassMeanCeiling,
  nearestNeighboursCeiling,
} from "../../core/metrics/featureCeilings";
import { classVectors, zeroShot } from "../../core/metrics/zeroShot";
import type { DatasetStore } from "../../core/ports";
import type { Space } from "./space";

const SEED = 0; // of the bootstrap interval: the same question gives the same interval
const MOST_SHOWN = 200; // classes in a confusion matrix: 160 KB in every stored run

export interface ClassifyRequest {
  readonly projectId: string;
  readonly labels: readonly string[];
  /** [labels × templates, D] raw text embeddings, label-major. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** The templates themselves, as the result names them. */
  readonly templates: readonly string[];
  /** Label column with the truth, or null. */
  readonly truth: string | null;
  readonly splits: readonly Split[];
}

export interface ClassifiedItem {
  readonly item: number;
  readonly split: Split;
  /** Index into `labels`. */
  readonly label: number;
  /** Softmax over the labels at the trained logit scale. */
  readonly probability: number;
  /** Index of the true label, or -1 when unknown. */
  readonly truth: number;
}

/**
 * Zero-shot classification of the images of some splits: the nearest label in the shared space.
 *
 * @throws AppError `data/too-few` without labels or images, `data/non-finite`.
 */
export async function classify(space: Space, datasets: DatasetStore, request: ClassifyRequest) {
  const { labels, vectors, templates, splits, truth } = request;
  if (labels.length === 0) throw new AppError("data/too-few", "no labels");
  const count = labels.length * templates.length;
  const prompts = matrix(count, vectors.length / count, vectors);
  const classes = classVectors(await space.project("text", prompts), templates.length);
  const gallery = space.gallery.galleries.image;
  const splitOf = (r: number) => space.gallery.splits.image[gallery.items[r]!]!;
  const rows = Uint32Array.from(gallery.items.keys()).filter((r) => splits.includes(splitOf(r)));
  if (rows.length === 0) throw new AppError("data/too-few", "no images in these splits");
  const truths = truth ? await trueLabels(space, datasets, request, truth) : undefined;
  const images = takeRows(space.vectors("image"), rows);
  const items = Array.from(rows, (r, i): ClassifiedItem => {
    const best = bestLabel(row(images, i), classes, space.logitScale);
    const item = gallery.items[r]!;
    return { item, split: splitOf(r), ...best, truth: truths?.[r] ?? -1 };
  });
  const counts = labels.map((_, label) => items.filter((item) => item.label === label).length);
  const known = rows.filter((r) => (truths?.[r] ?? -1) >= 0);
  const score =
    truths && known.length > 0 ? scoreOf(space, classes, { truths, known }, request) : null;
  return { step: space.step, items, counts, score, chance: score && chanceOf(labels.length) };
}

/** Index of each gallery image's true label, -1 where it has none or another one. */
async function trueLabels(
  space: Space,
  datasets: DatasetStore,
  { projectId, labels }: ClassifyRequest,
  column: string,
): Promise<Int32Array> {
  const items = await datasets.items(projectId, "image");
  return Int32Array.from(space.gallery.galleries.image.items, (item) =>
    labels.indexOf(items[item]?.labels?.[column] ?? ""),
  );
}

function bestLabel(image: Float32Array, classes: Matrix, logitScale: number) {
  const scores = Float64Array.from({ length: classes.rows }, (_, c) => dot(image, row(classes, c)));
  if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "label scores");
  const label = scores.indexOf(Math.max(...scores));
  const sum = scores.reduce((n, score) => n + Math.exp(logitScale * (score - scores[label]!)), 0);
  return { label, probability: 1 / sum };
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
