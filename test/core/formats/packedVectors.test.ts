import { describe, expect, it } from "vitest";
import { packVectors, unpackVectors } from "../../../src/core/formats/packedVectors";
import { matrix, normalizeRows, scoreRows, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { topK } from "../../../src/core/math/topK";

function noise(rows: number, cols: number, seed = 4): Matrix {
  const random = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => 2 * random() - 1),
  );
}

const roundTrip = (m: Matrix) => unpackVectors(packVectors(m), m.rows, m.cols);

describe("packVectors", () => {
  it("is off by at most half a step of the row's largest", () => {
    const m = noise(50, 33);
    m.data.subarray(0, 33).forEach((value, d, row) => (row[d] = value * 1e-20));
    m.data.subarray(33, 66).forEach((value, d, row) => (row[d] = value * 1e12));
    const packed = roundTrip(m);
    for (let i = 0; i < m.rows; i++) {
      const row = m.data.subarray(i * 33, (i + 1) * 33);
      const most = row.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      row.forEach((value, d) => {
        expect(Math.abs(packed.data[i * 33 + d]! - value)).toBeLessThanOrEqual(most / 65_000);
      });
    }
  });

  it("keeps the order of float32 where scores differ by more than 1e-5", () => {
    const gallery = normalizeRows(noise(2_000, 256));
    const packed = roundTrip(gallery);
    const rows = Uint32Array.from({ length: 2_000 }, (_, i) => i);
    const queries = normalizeRows(noise(20, 256, 5));
    for (let q = 0; q < 20; q++) {
      const query = queries.data.slice(q * 256, (q + 1) * 256);
      const exact = scoreRows(gallery, rows, query);
      const order = topK(scoreRows(packed, rows, query), 50);
      order.forEach((item, i) => {
        const next = order[i + 1];
        if (next !== undefined) expect(exact[item]! - exact[next]!).toBeGreaterThan(-1e-5);
      });
    }
  });

  it("keeps rows of zeros and no rows", () => {
    expect(roundTrip(matrix(2, 3))).toEqual(matrix(2, 3));
    expect(roundTrip(matrix(0, 3))).toEqual(matrix(0, 3));
  });

  it("reads bytes that do not start a buffer", () => {
    const m = noise(3, 5);
    const bytes = packVectors(m);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(unpackVectors(shifted.subarray(1), 3, 5)).toEqual(roundTrip(m));
  });

  it("refuses NaN, and bytes of another shape", () => {
    const code = (name: string) => expect.objectContaining({ code: name }) as Error;
    expect(() => packVectors(matrix(1, 2, Float32Array.of(0, NaN)))).toThrow(
      code("data/non-finite"),
    );
    expect(() => unpackVectors(new Uint8Array(7), 1, 2)).toThrow(code("data/shape"));
  });
});
