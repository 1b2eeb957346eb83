import type { QueryRanks } from "../domain/evaluation";
import type { AlignedModality } from "../domain/modality";
import { matrix, row, type Matrix } from "../math/matrix";
import { mutualFirstHitRanks } from "./retrieval";
import type { MutualRelevance } from "./relevance";
import { forEachScores } from "./scoreBlocks";

const NEIGHBOURS = 10; // as in the paper, which found 5 to 50 to make no difference

/**
 * Ranks of the first hit with scores corrected for hubs (cross-domain similarity local scaling).
 *
 *   csls(a, b) = 2 a·b − r(a) − r(b)
 *
 * where r(a) is the mean score of `a` with its 10 nearest items of the other modality, so an item
 * near to everything gains nothing by it. With fewer than 10 items all are its neighbours. Ties
 * count against the query, as in `mutualFirstHitRanks`. Costs two passes over the scores.
 *
 * @param images [N_image, P] in the shared space; `texts` [N_text, P].
 * @throws AppError `data/shape`, `data/non-finite`, or `data/no-match`.
 *
 * Source: Conneau, Lample, Ranzato, Denoyer and Jégou, ICLR 2018, arXiv 1710.04087, equation 3.
 */
export function cslsRanks(images: Matrix, texts: Matrix, relevance: MutualRelevance): QueryRanks {
  const means = meanNearestScores(images, texts, NEIGHBOURS);
  const { image, text } = cslsSides({ image: images, text: texts }, means);
  return mutualFirstHitRanks(image, text, relevance);
}

/**
 * Both sides such that a plain dot product is the corrected score, so that the ordinary ranking does
 * the rest: [2a, −r(a), 1] · [b, 1, −r(b)].
 *
 * @param sides [N, P] each; `means` r of every row.
 * @returns [N, P + 2] each.
 */
export function cslsSides(
  { image, text }: Readonly<Record<AlignedModality, Matrix>>,
  means: Readonly<Record<AlignedModality, Float64Array>>,
): Record<AlignedModality, Matrix> {
  const doubled = matrix(
    image.rows,
    image.cols,
    image.data.map((value) => 2 * value),
  );
  return {
    image: withColumns(doubled, (i) => [-means.image[i]!, 1]),
    text: withColumns(text, (j) => [1, -means.text[j]!]),
  };
}

/** Mean score of every item with its `k` best of the other modality (all, where fewer). */
export function meanNearestScores(images: Matrix, texts: Matrix, k: number) {
  const image = new BestScores(images.rows, Math.min(k, texts.rows));
  const text = new BestScores(texts.rows, Math.min(k, images.rows));
  forEachScores(images, texts, (scores, width, i0, height, j0) => {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const score = scores[i * width + j]!;
        image.add(i0 + i, score);
        text.add(j0 + j, score);
      }
    }
  });
  return { image: image.means(), text: text.means() };
}

/** The k highest scores of each of n items, highest first. */
class BestScores {
  readonly #k: number;
  readonly #best: Float64Array;

  constructor(items: number, k: number) {
    this.#k = k;
    this.#best = new Float64Array(items * k).fill(-Infinity);
  }

  add(item: number, score: number): void {
    const start = item * this.#k;
    let at = start + this.#k - 1;
    if (!(score > this.#best[at]!)) return;
    for (; at > start && this.#best[at - 1]! < score; at--) this.#best[at] = this.#best[at - 1]!;
    this.#best[at] = score;
  }

  /** Summed highest first, so equal items have equal means to the bit and stay ties. */
  means(): Float64Array {
    const k = this.#k;
    return Float64Array.from({ length: this.#best.length / k }, (_, item) => {
      let sum = 0;
      for (let at = item * k; at < (item + 1) * k; at++) sum += this.#best[at]!;
      return sum / k;
    });
  }
}

function withColumns(m: Matrix, valuesOf: (i: number) => [number, number]): Matrix {
  const out = matrix(m.rows, m.cols + 2);
  for (let i = 0; i < m.rows; i++) {
    out.data.set(row(m, i), i * out.cols);
    out.data.set(valuesOf(i), i * out.cols + m.cols);
  }
  return out;
}
