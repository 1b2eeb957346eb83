import { expect, it } from "vitest";
import { POOLINGS } from "../../../src/core/domain/encoder";
import { rng } from "../../../src/core/math/rng";
import { poolMap, poolTokens } from "../../../src/engine/encoders/pool";
import { poolOne } from "../../oracles/poolTokens";

const [B, T, D] = [3, 5, 4];
const random = rng(7);
const nested = Array.from({ length: B }, () =>
  Array.from({ length: T }, () => Array.from({ length: D }, () => Math.fround(random() - 0.5))),
);
const data = Float32Array.from(nested.flat(2));
const all = Array.from({ length: B }, () => [1, 1, 1, 1, 1]);
const right = [
  [1, 1, 1, 1, 1],
  [1, 1, 0, 0, 0],
  [1, 1, 1, 0, 0],
];
const left = right.map((row) => row.toReversed());

for (const [name, mask] of Object.entries({ all, right, left })) {
  for (const withoutFirst of [false, true]) {
    it.each(POOLINGS)(
      `pools as the oracle: ${name}, first token apart ${withoutFirst}, %s`,
      (p) => {
        const features = { data, rows: B, tokens: T, width: D, mask: mask.flat(), withoutFirst };
        const { data: actual, rows, cols } = poolTokens(features, p);
        const expected = nested.flatMap((tokens, b) =>
          poolOne(tokens, mask[b]!, { pooling: p, withoutFirst }),
        );
        expect([rows, cols]).toEqual([B, p === "cls+mean" ? 2 * D : D]);
        actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
      },
    );
  }
}

it("pools by hand: first, last unpadded, average of both", () => {
  const features = {
    data: Float32Array.of(1, 2, 3, 4, 100, 200),
    rows: 1,
    tokens: 3,
    width: 2,
    mask: [1n, 1n, 0n],
    withoutFirst: false,
  };
  expect([...poolTokens(features, "cls").data]).toEqual([1, 2]);
  expect([...poolTokens(features, "last").data]).toEqual([3, 4]);
  expect([...poolTokens(features, "mean").data]).toEqual([2, 3]);
  expect([...poolTokens(features, "cls+mean").data]).toEqual([1, 2, 2, 3]);
});

const one = (values: readonly number[], mask: readonly number[], withoutFirst = false) => ({
  data: Float32Array.from(values),
  rows: 1,
  tokens: mask.length,
  width: values.length / mask.length,
  mask,
  withoutFirst,
});

it("keeps NaN in padding out and NaN in a token in", () => {
  expect([...poolTokens(one([1, NaN], [1, 0]), "mean").data]).toEqual([1]);
  expect([...poolTokens(one([1, NaN], [1, 1]), "mean").data]).toEqual([NaN]);
});

it("refuses an item of padding only, so that it costs one row", () => {
  expect(() => poolTokens(one([1, 2], [0, 0]), "mean")).toThrow(
    expect.objectContaining({ code: "encoder/input" }),
  );
});

it("pools a single token, unless the mean has nothing left to average", () => {
  for (const pooling of ["cls", "last", "mean"] as const) {
    expect([...poolTokens(one([5, 6], [1]), pooling).data]).toEqual([5, 6]);
  }
  expect(() => poolTokens(one([5, 6], [1], true), "mean")).toThrow(
    expect.objectContaining({ code: "encoder/failed" }),
  );
});

it("averages a feature map over its positions, channels first", () => {
  const { data: out, cols } = poolMap(Float32Array.of(1, 3, 5, 7, 0, 0, 10, 30), 2, 2);
  expect(cols).toBe(2);
  expect([...out]).toEqual([2, 6, 0, 20]);
});
