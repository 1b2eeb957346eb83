import type { ShiftFinding } from "../../core/domain/diagnosis";
import {
  meanDiagonal,
  normalizeRows64,
  row64,
  takeRows64,
  transpose,
  type Matrix64,
} from "../../core/math/linalg/matrix64";
import { gram, timesTransposed } from "../../core/math/linalg/product";
import { dot } from "../../core/math/matrix";
import { breathe } from "../align/breathe";
import { ridgeMap } from "../align/solvers/ridge";

/** Furthest shift looked at, in rows, either way; as engine/checking/rowOffset.ts. */
const MAX_OFFSET = 5;
const LEAST_ROWS = 60;
const MOST_ROWS = 2_000; // of the middle of the table: a shift holds for all of it
const BLOCKS = 20; // fitted on every other block, judged on the rest, then the other way round
const LAMBDA = 0.3; // the default of ridge; the verdict compares offsets, not models
const CLEAR = 4; // standard errors by which the best offset must beat no offset and all others

/** The images of a table's rows and their captions, by row of each side, in the table's order. */
export interface TableRows {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
}

/**
 * Whether the captions of a table belong to images a constant number of rows away.
 *
 * For every offset a ridge is fitted anew on half of the table, shifted, and judged on the other
 * half by how far a row's caption beats the captions around it:
 *
 *   contrast = cos(prediction, caption) − mean cos(prediction, other captions at most 5 rows away)
 *
 * Only the contrast is looked at because tables are sorted by topic: a neighbour's caption fits
 * nearly as well as the own one, so a fit on a shifted table looks good in plain cosine. An offset
 * is reported when its contrast beats that of every other by four standard errors of the rows'
 * differences.
 *
 * @param image [I, r] and `text` [T, s], centred.
 * @returns null below 60 rows.
 * @throws AppError `cancelled`, `data/degenerate`.
 */
export async function findShift(
  image: Matrix64,
  text: Matrix64,
  table: TableRows,
  signal?: AbortSignal,
): Promise<ShiftFinding | null> {
  const usable = table.image.length - 2 * MAX_OFFSET;
  if (usable < LEAST_ROWS) return null;
  const count = Math.min(MOST_ROWS, usable);
  const start = MAX_OFFSET + ((usable - count) >> 1);
  const rows = Array.from({ length: count }, (_, k) => start + k);
  const halves = [0, 1].map((half) =>
    rows.filter((_, k) => Math.floor((k * BLOCKS) / count) % 2 === half),
  );
  const units = normalizeRows64(text);
  const images = halves.map((half) =>
    takeRows64(
      image,
      half.map((r) => table.image[r]!),
    ),
  );
  const columns = images.map(transpose);
  const covariances = columns.map(gram);
  const contrasts: { offset: number; values: number[] }[] = [];
  for (let offset = -MAX_OFFSET; offset <= MAX_OFFSET; offset++) {
    await breathe(signal);
    const values = [0, 1].flatMap((half) => {
      const other = 1 - half;
      const captions = takeRows64(
        text,
        halves[half]!.map((r) => table.text[r + offset]!),
      );
      const cross = timesTransposed(transpose(captions), columns[half]!);
      const covariance = covariances[half]!;
      const map = ridgeMap(covariance, cross, LAMBDA * meanDiagonal(covariance));
      const predicted = normalizeRows64(timesTransposed(images[other]!, map));
      return halves[other]!.map((r, k) =>
        contrast(row64(predicted, k), units, table.text, r + offset),
      );
    });
    contrasts.push({ offset, values });
  }
  const best = contrasts.reduce((top, own) => (mean(own.values) > mean(top.values) ? own : top));
  const isClear = contrasts.every((own) => own === best || beats(best.values, own.values));
  return {
    offset: isClear ? best.offset : 0,
    scores: contrasts.map(({ offset, values }) => ({ offset, contrast: mean(values) })),
  };
}

/** How far the caption at row `r` beats the different captions around it. */
function contrast(predicted: Float64Array, units: Matrix64, texts: Uint32Array, r: number): number {
  const own = texts[r]!;
  let [sum, count] = [0, 0];
  for (let k = r - MAX_OFFSET; k <= r + MAX_OFFSET; k++) {
    const other = texts[k];
    if (other === undefined || other === own) continue;
    sum += dot(predicted, row64(units, other));
    count++;
  }
  return count > 0 ? dot(predicted, row64(units, own)) - sum / count : 0;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function beats(a: readonly number[], b: readonly number[]): boolean {
  const differences = a.map((value, k) => value - b[k]!);
  const gain = mean(differences);
  const variance = mean(differences.map((value) => (value - gain) ** 2));
  return gain > CLEAR * Math.sqrt(variance / differences.length);
}
