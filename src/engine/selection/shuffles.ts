import { SIMILARITY_MEASURES, type SimilarityMeasure } from "../../core/domain/comparison";
import { sideBySide, takeRows, type Matrix } from "../../core/math/matrix";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import type { CkaSide } from "../../core/metrics/cka";
import { mutualKnnOfMany, type Neighbours } from "../../core/metrics/mutualKnn";
import { shuffledCka, type LeadingPart } from "../../core/metrics/shuffledCka";
import { breathe } from "../align/breathe";
import * as tf from "../align/tf";

/** Everything about one embedding set that comparing it needs. */
export interface PreparedSet {
  readonly side: CkaSide;
  readonly part: LeadingPart;
  readonly neighbours: Neighbours;
}

export interface ShuffleOptions {
  readonly permutations: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onShuffle?: () => void;
}

/** The same similarities under K shuffles: for each measure, [cells] of [K], cells row-major. */
export type Nulls = Readonly<Record<SimilarityMeasure, readonly Float64Array[]>>;

/**
 * Every similarity of an image set with a text set after the pairs are shuffled, K times.
 *
 * A shuffle is the same for all sets, so that the best of a shuffle can be taken. Of a shuffle only
 * what changes is computed: which neighbours are common, and one product of the leading parts of
 * all sets at once, [Σ r_image, n] by [n, Σ r_text].
 *
 * @throws AppError `cancelled`.
 */
export async function shuffledSimilarities(
  images: readonly PreparedSet[],
  texts: readonly PreparedSet[],
  options: ShuffleOptions,
): Promise<Nulls> {
  const { permutations, seed } = options;
  const column = () => new Float64Array(permutations);
  const nulls = Object.fromEntries(
    SIMILARITY_MEASURES.map((name) => [name, images.flatMap(() => texts.map(column))]),
  ) as Record<SimilarityMeasure, Float64Array[]>; // every measure is a key
  const imageParts = sideBySide(images.map(({ part }) => part.scores));
  const textParts = sideBySide(texts.map(({ part }) => part.scores));
  const left = tf.tidy(() => tf.transpose(tensorOf(imageParts)) as tf.Tensor2D);
  const imageNeighbours = images.map(({ neighbours }) => neighbours);
  try {
    for (let b = 0; b < permutations; b++) {
      await breathe(options.signal);
      const order = permutation(textParts.rows, rng(seedFrom(seed, "shuffle", b)));
      const products = await multiply(left, takeRows(textParts, order));
      texts.forEach((text, t) => {
        const common = mutualKnnOfMany(imageNeighbours, text.neighbours, order);
        images.forEach((image, i) => {
          const cell = i * texts.length + t;
          const product = blockEnergy(products, textParts.cols, {
            rows: spanOf(images, i),
            cols: spanOf(texts, t),
          });
          nulls.mutualKnn[cell]![b] = common[i]!;
          nulls.cka[cell]![b] = shuffledCka(image, text, product, order);
        });
      });
      options.onShuffle?.();
    }
  } finally {
    left.dispose();
  }
  return nulls;
}

const tensorOf = ({ data, rows, cols }: Matrix) => tf.tensor2d(data, [rows, cols]);

async function multiply(left: tf.Tensor2D, right: Matrix): Promise<Float32Array> {
  const product = tf.tidy(() => tf.matMul(left, tensorOf(right)));
  try {
    return (await product.data()) as Float32Array; // of a float32 tensor
  } finally {
    product.dispose();
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the part of set `at` lies among those side by side. */
function spanOf(sets: readonly PreparedSet[], at: number): Span {
  const widths = sets.map(({ part }) => part.scores.cols);
  const from = widths.slice(0, at).reduce((sum, width) => sum + width, 0);
  return { from, to: from + widths[at]! };
}

function blockEnergy(
  products: Float32Array,
  stride: number,
  { rows, cols }: { readonly rows: Span; readonly cols: Span },
): number {
  let sum = 0;
  for (let p = rows.from; p < rows.to; p++) {
    for (let q = cols.from; q < cols.to; q++) sum += products[p * stride + q]! ** 2;
  }
  return sum;
}
