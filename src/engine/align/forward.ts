import type { HeadKind, Projector, TensorData } from "../../core/domain/projector";
import { AppError } from "../../core/errors";
import { erf } from "../../core/math/erf";
import { dot, flooredNorm, matrix, row, type Matrix } from "../../core/math/matrix";
import { relativeRows } from "./solvers/relativeRows";
import { standardizeRows } from "./standardizeRows";

type Tensors = Readonly<Record<string, TensorData>>;

/**
 * The rows in the shared space, as `projectRows` gives them, without tensorflow: for a page that
 * projects one query at a time, and as a second opinion. Sums run in float64.
 *
 * @param rows [N, D] raw encoder outputs.
 * @returns [N, P], L2-normalised (then scaled by `outputScale` where there is one). Costs about a
 *   nanosecond per weight and row.
 * @throws AppError `embeddings/width` when D is not the projector's input width.
 */
export function projectPlainly(projector: Projector, rows: Matrix): Matrix {
  const { kind, inputWidth, dimension, modality, tensors } = projector;
  if (rows.cols !== inputWidth) {
    const detail = `${modality} of width ${rows.cols}, trained on ${inputWidth}`;
    throw new AppError("embeddings/width", detail);
  }
  const out = matrix(rows.rows, dimension);
  for (let i = 0; i < rows.rows; i++) row(out, i).set(forwardOf(kind, tensors, row(rows, i)));
  if (kind === "asif") {
    const [neighbours, power] = [scalar(tensors, "neighbours"), scalar(tensors, "power")];
    relativeRows(out.data, dimension, { neighbours, power });
  }
  return out;
}

function forwardOf(kind: Projector["kind"], tensors: Tensors, x: Float32Array): ArrayLike<number> {
  if (kind === "linear") {
    const y = unit(times(minus(x, tensors["mean"]), valuesOf(tensors, "weight")));
    const scale = tensors["outputScale"]?.data;
    return scale ? y.map((value, p) => value * scale[p]!) : y;
  }
  if (kind === "asif") return cosinesOf(tensors, x);
  return unit(HEADS[kind](tensors, x.slice()));
}

/** Forward passes up to the L2 norm; engine/align/projectors/ has the formulas. May change `x`. */
const HEADS: Readonly<
  Record<HeadKind, (tensors: Tensors, x: Float32Array<ArrayBuffer>) => Float64Array<ArrayBuffer>>
> = {
  identity: (_tensors, x) => Float64Array.from(x),
  "layer-norm-linear": (tensors, x) => normalizedDense(tensors, x),
  "freeze-align": freezeAlign,
  "freeze-align-tokens": (tensors, x) => {
    const half = x.length / 2;
    const cls = freezeAlign(partOf(tensors, "cls."), x.slice(0, half));
    return plus(cls, freezeAlign(partOf(tensors, "patches."), x.slice(half)));
  },
  sail: (tensors, x) => {
    const both = normalizedDense(tensors, x);
    const width = both.length / 2;
    const hidden = both
      .subarray(0, width)
      .map((gate, h) => clip(gate, 0, 6) * clip(both[width + h]!, -1_000, 1_000));
    return plus(
      times(hidden, valuesOf(tensors, "output.weight")),
      valuesOf(tensors, "output.bias"),
    );
  },
  "low-rank": (tensors, x) => {
    standardizeRows(x, x.length);
    const linear = times(x, valuesOf(tensors, "linear.weight"));
    const down = times(x, valuesOf(tensors, "down.weight")).map(gelu);
    const open = 1 / (1 + Math.exp(-scalar(tensors, "gate")));
    return plus(
      linear,
      times(down, valuesOf(tensors, "up.weight")).map((value) => value * open),
    );
  },
};

function freezeAlign(tensors: Tensors, x: Float32Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const both = normalizedDense(tensors, x); // [2P]
  const width = both.length / 2;
  const hidden = both.slice(width).map(gelu);
  const residual = times(hidden, valuesOf(tensors, "hidden.weight"));
  return plus(plus(both.slice(0, width), residual), valuesOf(tensors, "hidden.bias"));
}

/** A LayerNorm and the dense layer after it: [D] to [M]. */
function normalizedDense(tensors: Tensors, x: Float32Array<ArrayBuffer>) {
  standardizeRows(x, x.length);
  const [gain, shift] = [valuesOf(tensors, "norm.gain"), valuesOf(tensors, "norm.shift")];
  const normalized = Float64Array.from(x, (value, d) => value * gain[d]! + shift[d]!);
  return plus(
    times(normalized, valuesOf(tensors, "input.weight")),
    valuesOf(tensors, "input.bias"),
  );
}

function cosinesOf(tensors: Tensors, x: Float32Array): Float64Array<ArrayBuffer> {
  const anchors = valuesOf(tensors, "anchors"); // [P, D]
  const direction = unit(minus(x, tensors["mean"]));
  const width = direction.length;
  return Float64Array.from({ length: anchors.length / width }, (_, a) =>
    dot(anchors.subarray(a * width, (a + 1) * width), direction),
  );
}

/** x W for `weight` [D, M], row-major: [M]. */
function times(x: ArrayLike<number>, weight: Float32Array): Float64Array<ArrayBuffer> {
  const columns = weight.length / x.length;
  const out = new Float64Array(columns);
  for (let d = 0; d < x.length; d++) {
    const value = x[d]!;
    const start = d * columns;
    for (let m = 0; m < columns; m++) out[m] = out[m]! + value * weight[start + m]!;
  }
  return out;
}

function unit(x: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const norm = flooredNorm(x);
  return x.map((value) => value / norm);
}

const gelu = (x: number) => 0.5 * x * (1 + erf(x * Math.SQRT1_2));

const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

const plus = (a: Float64Array<ArrayBuffer>, b: ArrayLike<number>) =>
  a.map((value, i) => value + b[i]!);

const minus = (x: Float32Array, mean: TensorData | undefined) =>
  Float64Array.from(x, (value, d) => value - (mean?.data[d] ?? 0));

const partOf = (tensors: Tensors, prefix: string): Tensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

const scalar = (tensors: Tensors, name: string) => valuesOf(tensors, name)[0]!;

function valuesOf(tensors: Tensors, name: string): Float32Array<ArrayBuffer> {
  const tensor = tensors[name];
  if (!tensor) throw new AppError("internal", `a projector without “${name}”`);
  return tensor.data;
}
