import type { Item, Pair, Split } from "../../core/domain/dataset";
import type { Hub } from "../../core/domain/hub";
import { isInUse } from "../../core/domain/inUse";
import type { Modality } from "../../core/domain/modality";
import { pairTableOf, type AlignedPair } from "../../core/domain/splits";
import type { PairTable } from "../../core/domain/alignmentData";
import { UnionFind } from "../../core/math/unionFind";
import type { DatasetStore } from "../../core/ports";

/** The split every caption of a project counts as, by the caption's digest. */
export type CaptionSplits = ReadonlyMap<string, Split>;

/** What a project says about which of its items and captions belong together. */
export interface ProjectLinks {
  readonly projectId: string;
  readonly pairs: readonly LinkedPair[];
  /** Of every caption that a pair in use has. */
  readonly splits: CaptionSplits;
}

/** A pair in use, with the split that counts in the hub. */
export interface LinkedPair {
  /** As the project stores it. */
  readonly pair: Pair;
  /** Digest of its caption. */
  readonly caption: string;
  readonly split: Split;
}

/** Items of one modality with what ties them to others; entry i of both is item i's. */
export interface ItemLinks {
  /** Digests of each item's captions. */
  readonly captions: readonly (readonly string[])[];
  /** The strongest split of any of its pairs; `test` where it has none. */
  readonly splits: readonly Split[];
}

const STRENGTH = { test: 0, validation: 1, train: 2 } as const satisfies Record<Split, number>;

/** The stronger split: what has been trained on is never held out, whatever else it is in. */
export function strongest(a: Split, b: Split): Split {
  return STRENGTH[a] >= STRENGTH[b] ? a : b;
}

/**
 * The splits that hold for every project of a hub: those of the project whose run was frozen. Where
 * a text encoder's own space was, nothing was trained, so there is nothing to keep apart from it.
 */
export async function hubCaptionSplits(
  datasets: Pick<DatasetStore, "items" | "pairs">,
  { projectId, source }: Pick<Hub, "projectId" | "source">,
): Promise<CaptionSplits> {
  if (source.kind === "text-encoder") return new Map();
  return (await loadLinks(datasets, projectId, new Map())).splits;
}

/** Reads what a project's pairs tie together, under the splits of the hub. */
export async function loadLinks(
  datasets: Pick<DatasetStore, "items" | "pairs">,
  projectId: string,
  hubSplits: CaptionSplits,
): Promise<ProjectLinks> {
  const [texts, pairs] = await Promise.all([
    datasets.items(projectId, "text"),
    datasets.pairs(projectId),
  ]);
  return { projectId, ...linkPairs(pairs, texts, hubSplits) };
}

/**
 * The pairs in use under the hub's splits.
 *
 * Where the hub knows a caption, its split wins over the project's own: a caption the hub was
 * trained on must not become a test. Pairs of one group, and pairs of one caption, follow
 * together, to the strongest split among them: train, then validation, then test.
 */
export function linkPairs(
  pairs: readonly Pair[],
  texts: readonly Pick<Item, "digest">[],
  hubSplits: CaptionSplits,
): Pick<ProjectLinks, "pairs" | "splits"> {
  const used = pairs.flatMap((pair) => {
    const caption = texts[pair.text ?? -1]?.digest;
    return caption !== undefined && isInUse(pair) ? [{ pair, caption }] : [];
  });
  const sets = setsOf(used);
  const ofSet = new Map<number, Split>();
  used.forEach(({ caption }, i) => {
    const known = hubSplits.get(caption);
    const set = sets[i];
    if (known === undefined || set === undefined) return;
    ofSet.set(set, strongest(ofSet.get(set) ?? known, known));
  });
  const linked = used.map(({ pair, caption }, i): LinkedPair => {
    return { pair, caption, split: ofSet.get(sets[i] ?? -1) ?? pair.split };
  });
  const splits = new Map<string, Split>();
  for (const { caption, split } of linked) {
    splits.set(caption, strongest(splits.get(caption) ?? split, split));
  }
  return { pairs: linked, splits };
}

/** Captions and splits of every item of a modality. */
export function itemLinks(
  { pairs }: Pick<ProjectLinks, "pairs">,
  modality: Modality,
  items: number,
): ItemLinks {
  const captions = Array.from({ length: items }, () => new Set<string>());
  const own = new Array<Split>(items).fill("test");
  for (const { pair, caption, split } of pairs) {
    const item = pair[modality] ?? -1;
    const held = own[item];
    if (held === undefined) continue;
    captions[item]?.add(caption);
    own[item] = strongest(held, split);
  }
  return { captions: captions.map((digests) => [...digests]), splits: own };
}

/**
 * Pairs of rows of two galleries whose captions are equal. The first gallery's rows stand in the
 * column `image`, the second's in `text`: names of the sides of a pair table, no more.
 *
 * A pair counts as the strongest split of its two ends, so a pair of `test` is held out by both.
 */
export function pairsByCaption(
  a: Pick<ItemLinks, "captions" | "splits">,
  b: Pick<ItemLinks, "captions" | "splits">,
): PairTable {
  const rowsOf = new Map<string, number[]>();
  b.captions.forEach((digests, row) => {
    for (const digest of digests) {
      const rows = rowsOf.get(digest);
      if (rows) rows.push(row);
      else rowsOf.set(digest, [row]);
    }
  });
  const pairs: AlignedPair[] = [];
  a.captions.forEach((digests, image) => {
    const partners = new Set(digests.flatMap((digest) => rowsOf.get(digest) ?? []));
    for (const text of partners) {
      const split = strongest(a.splits[image] ?? "train", b.splits[text] ?? "train");
      pairs.push({ image, text, split });
    }
  });
  return pairTableOf(pairs);
}

/** A number per pair, the same for pairs that groups or captions tie together. */
function setsOf(used: readonly { readonly pair: Pair; readonly caption: string }[]): number[] {
  const places = new Map<string, number>();
  const placeOf = (name: string) => {
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  const ends = used.map(({ pair, caption }) => {
    return [placeOf(`group ${pair.group}`), placeOf(`caption ${caption}`)] as const;
  });
  const sets = new UnionFind(places.size);
  for (const [group, caption] of ends) sets.union(group, caption);
  return ends.map(([group]) => sets.find(group));
}
