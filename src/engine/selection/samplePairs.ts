import type { Item, Pair } from "../../core/domain/dataset";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { pairTableOf } from "../../core/domain/splits";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import type { DatasetStore } from "../../core/ports";

/** One pair of the sample, by what its items are called everywhere. */
export interface SampledPair extends Readonly<Record<AlignedModality, string>> {
  /** Pairs of one group must not be on both sides of a fold. */
  readonly group: string;
  /** Values of the label columns, of whichever item has them. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface PairSample {
  readonly pairs: readonly SampledPair[];
  /** Connected components there were to draw from. */
  readonly available: number;
}

/**
 * Training pairs to choose encoders on: at most `maxPairs`, one of each connected component, so
 * that an image with five captions counts once. The same seed draws the same pairs, and a smaller
 * sample is a part of a larger one. Validation and test pairs are never looked at.
 */
export async function samplePairs(
  datasets: Pick<DatasetStore, "items" | "pairs">,
  projectId: string,
  { maxPairs, seed }: { readonly maxPairs: number; readonly seed: number },
): Promise<PairSample> {
  const [image, text, pairs] = await Promise.all([
    datasets.items(projectId, "image"),
    datasets.items(projectId, "text"),
    datasets.pairs(projectId),
  ]);
  const components = trainingComponents(pairs);
  const random = rng(seedFrom(seed, "comparison"));
  const drawn = components.map((members) => members[Math.floor(random() * members.length)]!);
  const order = permutation(drawn.length, random).subarray(0, maxPairs).sort();
  return {
    pairs: Array.from(order, (c) => describe(drawn[c]!, { image, text })),
    available: components.length,
  };
}

type PairOfBoth = Pair & Readonly<Record<AlignedModality, number>>;

/** The training pairs that have both sides, by connected component, in order of appearance. */
function trainingComponents(pairs: readonly Pair[]): PairOfBoth[][] {
  const used = pairs.filter(
    (pair): pair is PairOfBoth =>
      pair.split === "train" &&
      pair.excluded === undefined &&
      pair.image !== undefined &&
      pair.text !== undefined,
  );
  const members: PairOfBoth[][] = [];
  const { component } = pairTableOf(used);
  used.forEach((pair, p) => (members[component[p]!] ??= []).push(pair));
  return members;
}

function describe(
  pair: PairOfBoth,
  items: Readonly<Record<AlignedModality, readonly Item[]>>,
): SampledPair {
  const [image, text] = ALIGNED_MODALITIES.map((modality) => items[modality][pair[modality]]!);
  return {
    image: image!.digest,
    text: text!.digest,
    group: pair.group,
    labels: { ...text!.labels, ...image!.labels },
  };
}
