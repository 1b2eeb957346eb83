import type { Split } from "../../core/domain/dataset";
import type { Estimate, ZeroShotResult } from "../../core/domain/evaluation";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import { dot, matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { topK } from "../../core/math/topK";
import { classScores, confusionOf } from "../../core/metrics/confusion";
import {
  nearestClassMeanCeiling,
  nearestNeighboursCeiling,
} from "../../core/metrics/featureCeilings";
import { classVectors, zeroShot } from "../../core/metrics/zeroShot";
import type { DatasetStore } from "../../core/ports";
import { bestF1, precisionRecall } from "../../core/metrics/precisionRecall";
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
  /** Label to look at by itself, against all others; null: none. */
  readonly focus: number | null;
}

/** New pictures and the labels to choose from, as raw embeddings. */
export interface ClassifyVectorsRequest extends Pick<ClassifyRequest, "vectors" | "projectId"> {
  readonly labels: number;
  readonly templates: number;
  /** [images, D] */
  readonly images: Float32Array<ArrayBuffer>;
  readonly count: number;
}

export interface ClassifiedItem {
  readonly item: number;
  readonly split: Split;
  /** Index into `labels`. */
  readonly label: number;
  /** Softmax over the labels at the trained logit scale. */
  readonly probability: number;
  /** The next labels, best first. */
  readonly next: readonly { readonly label: number; readonly probability: number }[];
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
  const probabilities = labelProbabilities(images, classes, space.logitScale);
  const items = Array.from(rows, (r, i): ClassifiedItem => {
    const [best, ...next] = bestLabels(probabilitiesOf(probabilities, i, labels.length));
    const item = gallery.items[r]!;
    return { item, split: splitOf(r), ...best!, next, truth: truths?.[r] ?? -1 };
  });
  const counts = labels.map((_, label) => items.filter((item) => item.label === label).length);
  const known = rows.filter((r) => (truths?.[r] ?? -1) >= 0);
  const score =
    truths && known.length > 0 ? scoreOf(space, classes, { truths, known }, request) : null;
  const focus =
    request.focus === null
      ? null
      : focusOn(request.focus, items, { probabilities, labels: labels.length });
  return {
    step: space.step,
    items,
    counts,
    score,
    chance: score && chanceOf(labels.length),
    focus,
  };
}

/**
 * Probabilities of every label for pictures that are not of the project.
 *
 * @returns [images, labels], rows sum to 1.
 * @throws AppError `data/too-few` without labels, `embeddings/width`, `data/non-finite`.
 */
export async function classifyVectors(space: Space, request: ClassifyVectorsRequest) {
  const { labels, templates, vectors, images, count } = request;
  if (labels === 0) throw new AppError("data/too-few", "no labels");
  const prompts = matrix(labels * templates, vectors.length / (labels * templates), vectors);
  const classes = classVectors(await space.project("text", prompts), templates);
  const projected = await space.project("image", matrix(count, images.length / count, images));
  return { probabilities: labelProbabilities(projected, classes, space.logitScale) };
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

/** Softmax over the labels at the trained logit scale: [images × labels], image by image. */
function labelProbabilities(images: Matrix, classes: Matrix, logitScale: number) {
  const out = new Float64Array(images.rows * classes.rows);
  const scores = new Float64Array(classes.rows);
  for (let i = 0; i < images.rows; i++) {
    for (let c = 0; c < scores.length; c++) scores[c] = dot(row(images, i), row(classes, c));
    if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "label scores");
    const highest = scores.reduce((best, score) => Math.max(best, score), -Infinity);
    let sum = 0;
    for (let c = 0; c < scores.length; c++) {
      sum += scores[c] = Math.exp(logitScale * (scores[c]! - highest));
    }
    out.set(
      scores.map((score) => score / sum),
      i * scores.length,
    );
  }
  return out;
}

const probabilitiesOf = (probabilities: Float64Array, image: number, labels: number) =>
  probabilities.subarray(image * labels, (image + 1) * labels);

const NAMED_LABELS = 3; // of an item: the best and two that came near

/** The most probable labels, the first of equals first. */
function bestLabels(probabilities: Float64Array) {
  return Array.from(topK(probabilities, Math.min(NAMED_LABELS, probabilities.length)), (label) => ({
    label,
    probability: probabilities[label]!,
  }));
}

const MOST_POINTS = 400; // of a curve; more than a screen has pixels for

interface LabelProbabilities {
  /** [items × labels] */
  readonly probabilities: Float64Array;
  readonly labels: number;
}

/** One label against all others: its probability everywhere, and what a threshold on it gives. */
function focusOn(label: number, items: readonly ClassifiedItem[], all: LabelProbabilities) {
  const ofItems = Float64Array.from(items, (_, i) => all.probabilities[i * all.labels + label]!);
  const known = Uint32Array.from(items.keys()).filter((i) => items[i]!.truth >= 0);
  const positive = Uint8Array.from(known, (i) => Number(items[i]!.truth === label));
  if (!positive.includes(1)) return { label, probabilities: ofItems, curve: null };
  const curve = precisionRecall(
    Float64Array.from(known, (i) => ofItems[i]!),
    positive,
  );
  const best = bestF1(curve);
  const spaced = evenlySpaced(curve.points.length, MOST_POINTS);
  const points = Array.from(spaced, (i) => curve.points[i]!);
  if (!points.includes(best)) points.push(best);
  points.sort((a, b) => b.threshold - a.threshold);
  return { label, probabilities: ofItems, curve: { ...curve, points, best } };
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
