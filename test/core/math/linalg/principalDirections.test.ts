import { describe, expect, it } from "vitest";
import { dot, matrix, row } from "../../../../src/core/math/matrix";
import { row64 } from "../../../../src/core/math/linalg/matrix64";
import { along, principalDirections } from "../../../../src/core/math/linalg/principalDirections";
import { normal } from "../../../../src/core/math/normal";
import { rng } from "../../../../src/core/math/rng";

const random = rng(4);
/** Variance falls from column to column, far from 0. */
const rows = matrix(
  60,
  9,
  Float32Array.from({ length: 540 }, (_, i) => 5 + normal(random) / (1 + (i % 9)) ** 2),
);

describe("principal directions", () => {
  it("are orthonormal, the largest variance first, and hold the share they name", () => {
    const directions = principalDirections(rows, 3);
    const { basis, share } = directions;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        expect(dot(row64(basis, i), row64(basis, j))).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
    const found = along(rows, directions);
    const variance = (d: number) =>
      Array.from({ length: 60 }, (_, i) => row(found, i)[d]! ** 2).reduce((s, v) => s + v, 0);
    const held = [0, 1, 2].map(variance);
    expect(held).toEqual([...held].sort((a, b) => b - a));
    const all = along(rows, principalDirections(rows, 9));
    expect(held.reduce((s, v) => s + v, 0) / dot(all.data, all.data)).toBeCloseTo(share, 5);
  });

  it("keep every product of centred rows where none is left out", () => {
    const all = along(rows, principalDirections(rows, 20));
    expect(all.cols).toBe(9);
    const mean = Array.from({ length: 9 }, (_, d) => {
      const column = Array.from({ length: 60 }, (_, i) => row(rows, i)[d]!);
      return column.reduce((s, v) => s + v, 0) / 60;
    });
    const centred = (i: number) => Array.from(row(rows, i), (value, d) => value - mean[d]!);
    expect(dot(row(all, 3), row(all, 17))).toBeCloseTo(dot(centred(3), centred(17)), 4);
  });

  it("are none for rows that do not vary, and refuse NaN", () => {
    const constant = matrix(20, 4, new Float32Array(80).fill(0.25));
    expect(principalDirections(constant, 3)).toMatchObject({ share: 1, basis: { rows: 0 } });
    expect(along(constant, principalDirections(constant, 3))).toMatchObject({ rows: 20, cols: 0 });
    const broken = matrix(3, 2, Float32Array.of(1, 2, NaN, 4, 5, 6));
    expect(() => principalDirections(broken, 1)).toThrow(/NaN|not a number|finite/i);
  });
});
