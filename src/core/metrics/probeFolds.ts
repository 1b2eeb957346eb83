import { AppError } from "../errors";
import { permutation, rng, seedFrom } from "../math/rng";

/** Labelled items, dealt to folds. Items are numbered as they were given, without those left out. */
export interface ProbeFolds {
  /** Which of the given items take part. */
  readonly items: Uint32Array<ArrayBuffer>;
  /** [items] class of each, in 0..classes-1 by first appearance. */
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly classes: number;
  /** [items] fold of each; items of one group share it. */
  readonly folds: Uint8Array<ArrayBuffer>;
  readonly unlabelled: number;
  /** Left out because fewer than `folds` groups have the label: no fold could learn and test it. */
  readonly rare: { readonly items: number; readonly classes: number };
}

/**
 * Deals labelled items to `count` folds of nearly equal size, whole groups at a time, at random.
 *
 * @throws AppError `data/too-few` when fewer than two labels are left.
 */
export function dealFolds(
  given: readonly { readonly group: string; readonly label: string | undefined }[],
  { count, seed }: { readonly count: number; readonly seed: number },
): ProbeFolds {
  const labelled = given.flatMap(({ group, label }, i) =>
    label === undefined || label === "" ? [] : [{ i, group, label }],
  );
  const groupsOf = new Map<string, Set<string>>();
  for (const { group, label } of labelled) {
    groupsOf.set(label, (groupsOf.get(label) ?? new Set()).add(group));
  }
  const kept = labelled.filter(({ label }) => groupsOf.get(label)!.size >= count);
  const names = new Map<string, number>();
  for (const { label } of kept) if (!names.has(label)) names.set(label, names.size);
  if (names.size < 2) {
    const found = `${groupsOf.size} labels, ${names.size} of them in at least ${count} groups`;
    throw new AppError("data/too-few", found);
  }
  const foldOf = dealGroups(kept, count, seed);
  return {
    items: Uint32Array.from(kept, ({ i }) => i),
    labels: Uint32Array.from(kept, ({ label }) => names.get(label)!),
    classes: names.size,
    folds: Uint8Array.from(kept, ({ group }) => foldOf.get(group)!),
    unlabelled: given.length - labelled.length,
    rare: { items: labelled.length - kept.length, classes: groupsOf.size - names.size },
  };
}

/** Groups in random order, each to the fold that has the fewest items by then. */
function dealGroups(
  items: readonly { readonly group: string }[],
  count: number,
  seed: number,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { group } of items) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const groups = [...sizes.keys()];
  const order = permutation(groups.length, rng(seedFrom(seed, "folds")));
  const filled = new Array<number>(count).fill(0);
  const foldOf = new Map<string, number>();
  for (const g of order) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf.set(groups[g]!, fold);
    filled[fold] = filled[fold]! + sizes.get(groups[g]!)!;
  }
  return foldOf;
}

/** Share of the most frequent class: what always naming it gives. */
export function majorityShare({ labels, classes }: Pick<ProbeFolds, "labels" | "classes">): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return Math.max(...counts) / labels.length;
}

/** The same labels, each on another item: what there is to learn is gone, the frequencies stay. */
export function shuffledLabels(labels: Uint32Array, seed: number): Uint32Array<ArrayBuffer> {
  return permutation(labels.length, rng(seedFrom(seed, "control"))).map((from) => labels[from]!);
}
