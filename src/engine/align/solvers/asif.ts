import type { AlignmentData } from "../../../core/domain/alignmentData";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import type { Projector, TensorData } from "../../../core/domain/projector";
import { AppError } from "../../../core/errors";
import {
  matrix64,
  normalizeRows64,
  toMatrix64,
  type Matrix64,
} from "../../../core/math/linalg/matrix64";
import { timesTransposed } from "../../../core/math/linalg/product";
import { matrix, takeRows, type Matrix } from "../../../core/math/matrix";
import { breathe } from "../breathe";
import type { ClosedFormFit } from "./linearProjector";
import { centreRows, trainingRows, type TrainingMoments } from "./moments";
import { relativeRows, type RelativeOptions } from "./relativeRows";
import { climb, scorePrefixes, type SelectionSet } from "./selection";

const MOST_ANCHORS = 4_096;
// An anchor is a dimension of the shared space: 2 ** 27 floats are 512 MB for the whole gallery.
const MOST_COORDINATES = 2 ** 27;
const NEIGHBOURS = [1, 5, 10, 25, 50, 100, 200, 400, 800, 1_600];
const POWERS = [1, 2, 4, 6, 8, 12, 16, 24];
const DEFAULT_POWER = 8;
const BATCH_ROWS = 256;

/** What ASIF works on. */
export interface AsifInputs {
  readonly data: AlignmentData;
  readonly moments: TrainingMoments;
  readonly selection: SelectionSet | null;
}

/**
 * ASIF: every item described by its similarities to training pairs of known partners, compared by
 * cosine. Nothing is fitted but k, p and whether the training means are subtracted, on validation.
 *
 *   r(x) = normalise( top_k( max(cos(x, anchors), 0) ) ^ p ),   score = r(x) · r(y)
 *
 * Anchors are the distinct training pairs; where those are more than 4,096, or than 512 MB of
 * coordinates allow for the data at hand, evenly spaced ones. Both sides are normalised, so that
 * scores compare across pictures (the published code normalises captions only). Without validation
 * k = min(800, anchors / 4), p = 8, and means are subtracted.
 *
 * `chosen`: `anchors`, `neighbours`, `power`, `centred` (0 or 1).
 *
 * @throws AppError `data/degenerate` when all items of a side are equal, `data/non-finite`,
 *   `cancelled`.
 *
 * Source: Norelli et al., NeurIPS 2023, arXiv 2210.01738; repository noranta4/ASIF.
 */
export async function fitAsif(inputs: AsifInputs, signal?: AbortSignal): Promise<ClosedFormFit> {
  refuseConstant(inputs.moments);
  const { sides, options } = await choose(inputs, anchorRows(inputs.data), signal);
  const { image, text, centred } = sides;
  return {
    projectors: {
      image: asifProjector(image, options),
      text: asifProjector(text, options),
    },
    chosen: { anchors: image.anchors.rows, ...options, centred: Number(centred) },
  };
}

/** Centring first, then p, then k: each at the best of those before it. */
async function choose(inputs: AsifInputs, rows: AnchorRows, signal: AbortSignal | undefined) {
  const anchors = rows.image.length;
  const few = Math.max(1, Math.min(800, Math.floor(anchors / 4)));
  const start = { neighbours: few, power: DEFAULT_POWER };
  const { selection } = inputs;
  const centred = openSides(inputs, rows, true);
  if (!selection) return { sides: centred, options: start };
  const scoreOf = async ({ image, text }: Sides, tried: RelativeOptions) => {
    await breathe(signal);
    const [u, v] = [relative(image.selected(), tried), relative(text.selected(), tried)];
    return scorePrefixes(u, v, [anchors], selection.relevance)[0]!;
  };
  const plain = openSides(inputs, rows, false);
  const sides = (await scoreOf(plain, start)) > (await scoreOf(centred, start)) ? plain : centred;
  const power = await climb(POWERS, DEFAULT_POWER, (p) => scoreOf(sides, { ...start, power: p }));
  const grid = [...new Set([...NEIGHBOURS, few, anchors])].filter((k) => k <= anchors);
  grid.sort((a, b) => a - b);
  const neighbours = await climb(grid, few, (k) => scoreOf(sides, { neighbours: k, power }));
  return { sides, options: { neighbours, power } };
}

function relative(cosines: Matrix64, options: RelativeOptions): Matrix64 {
  const out = matrix64(cosines.rows, cosines.cols, cosines.data.slice());
  relativeRows(out.data, out.cols, options);
  return out;
}

/**
 * Rows through an ASIF projector, without tensorflow.
 *
 * @param rows [N, D] raw encoder outputs.
 * @returns [N, K] relative coordinates, L2-normalised. Costs N·D·K multiply-adds at about a
 *   nanosecond each.
 */
export function projectAsif({ dimension, tensors }: Projector, rows: Matrix): Matrix {
  const { anchors, mean } = tensors;
  const out = matrix(rows.rows, dimension);
  const known = matrix64(dimension, rows.cols, Float64Array.from(anchors!.data));
  const subtracted = mean ? Float64Array.from(mean.data) : null;
  for (let start = 0; start < rows.rows; start += BATCH_ROWS) {
    const end = Math.min(start + BATCH_ROWS, rows.rows);
    const batch = unitRows(toMatrix64(rows, start, end), subtracted);
    out.data.set(timesTransposed(batch, known).data, start * dimension);
  }
  relativeRows(out.data, dimension, relativeOptions(tensors));
  return out;
}

/** k and p of a stored ASIF projector. */
export function relativeOptions(tensors: Projector["tensors"]): RelativeOptions {
  return { neighbours: tensors["neighbours"]!.data[0]!, power: tensors["power"]!.data[0]! };
}

function refuseConstant(moments: TrainingMoments): void {
  for (const modality of ALIGNED_MODALITIES) {
    const { mean, columns } = moments[modality];
    const size = mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const constant = columns.data.every((value) => Math.abs(value) <= 1e-9 * size);
    if (constant) throw new AppError("data/degenerate", `all ${modality} embeddings are equal`);
  }
}

interface Side {
  readonly modality: AlignedModality;
  /** [K, D], rows of norm 1. */
  readonly anchors: Matrix64;
  readonly mean: Float64Array | null;
  /** [V, K] cosines of the validation items with the anchors. */
  selected(): Matrix64;
}

interface Sides {
  readonly image: Side;
  readonly text: Side;
  readonly centred: boolean;
}

type AnchorRows = Readonly<Record<AlignedModality, Uint32Array>>;

function openSides(
  { data, moments, selection }: AsifInputs,
  rows: AnchorRows,
  centred: boolean,
): Sides {
  const side = (modality: AlignedModality): Side => {
    const { mean } = moments[modality];
    const taken = takeRows(data[modality], rows[modality]);
    const anchors = unitRows(centred ? centreRows(taken, mean) : toMatrix64(taken), null);
    let cosines: Matrix64 | undefined;
    const selected = () => {
      if (!selection) throw new AppError("data/too-few", "no validation pairs");
      if (cosines) return cosines;
      // The selection comes centred; the mean goes back on where nothing is to be subtracted.
      const back = centred ? null : mean.map((value) => -value);
      cosines = timesTransposed(unitRows(selection[modality], back), anchors);
      return cosines;
    };
    return { modality, anchors, mean: centred ? mean : null, selected };
  };
  return { image: side("image"), text: side("text"), centred };
}

/** Rows minus `mean` (where there is one), of length 1. */
function unitRows(m: Matrix64, mean: Float64Array | null): Matrix64 {
  if (!mean) return normalizeRows64(m);
  const less = m.data.map((value, at) => value - mean[at % m.cols]!);
  return normalizeRows64(matrix64(m.rows, m.cols, less));
}

/** Item rows of the anchors of both sides, in pair order. */
function anchorRows({ image, text, pairs }: AlignmentData): AnchorRows {
  const all = trainingRows(pairs);
  const seen = new Set<number>();
  const distinct: number[] = [];
  all.image.forEach((item, p) => {
    const key = item * text.rows + all.text[p]!;
    if (seen.has(key)) return;
    seen.add(key);
    distinct.push(p);
  });
  const affordable = Math.max(1, Math.floor(MOST_COORDINATES / (image.rows + text.rows)));
  const count = Math.min(distinct.length, MOST_ANCHORS, affordable);
  const kept = Array.from({ length: count }, (_, i) => {
    return distinct[Math.floor((i * distinct.length) / count)]!;
  });
  return {
    image: Uint32Array.from(kept, (p) => all.image[p]!),
    text: Uint32Array.from(kept, (p) => all.text[p]!),
  };
}

/** Tensors: `anchors` [K, D], `neighbours` [], `power` [] and, where it is subtracted, `mean` [D]. */
function asifProjector(
  { modality, anchors, mean }: Side,
  { neighbours, power }: RelativeOptions,
): Projector {
  const { rows: dimension, cols: inputWidth } = anchors;
  const scalar = (value: number): TensorData => ({ shape: [], data: Float32Array.of(value) });
  return {
    kind: "asif",
    modality,
    inputWidth,
    dimension,
    tensors: {
      anchors: { shape: [dimension, inputWidth], data: Float32Array.from(anchors.data) },
      neighbours: scalar(neighbours),
      power: scalar(power),
      ...(mean && { mean: { shape: [inputWidth], data: Float32Array.from(mean) } }),
    },
  };
}
