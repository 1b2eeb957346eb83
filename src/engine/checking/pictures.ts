import type { DataCheck } from "../../core/domain/edit";
import { largestFirst, mediaNoun, pairsIn, type CheckedData } from "./checkedData";
import { linkedSets, nearLooks, NEAR_DIFFERENCE, pixelDifference } from "./nearDuplicates";

/** A picture at 16 × 16 RGB, or null where it cannot be read. */
export type ReadPixels = (digest: string) => Promise<Uint8Array | null>;

/** Pictures compared pixel by pixel at most: at about a millisecond each, ten seconds. */
const MOST_COMPARED = 10_000;

/** Sets of items with equal bytes, as item indices. */
export function equalFiles({ media, pairsOfMedia }: CheckedData): number[][] {
  const byDigest = new Map<string, number[]>();
  media.forEach(({ digest }, i) => {
    if (pairsOfMedia[i]?.length === 0) return;
    const held = byDigest.get(digest);
    if (held) held.push(i);
    else byDigest.set(digest, [i]);
  });
  return [...byDigest.values()].filter(({ length }) => length > 1);
}

/** Files with equal bytes under several names; the action keeps the first of each. */
export function checkEqualFiles(data: CheckedData): DataCheck {
  const sets = equalFiles(data);
  const pairsOf = (item: number) => data.pairsOfMedia[item] ?? [];
  const copies = sets.flatMap(([, ...others]) => others);
  const groups = largestFirst(sets.map((items) => items.flatMap(pairsOf)));
  const noun = mediaNoun(data.modality, 2);
  const count = copies.length.toLocaleString("en");
  return {
    id: "same-picture",
    name: `exact copies of ${noun}`,
    count: pairsIn(groups),
    detail:
      copies.length === 0
        ? `No two files have the same bytes.`
        : `${count} ${copies.length === 1 ? "file is a copy" : "files are copies"} of another, byte for byte; as negatives of each other they teach the wrong thing.`,
    groups,
    action:
      copies.length === 0
        ? null
        : {
            words: `Keep the first of each, exclude ${count}`,
            request: {
              kind: "exclude",
              pairs: copies.flatMap(pairsOf),
              reason: `copy of another ${mediaNoun(data.modality, 1)}`,
            },
          },
  };
}

/** What was found about look-alikes; `null` where pictures were not decoded at import. */
export interface NearSets {
  /** Sets of item indices. */
  readonly sets: readonly (readonly number[])[];
  /** Look-alikes by hash that were not compared pixel by pixel: too many, or unreadable. */
  readonly uncompared: number;
}

/**
 * Pictures that look the same: hashes at most six bits apart, then compared pixel by pixel.
 *
 * @returns null when no picture has a hash.
 */
export async function nearPictures(
  { media, pairsOfMedia }: CheckedData,
  readPixels: ReadPixels,
  tick: () => Promise<void>,
): Promise<NearSets | null> {
  const looks = media.map(({ look }, i) => (pairsOfMedia[i]?.length === 0 ? undefined : look));
  if (!looks.some((look) => look !== undefined)) return null;
  const equal = sameLook(looks, media);
  const candidates = [...equal, ...(await nearLooks(looks, tick))];
  const compared = new Map<number, Uint8Array | null>();
  const links: [number, number][] = [];
  let uncompared = 0;
  for (const [a, b] of candidates) {
    for (const item of [a, b]) {
      const digest = media[item]?.digest;
      if (compared.has(item) || compared.size >= MOST_COMPARED || digest === undefined) continue;
      compared.set(item, await readPixels(digest));
      await tick();
    }
    const [left, right] = [compared.get(a), compared.get(b)];
    if (!left || !right) uncompared++;
    else if (pixelDifference(left, right) <= NEAR_DIFFERENCE) links.push([a, b]);
  }
  return { sets: linkedSets(media.length, links), uncompared };
}

/** Near-duplicates as a check; the action keeps them on one side of the split. */
export function checkNearPictures(data: CheckedData, near: NearSets | null): DataCheck {
  const common = { id: "near-picture", name: "near-duplicate pictures" } as const;
  if (data.modality !== "image" || near === null) {
    const detail =
      data.modality === "image"
        ? "Not computed: the pictures were not decoded at import (thumbnails were off)."
        : "Not computed: the files are sounds.";
    return { ...common, count: null, detail, groups: [], action: null };
  }
  const groups = largestFirst(
    near.sets.map((items) => items.flatMap((item) => data.pairsOfMedia[item] ?? [])),
  );
  const found = near.sets.flat().length.toLocaleString("en");
  const rest =
    near.uncompared > 0
      ? ` ${near.uncompared.toLocaleString("en")} more look-alikes were not compared pixel by pixel.`
      : "";
  return {
    ...common,
    count: pairsIn(groups),
    detail:
      (groups.length === 0
        ? "No two different pictures look the same."
        : `${found} pictures in ${groups.length.toLocaleString("en")} sets look the same at a glance, though their bytes differ.`) +
      rest,
    groups,
    action:
      groups.length === 0
        ? null
        : {
            words: "Keep each set together and draw the splits again",
            request: { kind: "resplit", together: groups },
          },
  };
}

/** The first picture of each hash with every other that shares it, copies by bytes left out. */
function sameLook(
  looks: readonly (string | undefined)[],
  media: CheckedData["media"],
): [number, number][] {
  const first = new Map<string, number>();
  const links: [number, number][] = [];
  looks.forEach((look, i) => {
    if (look === undefined) return;
    const held = first.get(look);
    if (held === undefined) first.set(look, i);
    else if (media[held]?.digest !== media[i]?.digest) links.push([held, i]);
  });
  return links;
}
