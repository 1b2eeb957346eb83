import { HEAD_KINDS, type Projector, type TensorData } from "../../src/core/domain/projector";
import { matrix, type Matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { initialize } from "../../src/engine/align/projectors/head";
import { headOfKind } from "../../src/engine/align/projectors/heads";

/** Width of the inputs; even, because freeze-align's token form halves it. */
export const INPUT_WIDTH = 14;

/** A projector of every form that leaves, weights irregular, by a name for the test's title. */
export function projectorsOfEveryForm(): Readonly<Record<string, Projector>> {
  const normal = normalFrom(5);
  const trained = HEAD_KINDS.map((kind) => [kind, trainedProjector(kind, normal)] as const);
  return {
    ...Object.fromEntries(trained),
    "linear (ridge)": linear(normal, false),
    "linear with output scale (csa)": linear(normal, true),
    asif: asif(normal, false),
    "asif, centred": asif(normal, true),
  };
}

/** Rows as encoders give them: a mean far from 0, one large coordinate, one row of near zeros. */
export function irregularRows(rows: number, cols: number, seed = 3): Matrix {
  const normal = normalFrom(seed);
  const data = Float32Array.from({ length: rows * cols }, (_, i) => {
    const value = 2 * normal() + 1.5;
    if (i % cols === 3) return 20 * value;
    return Math.floor(i / cols) === rows - 1 ? value * 1e-3 : value;
  });
  return matrix(rows, cols, data);
}

function trainedProjector(kind: (typeof HEAD_KINDS)[number], normal: () => number): Projector {
  const dimension = kind === "identity" ? INPUT_WIDTH : 9;
  const parameters = headOfKind(kind).parameters(INPUT_WIDTH, dimension, { expansion: 3 });
  const tensors = initialize(parameters, 7);
  // Gains of 1 and shifts of 0 would hide their being left out.
  for (const { data } of Object.values(tensors)) {
    data.forEach((value, i) => (data[i] = value + 0.3 * normal()));
  }
  return { kind, modality: "image", inputWidth: INPUT_WIDTH, dimension, tensors };
}

function linear(normal: () => number, isScaled: boolean): Projector {
  const tensors: Record<string, TensorData> = {
    mean: tensor([INPUT_WIDTH], normal),
    weight: tensor([INPUT_WIDTH, 8], normal),
    ...(isScaled && { outputScale: tensor([8], () => 0.5 + 0.1 * Math.abs(normal())) }),
  };
  return { kind: "linear", modality: "text", inputWidth: INPUT_WIDTH, dimension: 8, tensors };
}

/** 40 unit anchors, every third equal to the one before, as the captions of one picture are. */
function asif(normal: () => number, isCentred: boolean): Projector {
  const anchors = tensor([40, INPUT_WIDTH], normal);
  for (let a = 0; a < 40; a++) {
    const row = anchors.data.subarray(a * INPUT_WIDTH, (a + 1) * INPUT_WIDTH);
    if (a % 3 === 2) row.set(anchors.data.subarray((a - 1) * INPUT_WIDTH, a * INPUT_WIDTH));
    const norm = Math.hypot(...row);
    row.forEach((value, d) => (row[d] = value / norm));
  }
  const scalar = (value: number): TensorData => ({ shape: [], data: Float32Array.of(value) });
  return {
    kind: "asif",
    modality: "image",
    inputWidth: INPUT_WIDTH,
    dimension: 40,
    tensors: {
      anchors,
      neighbours: scalar(11),
      power: scalar(8),
      ...(isCentred && { mean: tensor([INPUT_WIDTH], normal) }),
    },
  };
}

function tensor(shape: readonly number[], draw: () => number): TensorData {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length }, draw) };
}

/** Standard normal draws (Box-Muller). */
function normalFrom(seed: number): () => number {
  const random = rng(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
