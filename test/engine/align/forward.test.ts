import { beforeAll, describe, expect, it } from "vitest";
import { HEAD_KINDS, type HeadKind, type Projector } from "../../../src/core/domain/projector";
import { matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { openBackend } from "../../../src/engine/align/backend";
import { projectPlainly } from "../../../src/engine/align/forward";
import { projectRows } from "../../../src/engine/align/project";
import { initialize } from "../../../src/engine/align/projectors/head";
import { headOfKind } from "../../../src/engine/align/projectors/heads";

const [WIDTH, DIMENSION] = [24, 10];

function noise(rows: number, cols: number, seed = 9) {
  const random = rng(seed);
  const values = Float32Array.from({ length: rows * cols }, () => 4 * random() - 2);
  return matrix(rows, cols, values);
}

const tensor = (shape: number[], seed: number) => ({
  shape,
  data: noise(
    1,
    shape.reduce((n, size) => n * size, 1),
    seed,
  ).data,
});

function headProjector(kind: HeadKind): Projector {
  const dimension = kind === "identity" ? WIDTH : DIMENSION;
  const started = initialize(headOfKind(kind).parameters(WIDTH, dimension), 3);
  // Gains of 1 and shifts of 0 would hide a wrong order of operations.
  const tensors = Object.fromEntries(
    Object.entries(started).map(([name, { shape }], i) => [name, tensor([...shape], i + 20)]),
  );
  return { kind, modality: "text", inputWidth: WIDTH, dimension, tensors };
}

const linear = (hasScale: boolean): Projector => ({
  kind: "linear",
  modality: "text",
  inputWidth: WIDTH,
  dimension: DIMENSION,
  tensors: {
    mean: tensor([WIDTH], 1),
    weight: tensor([WIDTH, DIMENSION], 2),
    ...(hasScale && { outputScale: tensor([DIMENSION], 3) }),
  },
});

const asif = (hasMean: boolean): Projector => ({
  kind: "asif",
  modality: "text",
  inputWidth: WIDTH,
  dimension: DIMENSION,
  tensors: {
    anchors: tensor([DIMENSION, WIDTH], 4),
    neighbours: { shape: [], data: Float32Array.of(4) },
    power: { shape: [], data: Float32Array.of(2) },
    ...(hasMean && { mean: tensor([WIDTH], 5) }),
  },
});

describe("projectPlainly", () => {
  beforeAll(() => openBackend("wasm"));

  it.each<[string, Projector]>([
    ...HEAD_KINDS.map((kind): [string, Projector] => [kind, headProjector(kind)]),
    ["linear", linear(false)],
    ["linear with an output scale", linear(true)],
    ["asif", asif(false)],
    ["asif with a mean", asif(true)],
  ])("gives tensorflow's numbers to 1e-5: %s", async (_name, projector) => {
    const rows = noise(40, WIDTH);
    const expected = await projectRows(projector, rows);
    const actual = projectPlainly(projector, rows);
    const most = actual.data.reduce((m, v, i) => Math.max(m, Math.abs(v - expected.data[i]!)), 0);
    expect([actual.rows, actual.cols]).toEqual([expected.rows, expected.cols]);
    expect(most).toBeLessThanOrEqual(1e-5);
  });

  it("leaves its input as it was and projects no rows to no rows", () => {
    const rows = noise(3, WIDTH);
    const before = rows.data.slice();
    projectPlainly(headProjector("sail"), rows);
    expect(rows.data).toEqual(before);
    expect(projectPlainly(linear(true), matrix(0, WIDTH))).toEqual(matrix(0, DIMENSION));
  });

  it("passes NaN on, so that a broken projector never looks like a bad one", () => {
    const rows = matrix(1, WIDTH, new Float32Array(WIDTH).fill(NaN));
    for (const kind of HEAD_KINDS) {
      expect(projectPlainly(headProjector(kind), rows).data.every(Number.isNaN)).toBe(true);
    }
    expect(projectPlainly(asif(true), rows).data.every(Number.isNaN)).toBe(true);
  });

  it("refuses rows of another width", () => {
    const wrong = expect.objectContaining({ code: "embeddings/width" }) as Error;
    expect(() => projectPlainly(linear(false), noise(1, 3))).toThrow(wrong);
  });
});
