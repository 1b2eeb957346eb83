import { assert } from "../errors";
import type { Matrix } from "../math/matrix";

/** What each concept took, by index of the concept, rarest first. */
export interface BalancedConcepts {
  /** Concepts in the order in which they chose. */
  readonly order: readonly number[];
  /** Per concept (by its own index): the components it took, best first. */
  readonly taken: readonly (readonly number[])[];
}

/**
 * Rare-first greedy choice of a subset that covers every concept.
 *
 * A concept is rare when its M-th best component scores low, M = `perConcept`: there is little that
 * fits it. In that order each takes its best `perConcept` components not yet taken, so that a common
 * concept, which has a choice, never takes what a rare one lives on. Nothing is taken twice. Equal
 * scores fall to the earlier concept and the earlier component.
 *
 * @param scores [concepts, components], finite; higher fits better.
 * @returns indices of columns. Costs one sort of the components per concept.
 *
 * Source: Maniparambil et al., CVPR 2025, arXiv 2409.19425 (M = 50,000 there, 2,000 taken).
 */
export function balanceConcepts(scores: Matrix, perConcept: number): BalancedConcepts {
  const { rows: concepts, cols: components, data } = scores;
  const ranked = Array.from({ length: concepts }, (_, c) => {
    const own = data.subarray(c * components, (c + 1) * components);
    assert(own.every(Number.isFinite), `concept ${c} has a score that is no number`);
    return Uint32Array.from(own.keys()).sort((a, b) => own[b]! - own[a]! || a - b);
  });
  const last = Math.min(perConcept, components) - 1;
  const rarity = ranked.map((order, c) => data[c * components + (order[last] ?? 0)] ?? 0);
  const order = Array.from(rarity.keys()).sort((a, b) => rarity[a]! - rarity[b]! || a - b);
  const free = new Uint8Array(components).fill(1);
  const taken: number[][] = rarity.map(() => []);
  for (const concept of order) {
    const own = taken[concept]!;
    for (const component of ranked[concept]!) {
      if (own.length === perConcept) break;
      if (!free[component]) continue;
      free[component] = 0;
      own.push(component);
    }
  }
  return { order, taken };
}
