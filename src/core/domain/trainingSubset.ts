import { permutation, rng, seedFrom } from "../math/rng";
import type { PairTable } from "./alignmentData";

/** Components that have a training pair, ascending: the unrelated training pairs of a data set. */
export function trainingComponents({ component, split }: PairTable): Uint32Array {
  return Uint32Array.from(new Set(component.filter((_, p) => split[p] === "train"))).sort();
}

/** The pairs without those training pairs whose component is not in `kept`; other splits whole. */
export function keepComponents(pairs: PairTable, kept: ReadonlySet<number>): PairTable {
  const places = Array.from(pairs.split.keys()).filter(
    (p) => pairs.split[p] !== "train" || kept.has(pairs.component[p]!),
  );
  return {
    length: places.length,
    image: Uint32Array.from(places, (p) => pairs.image[p]!),
    text: Uint32Array.from(places, (p) => pairs.text[p]!),
    split: places.map((p) => pairs.split[p]!),
    component: Uint32Array.from(places, (p) => pairs.component[p]!),
  };
}

/**
 * `count` training components drawn at random; all of them when there are no more.
 *
 * Nested: the draw of 100 is part of the draw of 300 of the same seed, so that a learning curve
 * grows one training set instead of comparing different ones.
 */
export function drawComponents(pairs: PairTable, count: number, seed: number): Set<number> {
  const components = trainingComponents(pairs);
  const order = permutation(components.length, rng(seedFrom(seed, "trainOn")));
  return new Set(Array.from(order.subarray(0, count), (i) => components[i]!));
}
