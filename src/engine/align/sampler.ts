import type { PairTable } from "../../core/domain/alignmentData";
import type { Positives } from "../../core/domain/alignSettings";
import type { Split } from "../../core/domain/dataset";
import { AppError } from "../../core/errors";
import { permutation, rng, seedFrom } from "../../core/math/rng";

/** Row numbers of a batch's images and texts; entry i of all three is a pair. */
export interface Batch {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
  /** Connected component of each pair. */
  readonly component: Uint32Array;
}

export interface SamplerOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly positives: Positives;
}

/** Indices into `pairs` of one split, by connected component, in order of first appearance. */
export function pairsByComponent(pairs: PairTable, split: Split): readonly (readonly number[])[] {
  const components = new Map<number, number[]>();
  for (let p = 0; p < pairs.length; p++) {
    if (pairs.split[p] !== split) continue;
    const members = components.get(pairs.component[p]!);
    if (members) members.push(p);
    else components.set(pairs.component[p]!, [p]);
  }
  return [...components.values()];
}

/**
 * Batches of training pairs, as a function of (seed, step) only: step 412 is the same batch whether
 * or not steps 0 to 411 were drawn.
 *
 * - `sampled`: a batch takes a connected component at most once, because two captions of one image
 *   would be each other's false negatives, and picks one of its pairs at random.
 * - `several`: the same, and a second batch of the same components with another caption of each; if
 *   a component has one caption, another of its pairs, if it has one pair, that again.
 * - `masked`, `soft`: pairs are drawn freely, so that a batch may hold several of a component.
 *
 * Every epoch runs through the components (the pairs, where they are drawn freely) in a new order
 * and drops the last partial batch.
 *
 * @returns `batches(step)`, step counted from 0: one batch, two for `several`.
 * @throws AppError `data/too-few` when there are fewer components (pairs) than `batchSize`.
 */
export function openSampler(
  pairs: PairTable,
  { batchSize, seed, positives }: SamplerOptions,
): (step: number) => readonly Batch[] {
  const components = pairsByComponent(pairs, "train");
  // Drawn freely, every pair is a component of its own.
  const units = drawsFreely(positives) ? components.flat().map((p) => [p]) : components;
  if (units.length < batchSize) {
    const what = drawsFreely(positives) ? "training pairs" : "unrelated training pairs";
    throw new AppError("data/too-few", `${units.length} ${what}, batch of ${batchSize}`);
  }
  const unitsOf = epochs(units, batchSize, seed);
  return (step) => {
    const members = unitsOf(step);
    const random = rng(seedFrom(seed, "pair", step));
    const first = members.map((of) => of[Math.floor(random() * of.length)]!);
    if (positives !== "several") return [batchOf(pairs, first)];
    const again = rng(seedFrom(seed, "second pair", step));
    const second = members.map((of, i) => another(pairs, of, first[i]!, again));
    return [batchOf(pairs, first), batchOf(pairs, second)];
  };
}

/** Whether a batch may hold several pairs of one component. */
export const drawsFreely = (positives: Positives): boolean =>
  positives === "masked" || positives === "soft";

/** The entries of `units` that step `step` takes. */
function epochs<T>(units: readonly T[], batchSize: number, seed: number): (step: number) => T[] {
  const batchesPerEpoch = Math.floor(units.length / batchSize);
  let epochInHand = -1;
  let order: Uint32Array = new Uint32Array();
  return (step) => {
    const epoch = Math.floor(step / batchesPerEpoch);
    if (epoch !== epochInHand) {
      order = permutation(units.length, rng(seedFrom(seed, "epoch", epoch)));
      epochInHand = epoch;
    }
    const start = (step % batchesPerEpoch) * batchSize;
    return Array.from(order.subarray(start, start + batchSize), (u) => units[u]!);
  };
}

/** Another pair of `members` than `first`, with another caption if there is one. */
function another(
  pairs: PairTable,
  members: readonly number[],
  first: number,
  random: () => number,
): number {
  const caption = pairs.text[first]!;
  const others = members.filter((p) => pairs.text[p] !== caption);
  const rest = others.length > 0 ? others : members.filter((p) => p !== first);
  return rest[Math.floor(random() * rest.length)] ?? first;
}

function batchOf(pairs: PairTable, chosen: readonly number[]): Batch {
  const column = (values: Uint32Array) => Uint32Array.from(chosen, (p) => values[p]!);
  return {
    image: column(pairs.image),
    text: column(pairs.text),
    component: column(pairs.component),
  };
}
