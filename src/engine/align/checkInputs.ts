import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Item } from "../../core/domain/dataset";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { trainingComponents } from "../../core/domain/trainingSubset";
import { AppError } from "../../core/errors";
import { row, type Matrix } from "../../core/math/matrix";

/** Fewer training pairs than this and neither a closed form nor a batch means anything. */
const MINIMUM_PAIRS = 10;

/** Who stands behind the rows, to be named in an error. */
type Behind = Readonly<Record<AlignedModality, readonly Item[]>>;

/**
 * Refuses data on which no method can learn, before any time is spent on it.
 *
 * Only items of pairs are looked at: a broken embedding of an excluded pair harms nobody.
 *
 * @throws AppError `data/too-few` below 10 training pairs, `embeddings/non-finite`,
 *   `embeddings/constant`, `data/equal-captions`, `data/one-group`.
 */
export function checkInputs(data: AlignmentData, items?: Behind): void {
  const { pairs } = data;
  const training = Array.from(pairs.split.keys()).filter((p) => pairs.split[p] === "train");
  if (training.length < MINIMUM_PAIRS) {
    const detail = `${counted(training.length, "training pair")}; at least ${MINIMUM_PAIRS} are needed`;
    throw new AppError("data/too-few", detail);
  }
  for (const side of ALIGNED_MODALITIES) {
    checkFinite(data[side], pairs[side], { side, items: items?.[side] });
  }
  const rows = { image: rowsOf(training, pairs.image), text: rowsOf(training, pairs.text) };
  if (rows.text.length === 1) {
    const caption = items?.text[rows.text[0]!]?.text;
    const detail = counted(training.length, "training pair");
    throw new AppError("data/equal-captions", caption ? `“${caption}”, ${detail}` : detail);
  }
  for (const side of ALIGNED_MODALITIES) checkVaries(data[side], rows[side], side);
  if (trainingComponents(pairs).length < 2) {
    const [images, captions] = [counted(rows.image.length, "picture"), rows.text.length];
    const detail = `${training.length} pairs of ${images} and ${counted(captions, "caption")}`;
    throw new AppError("data/one-group", detail);
  }
}

const rowsOf = (pairs: readonly number[], column: Uint32Array) => [
  ...new Set(pairs.map((p) => column[p]!)),
];

function checkFinite(
  rows: Matrix,
  used: Uint32Array,
  { side, items }: { side: AlignedModality; items: readonly Item[] | undefined },
): void {
  for (const r of new Set(used)) {
    const at = firstBroken(row(rows, r));
    if (at < 0) continue;
    const source = items?.[r]?.source;
    const where = `${side} ${r + 1} of ${rows.rows}${source ? `, ${source}` : ""}`;
    const value = String(row(rows, r)[at]);
    throw new AppError("embeddings/non-finite", `${where}: ${value} at dimension ${at + 1}`);
  }
}

// A plain loop: 100,000 rows of 1,280 numbers are looked at before every training.
function firstBroken(vector: Float32Array): number {
  for (let d = 0; d < vector.length; d++) if (!Number.isFinite(vector[d])) return d;
  return -1;
}

function checkVaries(rows: Matrix, used: readonly number[], side: AlignedModality): void {
  const first = row(rows, used[0]!);
  if (used.some((r) => row(rows, r).some((value, d) => value !== first[d]))) return;
  const equal = used.length === 1 ? "is only one" : `are ${used.length}, all equal`;
  const detail = `the training pairs have ${side} embeddings, but there ${equal}`;
  throw new AppError("embeddings/constant", detail);
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
