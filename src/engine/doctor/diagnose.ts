import type {
  CaptionPredictions,
  PairRanking,
  SelfTest,
  ShiftFinding,
} from "../../core/domain/diagnosis";
import { AppError } from "../../core/errors";
import { normalizeRows64, row64 } from "../../core/math/linalg/matrix64";
import type { Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { predictOutOfFold } from "./foldRidge";
import { dealFolds } from "./keepTogether";
import { nearImages } from "./nearImages";
import { reduceSide, type ReducedSide } from "./reduceSide";
import { scorePairs, type PairScores } from "./scorePairs";
import {
  judgeSelfTest,
  PLANTED_SHARE,
  plantingRepeats,
  plantSwaps,
  type PlantedScores,
  type Planting,
} from "./selfTest";
import { findCycles, leastGain, type Cycle, type Scored, type TrialFinding } from "./swaps";
import { findShift, type TableRows } from "./tableShift";

/** Fewer pairs and five folds learn nothing. */
const LEAST_PAIRS = 50;

/** Worst pairs whose predicted captions are kept: 5,000 × 128 fp32 = 2.6 MB. */
const KEPT_PREDICTIONS = 5_000;

/** Pairs as the doctor takes them: rows of each side, in an order that does not depend on the table's. */
export interface DoctorInput {
  /** [I, D] and [T, E] raw encoder outputs. */
  readonly image: Matrix;
  readonly text: Matrix;
  /** Row of each side, and group number, of every pair. */
  readonly pairs: {
    readonly image: Uint32Array;
    readonly text: Uint32Array;
    readonly group: Uint32Array;
  };
  /** Difference hash of each image row. */
  readonly looks: readonly (string | undefined)[];
  /** The same pairs in the order of the table, for one caption column. */
  readonly table: TableRows;
}

/** What was found, by place in `DoctorInput.pairs` and row of `DoctorInput.text`. */
export interface Findings {
  readonly selfTest: SelfTest;
  readonly ranking: PairRanking;
  readonly cycles: readonly Cycle[];
  readonly shift: ShiftFinding | null;
  readonly predictions: CaptionPredictions;
}

interface Examination extends Scored {
  readonly scores: PairScores;
}

/**
 * How badly each pair fits, how far that can be trusted, and faults of the whole table.
 *
 * Deterministic: the same pairs in the same order give the same findings to the bit.
 *
 * @throws AppError `data/too-few` below 50 pairs, `data/non-finite`, `data/degenerate`, `cancelled`.
 */
export async function diagnose(
  input: DoctorInput,
  {
    signal,
    report = () => {},
  }: { signal?: AbortSignal; report?: (progress: Progress) => void } = {},
): Promise<Findings> {
  const count = input.pairs.image.length;
  if (count < LEAST_PAIRS) {
    throw new AppError("data/too-few", `${count} pairs; the doctor needs ${LEAST_PAIRS}`);
  }
  const repeats = plantingRepeats(count);
  const total = repeats + 3;
  const step = (done: number) => report({ stage: "examine", done, total, unit: "steps" });
  step(0);
  const image = await reduceSide(input.image, signal);
  const text = await reduceSide(input.text, signal);
  const duplicates = await nearImages(normalizeRows64(image.rows), input.looks, signal);
  step(1);
  const sides = { image, text, duplicates };
  const found = await examine(sides, input.pairs, signal);
  step(2);
  const shift = await findShift(image.rows, text.rows, input.table, signal);
  const cycles = findCycles(found);
  const known = new Set(cycles.map(nameOf));
  const planted: PlantedScores[] = [];
  const exchanges: TrialFinding[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    step(3 + repeat);
    const planting = plantSwaps(input.pairs.text, repeat);
    const trial = await examine(sides, { ...input.pairs, text: planting.text }, signal);
    planted.push({ mismatch: trial.scores.mismatch, planted: planting.planted });
    for (const cycle of findCycles(trial)) {
      const isPlanted = isPlantedSwap(cycle, input.pairs.text, planting);
      const kind = isPlanted ? "planted" : known.has(nameOf(cycle)) ? "known" : "other";
      exchanges.push({ gain: cycle.gain, kind });
    }
  }
  step(total);
  const judged = judgeSelfTest(planted);
  const least = leastGain(exchanges, judged.wrongShare / PLANTED_SHARE);
  const order = worstFirst(found.scores.mismatch);
  return {
    selfTest: { ...judged, swapPrecision: least.precision },
    ranking: rankingOf(found, order),
    cycles: cycles.filter(({ gain }) => gain >= least.gain),
    shift,
    predictions: predictionsOf(found, order, text),
  };
}

const nameOf = ({ members }: Cycle) => [...members].sort((a, b) => a - b).join(" ");

function isPlantedSwap(
  { members }: Cycle,
  before: Uint32Array,
  { text, planted }: Planting,
): boolean {
  const [a, b, third] = members;
  if (a === undefined || b === undefined || third !== undefined || planted[a] !== 1) return false;
  return text[a] === before[b] && text[b] === before[a];
}

async function examine(
  sides: {
    readonly image: ReducedSide;
    readonly text: ReducedSide;
    readonly duplicates: readonly (readonly [number, number])[];
  },
  pairs: DoctorInput["pairs"],
  signal?: AbortSignal,
): Promise<Examination> {
  const folded = { ...pairs, fold: dealFolds(pairs, sides.duplicates) };
  const predicted = await predictOutOfFold(sides.image.rows, sides.text.rows, folded, signal);
  const texts = normalizeRows64(sides.text.rows);
  return { predicted, texts, pairs, scores: await scorePairs(predicted, texts, pairs, signal) };
}

function worstFirst(mismatch: Float64Array): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(mismatch.keys()).sort((a, b) => mismatch[b]! - mismatch[a]! || a - b);
}

function rankingOf({ scores, pairs }: Examination, order: Uint32Array<ArrayBuffer>): PairRanking {
  const floats = (column: Float64Array) => Float32Array.from(order, (p) => column[p]!);
  const integers = (column: Uint32Array) => Uint32Array.from(order, (p) => column[p]!);
  return {
    pair: order,
    caption: integers(pairs.text),
    mismatch: floats(scores.mismatch),
    cosine: floats(scores.cosine),
    csls: floats(scores.csls),
    captionMargin: floats(scores.captionMargin),
    imageMargin: floats(scores.imageMargin),
    captionRank: integers(scores.captionRank),
    imageRank: integers(scores.imageRank),
    bestCaption: integers(scores.bestText),
    bestCosine: floats(scores.bestCosine),
  };
}

function predictionsOf(
  { predicted, pairs }: Examination,
  order: Uint32Array,
  { mean, basis }: ReducedSide,
): CaptionPredictions {
  const width = predicted.cols;
  const kept = order.subarray(0, KEPT_PREDICTIONS);
  const rows = new Float32Array(kept.length * width);
  kept.forEach((p, k) => rows.set(row64(predicted, pairs.image[p]!), k * width));
  return {
    width,
    rows,
    mean: Float32Array.from(mean),
    basis: basis && Float32Array.from(basis.data),
  };
}
