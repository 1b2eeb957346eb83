import { beforeAll, describe, expect, it } from "vitest";
import type { Projector } from "../../../src/core/domain/projector";
import { matrix, row } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { openBackend } from "../../../src/engine/align/backend";
import { openProjector, projectRows } from "../../../src/engine/align/project";
import { freezeAlign } from "../../../src/engine/align/projectors/freezeAlign";
import { initialize } from "../../../src/engine/align/projectors/head";
import * as tf from "../../../src/engine/align/tf";

const linear = (outputScale?: number[]): Projector => ({
  kind: "linear",
  modality: "text",
  inputWidth: 3,
  dimension: 2,
  tensors: {
    mean: { shape: [3], data: Float32Array.of(1, 0, -1) },
    weight: { shape: [3, 2], data: Float32Array.of(1, 0, 2, -1, 0, 3) },
    ...(outputScale && { outputScale: { shape: [2], data: Float32Array.from(outputScale) } }),
  },
});

const head: Projector = {
  kind: "freeze-align",
  modality: "image",
  inputWidth: 6,
  dimension: 4,
  tensors: initialize(freezeAlign.parameters(6, 4), 1),
};

function noise(rows: number, cols: number) {
  const random = rng(9);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => 2 * random() - 1),
  );
}

describe("projectRows", () => {
  beforeAll(() => openBackend("wasm"));

  it("subtracts the mean, multiplies, normalises, then scales", async () => {
    const rows = matrix(1, 3, Float32Array.of(2, 1, 0)); // centred: 1, 1, 1 -> [3, 2]
    const unit = [3 / Math.sqrt(13), 2 / Math.sqrt(13)];
    const plain = await projectRows(linear(), rows);
    const scaled = await projectRows(linear([0.5, 2]), rows);
    [0, 1].forEach((p) => expect(plain.data[p]).toBeCloseTo(unit[p]!, 6));
    expect(scaled.data[0]).toBeCloseTo(unit[0]! * 0.5, 6);
    expect(scaled.data[1]).toBeCloseTo(unit[1]! * 2, 6);
  });

  it("gives each row the same vector alone and among 2,500", async () => {
    const rows = noise(2_500, 6);
    const all = await projectRows(head, rows);
    expect([all.rows, all.cols]).toEqual([2_500, 4]);
    for (const i of [0, 1_023, 1_024, 2_499]) {
      const alone = await projectRows(head, matrix(1, 6, row(rows, i).slice()));
      row(all, i).forEach((v, p) => expect(v).toBeCloseTo(alone.data[p]!, 5));
    }
  });

  it("gives unit rows, leaves its input untouched and no tensor behind", async () => {
    const rows = noise(20, 6);
    const before = [rows.data.slice(), tf.memory().numTensors] as const;
    const { data } = await projectRows(head, rows);
    for (let i = 0; i < 20; i++) {
      const norm = Math.hypot(...data.subarray(4 * i, 4 * i + 4));
      expect(norm).toBeCloseTo(1, 5);
    }
    expect([rows.data, tf.memory().numTensors]).toEqual(before);
  });

  it("projects no rows to no rows", async () => {
    expect(await projectRows(head, matrix(0, 6))).toEqual(matrix(0, 4));
  });

  it("refuses rows of another width", async () => {
    const open = openProjector(head);
    const wrong = expect.objectContaining({ code: "embeddings/width" }) as Error;
    await expect(open.project(noise(2, 5))).rejects.toThrowError(wrong);
    open.dispose();
  });
});
