import { beforeAll, expect, it } from "vitest";
import type { ComparedPair } from "../../src/core/domain/comparison";
import { DEFAULT_COMPARISON } from "../../src/core/domain/comparison";
import { takeRows } from "../../src/core/math/matrix";
import { permutation, rng } from "../../src/core/math/rng";
import { mutualKnnChance } from "../../src/core/metrics/mutualKnn";
import { openBackend } from "../../src/engine/align/backend";
import { compareSets } from "../../src/engine/selection/compareSets";
import { referenceData } from "../bench/referenceData";

// What numpy gives in float64, from Gram matrices, on the same 1,652 pairs with k = 10.
const NUMPY = { cka: 0.277068, biasedCka: 0.305471, mutualKnn: 0.193765 } as const;

const data = referenceData();

/** The first artwork of every concept, and its caption. */
const firstPairs = (() => {
  const seen = new Set<number>();
  return Array.from(data.pairs.component.keys()).filter((p) => {
    const component = data.pairs.component[p]!;
    return !seen.has(component) && seen.add(component);
  });
})();

async function compare(texts: ArrayLike<number>): Promise<ComparedPair> {
  const image = takeRows(
    data.image,
    Uint32Array.from(firstPairs, (p) => data.pairs.image[p]!),
  );
  const text = takeRows(data.text, texts);
  const set = (items: typeof image) => ({
    choice: { id: "x", pooling: "mean" as const, layer: null },
    name: "x",
    load: async () => items,
  });
  const compared = await compareSets(
    { image: [set(image)], text: [set(text)] },
    { ...DEFAULT_COMPARISON, signal: new AbortController().signal, report() {} },
  );
  return compared.cells[0]!;
}

const captions = firstPairs.map((p) => data.pairs.text[p]!);
let pair: ComparedPair;
beforeAll(async () => {
  await openBackend("wasm");
  pair = await compare(captions);
}, 120_000);

it("finds one pair for each of the sample's concepts", () => {
  expect(firstPairs.length).toBe(1_652);
});

it("gives numpy's figures on the emoji sample", () => {
  expect(pair.cka.value).toBeCloseTo(NUMPY.cka, 5);
  expect(pair.biasedCka).toBeCloseTo(NUMPY.biasedCka, 5);
  // In float32 a near tie may fall the other way: each such pair is 6e-5.
  expect(Math.abs(pair.mutualKnn.value - NUMPY.mutualKnn)).toBeLessThan(5e-4);
});

it("puts the usual CKA about 0.03 above the unbiased one", () => {
  expect(pair.biasedCka - pair.cka.value).toBeGreaterThan(0.02);
  expect(pair.biasedCka - pair.cka.value).toBeLessThan(0.04);
});

it("finds both far above their nulls, and the nulls where they must be", () => {
  expect(pair.mutualKnn.p).toBe(1 / 201);
  expect(pair.cka.p).toBe(1 / 201);
  expect(Math.abs(pair.mutualKnn.nullMean - mutualKnnChance(1_652, 10))).toBeLessThan(3e-4);
  expect(Math.abs(pair.cka.nullMean)).toBeLessThan(2e-3);
});

it("finds nothing after the captions are shuffled", async () => {
  const order = permutation(captions.length, rng(3));
  const { cka, mutualKnn } = await compare(Array.from(order, (i) => captions[i]!));
  expect(Math.abs(cka.value)).toBeLessThan(0.02);
  expect(mutualKnn.value).toBeLessThan(0.01);
  expect(mutualKnn.p).toBeGreaterThan(0.005);
});
