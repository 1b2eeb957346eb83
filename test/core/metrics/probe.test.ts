import { describe, expect, it } from "vitest";
import { matrix64, type Matrix64 } from "../../../src/core/math/linalg/matrix64";
import { rng } from "../../../src/core/math/rng";
import { voteNearest } from "../../../src/core/metrics/knnProbe";
import { LinearProbe } from "../../../src/core/metrics/linearProbe";
import { dealFolds, majorityShare, shuffledLabels } from "../../../src/core/metrics/probeFolds";
import { gauss } from "../../support/goldenData";

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;

/** `n` items of `groups` groups whose label is that of their group. */
const given = (n: number, groups: number, label: (group: number) => string | undefined) =>
  Array.from({ length: n }, (_, i) => ({ group: `g${i % groups}`, label: label(i % groups) }));

describe("dealFolds", () => {
  it("keeps a group in one fold and the folds nearly equal", () => {
    const items = given(103, 40, (group) => `label ${group % 3}`);
    const { folds, items: kept } = dealFolds(items, { count: 5, seed: 1 });
    const foldOf = new Map<string, number>();
    kept.forEach((i, at) => {
      const { group } = items[i]!;
      expect(foldOf.get(group) ?? folds[at]).toBe(folds[at]);
      foldOf.set(group, folds[at]!);
    });
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(3); // one group
  });

  it("leaves out items without a label, and labels too few groups have, and counts them", () => {
    const items = [
      ...given(30, 30, (group) => `label ${group % 2}`),
      { group: "x", label: undefined },
      { group: "y", label: "" },
      ...Array.from({ length: 9 }, () => ({ group: "z", label: "only in one group" })),
    ];
    const dealt = dealFolds(items, { count: 5, seed: 0 });
    expect(dealt).toMatchObject({ unlabelled: 2, rare: { items: 9, classes: 1 }, classes: 2 });
    expect(dealt.items.length).toBe(30);
  });

  it("deals alike for one seed and differently for another", () => {
    const items = given(60, 60, (group) => `label ${group % 2}`);
    const deal = (seed: number) => [...dealFolds(items, { count: 5, seed }).folds];
    expect(deal(1)).toEqual(deal(1));
    expect(deal(1)).not.toEqual(deal(2));
  });

  it("refuses data with one label or none", () => {
    const one = given(30, 30, () => "same");
    expect(() => dealFolds(one, { count: 5, seed: 0 })).toThrow(code("data/too-few"));
    expect(() => dealFolds([], { count: 5, seed: 0 })).toThrow(code("data/too-few"));
  });
});

it("knows what always naming the most frequent class gives", () => {
  expect(majorityShare({ labels: Uint32Array.of(0, 1, 1, 2, 1), classes: 3 })).toBe(0.6);
});

it("shuffles labels without losing one", () => {
  const labels = Uint32Array.from({ length: 100 }, (_, i) => i % 7);
  const shuffled = shuffledLabels(labels, 3);
  expect([...shuffled].sort()).toEqual([...labels].sort());
  expect([...shuffled]).not.toEqual([...labels]);
});

describe("voteNearest", () => {
  it("takes the class with most votes, and of equals the nearer", () => {
    const neighbours = {
      items: 3,
      k: 4,
      indices: Uint32Array.of(1, 2, 2, 0, 0, 2, 2, 0, 2, 2, 0, 0),
    };
    const classes = voteNearest(neighbours, Uint32Array.of(0, 1, 2), 3);
    expect([...classes]).toEqual([2, 0, 2]);
  });
});

/** Items around one centre per class. */
function clusters(n: number, width: number, classes: number, noise: number) {
  const centres = gauss(1, classes, width);
  const errors = gauss(2, n, width);
  const random = rng(3);
  const labels = Uint32Array.from({ length: n }, () => Math.floor(random() * classes));
  const data = errors.data.map((error, at) => {
    const label = labels[Math.floor(at / width)]!;
    return centres.data[label * width + (at % width)]! + noise * error;
  });
  return { items: matrix64(n, width, data), labels };
}

function topOne(items: Matrix64, labels: Uint32Array, classes: number): number {
  const folds = Uint8Array.from({ length: items.rows }, (_, i) => i % 5);
  const probe = new LinearProbe(items, folds, [{ labels, classes }]);
  let hits = 0;
  for (let fold = 0; fold < probe.count; fold++) {
    const [predicted] = probe.readFold(fold);
    folds.forEach((own, i) => (hits += Number(own === fold && predicted![i] === labels[i])));
  }
  return hits / items.rows;
}

describe("LinearProbe", () => {
  it("reads classes that lie apart on folds it has not seen", () => {
    const { items, labels } = clusters(300, 12, 4, 0.3);
    expect(topOne(items, labels, 4)).toBeGreaterThan(0.97);
  });

  it("finds no more than chance in shuffled labels, though it could learn them by heart", () => {
    const { items, labels } = clusters(300, 200, 2, 0.3);
    expect(Math.abs(topOne(items, shuffledLabels(labels, 1), 2) - 0.5)).toBeLessThan(0.1);
  });

  it("gives the same classes wherever the embeddings are shifted to", () => {
    const { items, labels } = clusters(120, 6, 3, 1.5);
    const moved = matrix64(
      120,
      6,
      items.data.map((value) => value + 10),
    );
    expect(topOne(moved, labels, 3)).toBe(topOne(items, labels, 3));
  });

  it("equals ridge regression solved by gradient descent", () => {
    const { items, labels } = clusters(60, 3, 2, 1);
    const folds = Uint8Array.from({ length: 60 }, (_, i) => i % 3);
    const probe = new LinearProbe(items, folds, [{ labels, classes: 2 }]);
    const [predicted] = probe.readFold(0);
    const train = [...folds.keys()].filter((i) => folds[i] !== 0);
    const expected = [0.01, 0.1, 1].map((lambda) => descend(items, labels, train, lambda));
    const agrees = expected.map((classify) =>
      [...folds.keys()].every((i) => folds[i] !== 0 || classify(i) === predicted![i]),
    );
    expect(agrees).toContain(true);
  });

  it("names the most frequent class when all vectors are equal", () => {
    const labels = Uint32Array.from({ length: 50 }, (_, i) => Number(i % 10 < 3));
    expect(topOne(matrix64(50, 4), labels, 2)).toBeCloseTo(0.7, 12);
  });

  it("refuses NaN", () => {
    const { items, labels } = clusters(50, 4, 2, 1);
    items.data[7] = NaN;
    expect(() => topOne(items, labels, 2)).toThrow(code("data/non-finite"));
  });
});

/** Two-class ridge by plain gradient descent on centred data: the oracle. */
function descend(items: Matrix64, labels: Uint32Array, train: number[], lambda: number) {
  const d = items.cols;
  const x = (i: number, k: number) => items.data[i * d + k]!;
  const mean = Array.from({ length: d }, (_, k) => average(train.map((i) => x(i, k))));
  const prior = average(train.map((i) => labels[i]!));
  const trace = average(train.map((i) => mean.reduce((s, m, k) => s + (x(i, k) - m) ** 2, 0)));
  const shift = (lambda * trace) / d;
  const weights = new Array<number>(d).fill(0);
  const output = (i: number) => weights.reduce((s, w, k) => s + w * (x(i, k) - mean[k]!), 0);
  for (let step = 0; step < 2_000; step++) {
    const errors = train.map((i) => output(i) - (labels[i]! - prior));
    const gradient = weights.map(
      (w, k) => average(train.map((i, t) => errors[t]! * (x(i, k) - mean[k]!))) + shift * w,
    );
    gradient.forEach((g, k) => (weights[k]! -= 0.1 * g));
  }
  return (i: number) => Number(output(i) + prior > 0.5);
}

const average = (values: number[]) => values.reduce((s, v) => s + v, 0) / values.length;
