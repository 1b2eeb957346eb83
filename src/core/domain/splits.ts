import { UnionFind } from "../math/unionFind";
import type { PairTable } from "./alignmentData";
import type { Item, Pair, Split, SplitSpec } from "./dataset";
import { assert } from "../errors";
import { drawSplits } from "./drawSplits";
import type { AlignedModality, MediaModality } from "./modality";

/** A pair before it has a split: what its row says about group and split, if anything. */
export interface UnsplitPair {
  /** Index of the picture or sound. */
  readonly media: number;
  readonly text: number;
  /** Value of the group column, or null. */
  readonly group: string | null;
  /** What the data's own split column says, or null. */
  readonly declared: Split | null;
  readonly row: string;
}

/** Pairs with groups and splits, and what was found on the way. */
export interface SplitPairs {
  readonly pairs: readonly Pair[];
  readonly groups: number;
  readonly source: "column" | "drawn";
  /** Groups the data's own split column tears apart: a leak from train to test. */
  readonly straddling: { readonly groups: number; readonly pairs: number };
  /** Held-out pairs may have captions that were trained on; see `rootsFor`. */
  readonly knownCaptions: boolean;
}

const SPLIT_NAMES: ReadonlyMap<string, Split> = new Map([
  ["train", "train"],
  ["training", "train"],
  ["restval", "train"], // Karpathy's COCO splits: the rest of val2014, trained on by convention
  ["val", "validation"],
  ["valid", "validation"],
  ["validation", "validation"],
  ["dev", "validation"],
  ["test", "test"],
  ["testing", "test"],
]);

/** The split a value of a split column names, or undefined. */
export function splitNamed(value: string): Split | undefined {
  return SPLIT_NAMES.get(value.trim().toLowerCase());
}

/**
 * Groups pairs (connected by a shared item, equal bytes or a shared group value) and gives each a split: the
 * declared one where any pair declares one (pairs that do not then train), else drawn from the seed.
 *
 * Neither groups nor drawn splits depend on the order of the pairs: groups are sorted by the
 * smallest image digest in them before the draw.
 *
 * @param images digests of the pictures or sounds, by index.
 * @param modality what they are; the sides of a pair are named after it.
 */
export function assignSplits(
  pairs: readonly UnsplitPair[],
  images: readonly Pick<Item, "digest">[],
  spec: SplitSpec,
  modality: MediaModality = "image",
): SplitPairs {
  const { roots, knownCaptions } = rootsFor(mergeTwins(pairs, images), modality);
  const names = groupNames(pairs, roots, images);
  const declared = pairs.some((pair) => pair.declared !== null);
  const drawn = declared ? null : drawByRoot(pairs, roots, images, spec);
  return {
    pairs: pairs.map(({ media, text, declared: own, row }, i) => {
      const root = roots[i]!;
      const split = drawn?.get(root) ?? own ?? "train";
      return { [modality]: media, text, group: names.get(root)!, split, row };
    }),
    groups: names.size,
    source: declared ? "column" : "drawn",
    straddling: straddling(pairs, roots),
    knownCaptions,
  };
}

/** How splits are drawn anew. */
export interface ResplitOptions {
  /** What the pairs' pictures or sounds are. */
  readonly modality?: MediaModality;
  /** Lists of pairs, by index, that end up in one group whatever their columns say. */
  readonly together?: readonly (readonly number[])[];
}

/**
 * The same pairs with splits drawn anew, whatever column they came from.
 *
 * @param images the project's image items. A `spec.group` that names one of their label columns
 *   keeps its equal values together; any other (`auto` included) keeps the groups of the import.
 */
export function resplit(
  pairs: readonly Pair[],
  images: readonly Pick<Item, "digest" | "labels">[],
  spec: SplitSpec,
  { modality = "image", together = [] }: ResplitOptions = {},
): Pair[] {
  const isLabel = images.some((item) => item.labels && Object.hasOwn(item.labels, spec.group));
  const groups = pairs.map((pair) => {
    const label = images[pair[modality] ?? -1]?.labels?.[spec.group];
    return isLabel ? label || null : pair.group;
  });
  joinGroups(groups, pairs, together);
  const unsplit = pairs.map((pair, i) => {
    const media = pair[modality];
    const { text, row } = pair;
    assert(media !== undefined && text !== undefined, `pair of ${row} lacks a side`);
    return { media, text, row, group: groups[i] ?? null, declared: null };
  });
  const drawn = assignSplits(unsplit, images, spec, modality).pairs;
  return pairs.map((pair, i) => ({ ...pair, group: drawn[i]!.group, split: drawn[i]!.split }));
}

/** Gives the groups of each list of pairs one name: the smallest of theirs. */
function joinGroups(
  groups: (string | null)[],
  pairs: readonly Pair[],
  together: readonly (readonly number[])[],
): void {
  if (together.length === 0) return;
  for (const i of together.flat()) groups[i] ??= pairs[i]?.group ?? null;
  const names = [...new Set(groups)].filter((name) => name !== null).sort();
  const places = new Map(names.map((name, place) => [name, place]));
  const sets = new UnionFind(names.length);
  const placeOf = (i: number) => places.get(groups[i] ?? "") ?? 0;
  for (const [first, ...others] of together) {
    if (first === undefined) continue;
    for (const other of others) sets.union(placeOf(first), placeOf(other));
  }
  groups.forEach((name, i) => {
    if (name !== null) groups[i] = names[sets.find(placeOf(i))] ?? name;
  });
}

/** A pair whose two sides both have an embedding, by their rows. */
export interface AlignedPair extends Readonly<Record<AlignedModality, number>> {
  readonly split: Split;
}

/**
 * Pairs as columns for training. Components are numbered by first appearance, over `image` and
 * `text` alone: a group column keeps pairs on one side of a split, it does not make them positives.
 */
export function pairTableOf(pairs: readonly AlignedPair[]): PairTable {
  const roots = componentRoots(
    pairs.map(({ image, text }) => ({ media: image, text, group: null })),
  );
  const numbers = new Map<number, number>();
  for (const root of roots) if (!numbers.has(root)) numbers.set(root, numbers.size);
  return {
    length: pairs.length,
    image: Uint32Array.from(pairs, (pair) => pair.image),
    text: Uint32Array.from(pairs, (pair) => pair.text),
    split: pairs.map((pair) => pair.split),
    component: Uint32Array.from(roots, (root) => numbers.get(root)!),
  };
}

/** How many pairs each split has. */
export function countSplits(pairs: readonly Pick<Pair, "split">[]): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { split } of pairs) counts[split]++;
  return counts;
}

/** Pairs in which pictures with equal bytes are one, so that a twin never leaks into the test. */
function mergeTwins(
  pairs: readonly UnsplitPair[],
  images: readonly Pick<Item, "digest">[],
): UnsplitPair[] {
  const firstWith = new Map<string, number>();
  images.forEach(({ digest }, i) => {
    if (!firstWith.has(digest)) firstWith.set(digest, i);
  });
  return pairs.map((pair) => ({ ...pair, media: firstWith.get(images[pair.media]!.digest)! }));
}

/** Fewer groups than this hold nothing out worth measuring: one or two make up each split. */
const CAPTION_GROUPS_MIN = 10;

/**
 * Components by shared items and groups. Windows of sensors often have the same few captions in
 * every recording: captions would tie all of it into one group, with nothing held out. Where fewer
 * than ten groups would be left, windows are tied by what was recorded together alone.
 */
function rootsFor(
  pairs: readonly UnsplitPair[],
  modality: MediaModality,
): { roots: Uint32Array; knownCaptions: boolean } {
  const roots = componentRoots(pairs);
  if (modality !== "sensor" || new Set(roots).size >= CAPTION_GROUPS_MIN) {
    return { roots, knownCaptions: false };
  }
  // A caption per pair ties nothing.
  const apart = componentRoots(pairs.map((pair, text) => ({ ...pair, text })));
  const isFiner = new Set(apart).size > new Set(roots).size;
  return isFiner ? { roots: apart, knownCaptions: true } : { roots, knownCaptions: false };
}

/** [pairs] the component of each pair; equal numbers belong together. */
function componentRoots(
  pairs: readonly Pick<UnsplitPair, "media" | "text" | "group">[],
): Uint32Array {
  const images = pairs.reduce((most, pair) => Math.max(most, pair.media + 1), 0);
  const texts = pairs.reduce((most, pair) => Math.max(most, pair.text + 1), 0);
  const groups = new Map<string, number>();
  for (const { group } of pairs) {
    if (group !== null && !groups.has(group)) groups.set(group, images + texts + groups.size);
  }
  const sets = new UnionFind(images + texts + groups.size);
  for (const { media, text, group } of pairs) {
    sets.union(media, images + text);
    if (group !== null) sets.union(media, groups.get(group)!);
  }
  return Uint32Array.from(pairs, (pair) => sets.find(pair.media));
}

/** A name per component: its smallest group value, else the start of its smallest image digest. */
function groupNames(
  pairs: readonly UnsplitPair[],
  roots: Uint32Array,
  images: readonly Pick<Item, "digest">[],
): Map<number, string> {
  const values = smallestBy(roots, (i) => pairs[i]!.group);
  const digests = smallestBy(roots, (i) => images[pairs[i]!.media]!.digest);
  return new Map(
    [...digests].map(([root, digest]) => [root, values.get(root) ?? digest.slice(0, 12)]),
  );
}

function drawByRoot(
  pairs: readonly UnsplitPair[],
  roots: Uint32Array,
  images: readonly Pick<Item, "digest">[],
  spec: SplitSpec,
): Map<number, Split> {
  const sizes = new Map<number, number>();
  for (const root of roots) sizes.set(root, (sizes.get(root) ?? 0) + 1);
  const keys = smallestBy(roots, (i) => images[pairs[i]!.media]!.digest);
  const sorted = [...keys].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([root]) => root);
  const splits = drawSplits(
    sorted.map((root) => sizes.get(root)!),
    spec,
  );
  return new Map(sorted.map((root, i) => [root, splits[i]!]));
}

/** The smallest value any pair of each component has; nulls do not count. */
function smallestBy(roots: Uint32Array, valueAt: (i: number) => string | null) {
  const smallest = new Map<number, string>();
  roots.forEach((root, i) => {
    const value = valueAt(i);
    const held = smallest.get(root);
    if (value !== null && (held === undefined || value < held)) smallest.set(root, value);
  });
  return smallest;
}

function straddling(pairs: readonly UnsplitPair[], roots: Uint32Array) {
  const splitsOf = new Map<number, Set<Split>>();
  const sizes = new Map<number, number>();
  roots.forEach((root, i) => {
    const own = pairs[i]!.declared ?? "train";
    splitsOf.set(root, (splitsOf.get(root) ?? new Set<Split>()).add(own));
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  });
  const torn = [...splitsOf].filter(([, splits]) => splits.size > 1).map(([root]) => root);
  return { groups: torn.length, pairs: torn.reduce((sum, root) => sum + sizes.get(root)!, 0) };
}
