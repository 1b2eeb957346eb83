import type { Split } from "../../core/domain/dataset";
import type { ClassifyRequest } from "../../core/domain/classification";
import { AppError } from "../../core/errors";
import { dot, matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { classVectors } from "../../core/metrics/zeroShot";
import type { DatasetStore } from "../../core/ports";
import type { Space } from "./space";

/** The images of some splits against labels: what a classification and a look at one label share. */
export interface LabelledImages {
  /** Rows of the images' gallery. [N] */
  readonly rows: Uint32Array;
  /** [labels, P] */
  readonly classes: Matrix;
  /** Index of the true label of every row of the gallery, -1 where it has none; null: not asked. */
  readonly truths: Int32Array | null;
  readonly softmax: Softmax;
}

/** What makes a score a probability: p = exp(scale · (score − highest)) / sum. [N] each */
export interface Softmax {
  readonly highest: Float64Array;
  readonly sums: Float64Array;
}

interface LabelOptions {
  readonly datasets: DatasetStore;
  /** Told the probabilities of the labels for every image; the array is used again for the next. */
  readonly visit?: (image: number, probabilities: Float64Array) => void;
}

// Of the last labels on a space: looking at one after another then costs one label each.
const remembered = new WeakMap<Space, { readonly key: string; readonly images: LabelledImages }>();

/**
 * The images of some splits against the labels' directions in the shared space.
 *
 * @throws AppError `data/too-few` without labels or images, `embeddings/width`, `data/non-finite`.
 */
export async function labelImages(
  space: Space,
  request: ClassifyRequest,
  { datasets, visit }: LabelOptions,
): Promise<LabelledImages> {
  const { labels, vectors, templates, splits } = request;
  const classes = await labelDirections(space, vectors, {
    labels: labels.length,
    templates: templates.length,
  });
  const { items } = space.gallery.galleries.image;
  const rows = Uint32Array.from(items.keys()).filter((r) => splits.includes(splitOf(space, r)));
  if (rows.length === 0) throw new AppError("data/too-few", "no images in these splits");
  const truths = await trueLabels(space, datasets, request);
  const given = takeRows(space.vectors("image"), rows);
  const softmax = softmaxOver(given, { classes, scale: space.logitScale, visit });
  const images = { rows, classes, truths, softmax };
  remembered.set(space, { key: keyOf(request), images });
  return images;
}

/** What `labelImages` gave for the same words last; undefined where others came since. */
export function rememberedImages(
  space: Space,
  request: ClassifyRequest,
): LabelledImages | undefined {
  const last = remembered.get(space);
  return last?.key === keyOf(request) ? last.images : undefined;
}

/** Split of a row of the images' gallery. */
export function splitOf({ gallery }: Space, r: number): Split {
  return gallery.splits.image[gallery.galleries.image.items[r]!]!;
}

/**
 * One direction per label in the shared space: the mean of its prompts. [labels, P]
 *
 * @param vectors [labels × templates, D] raw text embeddings, label-major.
 * @throws AppError `data/too-few` without labels, `embeddings/width`.
 */
export async function labelDirections(
  space: Space,
  vectors: Float32Array<ArrayBuffer>,
  { labels, templates }: { readonly labels: number; readonly templates: number },
): Promise<Matrix> {
  if (labels === 0) throw new AppError("data/too-few", "no labels");
  const count = labels * templates;
  const prompts = matrix(count, vectors.length / count, vectors);
  return classVectors(await space.project("text", prompts), templates);
}

interface SoftmaxOptions {
  /** [labels, P] */
  readonly classes: Matrix;
  /** The trained logit scale. */
  readonly scale: number;
  readonly visit?: LabelOptions["visit"];
}

/** Softmax over the labels at the trained logit scale, image by image. @throws `data/non-finite`. */
export function softmaxOver(images: Matrix, { classes, scale, visit }: SoftmaxOptions): Softmax {
  const [highest, sums] = [new Float64Array(images.rows), new Float64Array(images.rows)];
  const scores = new Float64Array(classes.rows);
  for (let i = 0; i < images.rows; i++) {
    for (let c = 0; c < scores.length; c++) scores[c] = dot(row(images, i), row(classes, c));
    if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "label scores");
    const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    let sum = 0;
    for (let c = 0; c < scores.length; c++)
      sum += scores[c] = Math.exp(scale * (scores[c]! - best));
    [highest[i], sums[i]] = [best, sum];
    if (!visit) continue;
    for (let c = 0; c < scores.length; c++) scores[c] = scores[c]! / sum;
    visit(i, scores);
  }
  return { highest, sums };
}

/** Index of each gallery image's true label, -1 where it has none or another one. */
async function trueLabels(
  { gallery }: Space,
  datasets: DatasetStore,
  { labels, truth }: ClassifyRequest,
): Promise<Int32Array | null> {
  if (!truth) return null;
  const items = await datasets.items(gallery.projectId, "image");
  return Int32Array.from(gallery.galleries.image.items, (item) =>
    labels.indexOf(items[item]?.labels?.[truth] ?? ""),
  );
}

const keyOf = ({ labels, templates, truth, splits }: ClassifyRequest) =>
  JSON.stringify([labels, templates, truth, splits]);
