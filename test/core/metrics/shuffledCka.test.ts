import { describe, expect, it } from "vitest";
import { matrix64 } from "../../../src/core/math/linalg/matrix64";
import { matrix, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { permutation, rng } from "../../../src/core/math/rng";
import { ckaSide, unbiasedCka } from "../../../src/core/metrics/cka";
import { leadingPart, shuffledCka, type LeadingPart } from "../../../src/core/metrics/shuffledCka";
import { gauss } from "../../support/goldenData";

/** n vectors whose dimensions vary ever less, as those of real encoders do. */
function powerLaw(seed: number, n: number, d: number, decay: number): Matrix {
  const m = gauss(seed, n, d);
  return matrix(
    n,
    d,
    Float32Array.from(m.data, (value, at) => 1 + value * ((at % d) + 1) ** -decay),
  );
}

/** ‖AᵀPB‖² in float64, as the engine computes it in float32. */
function productOf(a: LeadingPart, b: LeadingPart, order: Uint32Array): number {
  const shuffled = takeRows(b.scores, order);
  let sum = 0;
  for (let p = 0; p < a.scores.cols; p++) {
    for (let q = 0; q < shuffled.cols; q++) {
      let entry = 0;
      for (let i = 0; i < order.length; i++) {
        entry += a.scores.data[i * a.scores.cols + p]! * shuffled.data[i * shuffled.cols + q]!;
      }
      sum += entry * entry;
    }
  }
  return sum;
}

function bothWays(x: Matrix, y: Matrix, rank: number, shuffles: number) {
  const [a, b] = [ckaSide(x), ckaSide(y)];
  const [p, q] = [leadingPart(a, rank, 1), leadingPart(b, rank, 2)];
  return Array.from({ length: shuffles }, (_, seed) => {
    const order = permutation(x.rows, rng(seed));
    return {
      exact: unbiasedCka(a, ckaSide(takeRows(y, order))),
      quick: shuffledCka({ side: a, part: p }, { side: b, part: q }, productOf(p, q, order), order),
    };
  });
}

const spread = (values: number[]) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

it("equals the CKA of reordered pairs where every direction fits", () => {
  for (const { exact, quick } of bothWays(powerLaw(1, 40, 8, 0.3), powerLaw(2, 40, 5, 0), 8, 10)) {
    expect(quick).toBeCloseTo(exact, 6);
  }
});

it("equals the CKA itself for the true pairing", () => {
  const [x, y] = [powerLaw(3, 60, 6, 0.5), powerLaw(3, 60, 9, 0.5)];
  const [a, b] = [ckaSide(x), ckaSide(y)];
  const [p, q] = [leadingPart(a, 16, 1), leadingPart(b, 16, 1)];
  const order = Uint32Array.from({ length: 60 }, (_, i) => i);
  const value = shuffledCka(
    { side: a, part: p },
    { side: b, part: q },
    productOf(p, q, order),
    order,
  );
  expect(value).toBeCloseTo(unbiasedCka(a, b), 6);
});

it.each([
  ["a decaying spectrum", 1],
  ["a slowly decaying one", 0.5],
  ["a flat one, the worst case", 0],
])("has the spread of the exact null for %s with half of the directions", (_name, decay) => {
  const pairs = bothWays(powerLaw(1, 80, 24, decay), powerLaw(2, 80, 24, decay), 12, 300);
  const exact = spread(pairs.map((pair) => pair.exact));
  const quick = spread(pairs.map((pair) => pair.quick));
  expect(quick / exact).toBeGreaterThan(0.8);
  expect(quick / exact).toBeLessThan(1.25);
  const mean = pairs.reduce((sum, pair) => sum + pair.quick, 0) / pairs.length;
  expect(Math.abs(mean)).toBeLessThan((4 * exact) / Math.sqrt(pairs.length));
});

it("averages to zero over every shuffle, however few directions it looks at", () => {
  const [x, y] = [powerLaw(5, 6, 9, 0.2), powerLaw(6, 6, 7, 0.2)];
  const [a, b] = [ckaSide(x), ckaSide(y)];
  const [p, q] = [leadingPart(a, 2, 1), leadingPart(b, 2, 1)];
  const orders = allOrders(6);
  let sum = 0;
  for (const order of orders) {
    const product = productOf(p, q, order);
    sum += shuffledCka({ side: a, part: p }, { side: b, part: q }, product, order);
  }
  expect(orders.length).toBe(720);
  expect(sum / orders.length).toBeCloseTo(0, 6);
});

describe("degenerate sets", () => {
  it("gives NaN for vectors that are all equal", () => {
    const collapsed = ckaSide(matrix(10, 3, new Float32Array(30).fill(0.3)));
    const side = ckaSide(powerLaw(1, 10, 3, 0));
    const order = permutation(10, rng(1));
    const part = leadingPart(collapsed, 2, 1);
    const other = leadingPart(side, 2, 1);
    const value = shuffledCka(
      { side: collapsed, part },
      { side, part: other },
      productOf(part, other, order),
      order,
    );
    expect(value).toBeNaN();
  });

  it("takes no harm from fewer real directions than asked for", () => {
    const line = gauss(1, 30, 1);
    const wide = matrix64(30, 20);
    line.data.forEach((value, i) => wide.data.fill(value, i * 20, i * 20 + 20));
    const x = matrix(30, 20, Float32Array.from(wide.data));
    const part = leadingPart(ckaSide(x), 6, 1);
    expect(part.share).toBeCloseTo(1, 6);
    expect(part.scores.data.every(Number.isFinite)).toBe(true);
  });
});

function allOrders(n: number): Uint32Array[] {
  if (n === 0) return [new Uint32Array()];
  return allOrders(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) =>
      Uint32Array.of(...rest.slice(0, at), n - 1, ...rest.slice(at)),
    ),
  );
}
