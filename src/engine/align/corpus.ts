import type { AlignmentData } from "../../core/domain/alignmentData";
import type { AlignedModality } from "../../core/domain/modality";
import { normalizeRows, row, takeRows, type Matrix } from "../../core/math/matrix";
import type { Batch } from "./sampler";

/** Every training item of a locked side, as negatives of every step. */
export interface Corpus {
  /** [M, P], L2-normalised. */
  readonly rows: Matrix;
  /**
   * Where a batch's own partners are in `rows`, and which other rows are no negatives of each: items
   * of the same component and items whose embedding equals one of theirs to the bit. A mixed row
   * (FuseMix) lies between two partners: neither of them, nor what is no negative of either.
   */
  of(batch: Batch): {
    readonly positive: Uint32Array;
    readonly masked: readonly (readonly number[])[];
  };
}

/** The corpus of one side's training items; `mixed` where FuseMix makes one row of two. */
export function openCorpus(data: AlignmentData, locked: AlignedModality, mixed = false): Corpus {
  const { pairs } = data;
  const at = new Map<number, number>(); // corpus row of an item
  const component: number[] = [];
  for (let p = 0; p < pairs.length; p++) {
    const item = pairs[locked][p] as number;
    if (pairs.split[p] !== "train" || at.has(item)) continue;
    at.set(item, at.size);
    component.push(pairs.component[p] as number);
  }
  const raw = takeRows(data[locked], [...at.keys()]);
  const related = groupsBy(component);
  const equal = groupsBy(equalityClasses(raw));
  // Not worked out for all rows at once: M pictures of one caption would be M² numbers.
  const notNegativesOf = (r: number) => {
    const others = new Set(related[r]?.flatMap((relative) => equal[relative] ?? []));
    others.delete(r);
    return [...others];
  };
  return {
    rows: normalizeRows(raw),
    of(batch) {
      const partners = batch[locked].map((item) => at.get(item) as number);
      if (!mixed) return { positive: partners, masked: Array.from(partners, notNegativesOf) };
      const half = partners.length / 2;
      const positive = partners.slice(0, half);
      const masked = Array.from(positive, (first, i) => {
        const second = partners[half + i] as number;
        const neither = new Set([second, ...notNegativesOf(first), ...notNegativesOf(second)]);
        neither.delete(first);
        return [...neither];
      });
      return { positive, masked };
    },
  };
}

/** For every index, all indices with the same key. */
function groupsBy(keys: readonly number[]): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const [i, key] of keys.entries()) {
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  return keys.map((key) => groups.get(key) ?? []);
}

/** A number per row, the same for rows that are equal to the bit. */
function equalityClasses(m: Matrix): readonly number[] {
  const firstWithHash = new Map<number, number[]>();
  return Array.from({ length: m.rows }, (_, i) => {
    const values = row(m, i);
    const hash = hashOf(values);
    const candidates = firstWithHash.get(hash) ?? [];
    const same = candidates.find((j) => row(m, j).every((value, d) => Object.is(value, values[d])));
    if (same !== undefined) return same;
    firstWithHash.set(hash, [...candidates, i]);
    return i;
  });
}

/** FNV-1a over 32-bit words. */
function hashOf(values: Float32Array): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length)) {
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  return hash;
}
