import type { PairTable } from "../../core/domain/alignmentData";
import type { Split } from "../../core/domain/dataset";
import { AppError } from "../../core/errors";
import { permutation, rng, seedFrom } from "../../core/math/rng";

/** Row numbers of a batch's images and texts; entry i of both is a pair. */
export interface Batch {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
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
 * A batch takes a connected component at most once, because two captions of one image in a batch
 * would be each other's false negatives, and picks one of its pairs at random. Every epoch runs
 * through the components in a new order and drops the last partial batch.
 *
 * @returns `batch(step)`, step counted from 0.
 * @throws AppError `data/too-few` when there are fewer components than `batchSize`.
 */
export function openSampler(
  pairs: PairTable,
  batchSize: number,
  seed: number,
): (step: number) => Batch {
  const components = pairsByComponent(pairs, "train");
  if (components.length < batchSize) {
    const detail = `${components.length} unrelated training pairs, batch of ${batchSize}`;
    throw new AppError("data/too-few", detail);
  }
  const batchesPerEpoch = Math.floor(components.length / batchSize);
  let epochInHand = -1;
  let order: Uint32Array = new Uint32Array();
  return (step) => {
    const epoch = Math.floor(step / batchesPerEpoch);
    if (epoch !== epochInHand) {
      order = permutation(components.length, rng(seedFrom(seed, "epoch", epoch)));
      epochInHand = epoch;
    }
    const start = (step % batchesPerEpoch) * batchSize;
    const random = rng(seedFrom(seed, "pair", step));
    const chosen = Array.from(order.subarray(start, start + batchSize), (c) => {
      const members = components[c]!;
      return members[Math.floor(random() * members.length)]!;
    });
    return {
      image: Uint32Array.from(chosen, (p) => pairs.image[p]!),
      text: Uint32Array.from(chosen, (p) => pairs.text[p]!),
    };
  };
}
