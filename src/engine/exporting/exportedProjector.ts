import { decodeElements } from "../../core/formats/arrayElements";
import { textOfBytes } from "../../core/formats/bytesText";
import { readSafetensorsHeader, safetensorsHeaderLength } from "../../core/formats/safetensors";
import { AppError } from "../../core/errors";
import type { Architecture } from "./architecture";

/** A projector as a reader of the files has it: float64, row by row. */
export type ExportedProjector = (row: ArrayLike<number>) => Float64Array;

/**
 * The projector that the exported files describe, in float64 and without any of the code that
 * trains or projects here: what `load_aligned.py` computes. It is the other side of the parity
 * figure.
 *
 * @param bytes        of `projector_a.safetensors`.
 * @param architecture that side of `config.json`.
 * @throws AppError `internal` when the file is not of that architecture.
 */
export function readExportedProjector(
  bytes: Uint8Array,
  architecture: Architecture,
): ExportedProjector {
  const tensors = tensorsOf(bytes);
  const raw = FORWARD[architecture.head];
  return (row) => {
    const out = raw(Float64Array.from(row), { tensors, architecture, prefix: "" });
    const norm = Math.max(Math.hypot(...out), architecture.head === "asif" ? 1e-30 : 1e-12);
    const scale = architecture.output_scale
      ? weights({ tensors, prefix: "" }, "output_scale")
      : null;
    return out.map((value, p) => (value / norm) * (scale ? scale.values[p]! : 1));
  };
}

interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Place {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly prefix: string;
}

interface Side extends Place {
  readonly architecture: Architecture;
}

const FORWARD: Readonly<
  Record<Architecture["head"], (row: Float64Array, side: Side) => Float64Array>
> = {
  identity: (row) => row,
  linear: (row, side) => dense(minusMean(row, side), side, "layers.0"),
  "layer-norm-linear": (row, side) => dense(layerNorm(row, side), side, "layers.0"),
  "freeze-align": freezeAlign,
  "freeze-align-tokens": (row, side) => {
    const middle = row.length / 2;
    const cls = freezeAlign(row.subarray(0, middle), { ...side, prefix: "cls." });
    const patches = freezeAlign(row.subarray(middle), { ...side, prefix: "patches." });
    return cls.map((value, p) => value + patches[p]!);
  },
  sail(row, side) {
    const h = layerNorm(row, side);
    const gate = dense(h, side, "gate");
    const value = dense(h, side, "layers.0");
    const gated = value.map((v, i) => clip(v, -1_000, 1_000) * clip(gate[i]!, 0, 6));
    return dense(gated, side, "layers.1");
  },
  "low-rank"(row, side) {
    const h = layerNorm(row, side);
    const branch = dense(dense(h, side, "layers.0").map(gelu), side, "layers.1");
    const open = 1 / (1 + Math.exp(-weights(side, "gate").values[0]!));
    return dense(h, side, "skip").map((value, p) => value + open * branch[p]!);
  },
  asif(row, side) {
    const { neighbours = 1, power = 1 } = side.architecture;
    const centred = side.tensors.has("mean") ? minusMean(row, side) : row;
    const norm = Math.max(Math.hypot(...centred), 1e-12);
    // Rounded to float32, in which equal anchors have equal cosines.
    const cosines = dense(
      centred.map((value) => value / norm),
      side,
      "anchors",
    ).map(Math.fround);
    const least = Float64Array.from(cosines).sort().at(-neighbours) ?? 0;
    return cosines.map((value) => (value > 0 && value >= least ? value ** power : 0));
  },
};

function freezeAlign(row: Float64Array, side: Side): Float64Array {
  const h = layerNorm(row, side);
  const residual = dense(dense(h, side, "layers.0").map(gelu), side, "layers.1");
  return dense(h, side, "skip").map((value, p) => value + residual[p]!);
}

function layerNorm(row: Float64Array, side: Side): Float64Array {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  const scale = 1 / Math.sqrt(variance + (side.architecture.layernorm_eps ?? 0));
  const gain = side.tensors.get(`${side.prefix}norm.weight`)?.values;
  const shift = side.tensors.get(`${side.prefix}norm.bias`)?.values;
  return row.map((value, d) => (value - mean) * scale * (gain?.[d] ?? 1) + (shift?.[d] ?? 0));
}

/** W x + c with W [out, in]; `anchors` is such a W by another name. */
function dense(row: Float64Array, side: Place, name: string): Float64Array {
  const isNamed = side.tensors.has(`${side.prefix}${name}.weight`);
  const { shape, values } = weights(side, isNamed ? `${name}.weight` : name);
  const bias = side.tensors.get(`${side.prefix}${name}.bias`)?.values;
  const [outputs = 0, inputs = 0] = shape;
  if (inputs !== row.length) throw new AppError("internal", `${name}: ${inputs} of ${row.length}`);
  return Float64Array.from({ length: outputs }, (_, o) => {
    let sum = bias?.[o] ?? 0;
    for (let i = 0; i < inputs; i++) sum += values[o * inputs + i]! * row[i]!;
    return sum;
  });
}

function minusMean(row: Float64Array, side: Place): Float64Array {
  const { values } = weights(side, "mean");
  return row.map((value, d) => value - values[d]!);
}

const clip = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** x Φ(x). */
const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));

/**
 * The error function: its Maclaurin series below 3, its continued fraction from there on. Within
 * 1e-14 of the true value.
 *
 * Source: Abramowitz and Stegun 1964, 7.1.5 and 7.1.14.
 */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI)));
}

function weights({ tensors, prefix }: Place, name: string): Tensor {
  const tensor = tensors.get(`${prefix}${name}`);
  if (!tensor) throw new AppError("internal", `no tensor “${prefix}${name}” in the exported file`);
  return tensor;
}

function tensorsOf(bytes: Uint8Array): Map<string, Tensor> {
  const name = "projector.safetensors";
  const headerBytes = safetensorsHeaderLength(bytes, bytes.length, name);
  const json = textOfBytes(bytes.subarray(8, 8 + headerBytes));
  const { tensors } = readSafetensorsHeader(json, { headerBytes, sizeBytes: bytes.length, name });
  return new Map(
    tensors.map(({ name: key, shape, offset, sizeBytes }) => [
      key,
      { shape, values: decodeElements(bytes.subarray(offset, offset + sizeBytes), "f4") },
    ]),
  );
}
