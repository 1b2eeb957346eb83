import type { MissingRequest } from "../../core/domain/hubQuery";
import type { RetrievalResult } from "../../core/domain/evaluation";
import { AppError } from "../../core/errors";
import { takeRows, type Matrix } from "../../core/math/matrix";
import { rng, seedFrom } from "../../core/math/rng";
import { UnionFind } from "../../core/math/unionFind";
import { chanceOfDirection } from "../../core/metrics/chance";
import { summarizeDirection } from "../../core/metrics/evaluateRetrieval";
import { relevanceFrom, type Relevance } from "../../core/metrics/relevance";
import { firstHitRanks } from "../../core/metrics/retrieval";
import { breathe } from "../align/breathe";
import type { HubSpace, SpaceMember } from "./hubSpace";

const KS = [1, 5, 10] as const;
const SEED = 0; // of intervals and of which twin is asked: the same question, the same answer
const MOST_SOURCES = 4; // 15 subsets: as many lines as a table can be read with
const BLOCK_QUERIES = 128; // ranked between two looks at the message queue

/** Held-out queries made of items that belong together, one of each source, and who must be found. */
export interface HeldOutGroups {
  /** Row of each source's item, by id of the source: [Q]. */
  readonly rows: ReadonlyMap<string, Uint32Array>;
  readonly queries: number;
  /** [G, P] held-out items of the target that have a caption. */
  readonly gallery: Matrix;
  readonly relevance: Relevance;
  /** [Q] equal numbers where queries share an item, so that they are not independent. */
  readonly clusters: Uint32Array;
}

/**
 * One query per caption that the target and every source hold out. Where a source has several items
 * with the caption (two voices), one is drawn, by the caption alone: it does not depend on which
 * other sources are asked with.
 *
 * @throws AppError `data/too-few` where no such caption is left, `embeddings/missing` for a member
 *   without items, `query/sources` for no sources, more than four, or the target among them.
 */
export function heldOutGroups(
  space: HubSpace,
  { sources, target }: Pick<MissingRequest, "sources" | "target">,
): HeldOutGroups {
  checkSources(sources, target);
  const asked = sources.map((id) => heldOutByCaption(space.present(id)));
  const wanted = heldOutByCaption(space.present(target));
  const captions = [...wanted.keys()].filter((caption) => asked.every((of) => of.has(caption)));
  if (captions.length === 0) throw nothingHeldOut(space, sources, target);
  const rows = asked.map((of) => Uint32Array.from(captions, (caption) => draw(of, caption)));
  const places = placesOf(wanted);
  const answers = captions.flatMap((caption, query) =>
    (wanted.get(caption) ?? []).map((item): Tie => ({ query, item: places.get(item) ?? 0 })),
  );
  const asking = rows.map((items) => Array.from(items, (item, query): Tie => ({ query, item })));
  return {
    rows: new Map(sources.map((id, s) => [id, rows[s] ?? new Uint32Array()])),
    queries: captions.length,
    gallery: takeRows(space.member(target).vectors, [...places.keys()]),
    relevance: relevanceFrom(
      answers.map(({ query }) => query),
      answers.map(({ item }) => item),
      captions.length,
    ),
    clusters: clustersOf(captions.length, [...asking, answers]),
  };
}

/** Recalls of queries for the groups' right answers. @param queries [Q, P]. @throws `cancelled`. */
export async function scoreQueries(
  { gallery, relevance, clusters }: HeldOutGroups,
  queries: Matrix,
  signal: AbortSignal,
): Promise<RetrievalResult> {
  const ranks = new Uint32Array(queries.rows);
  for (let start = 0; start < queries.rows; start += BLOCK_QUERIES) {
    await breathe(signal);
    const end = Math.min(start + BLOCK_QUERIES, queries.rows);
    const block = takeRows(queries, range(start, end));
    ranks.set(firstHitRanks(block, gallery, sliceOf(relevance, start, end)), start);
  }
  return summarizeDirection(ranks, clusters, gallery.rows, { ks: KS, seed: SEED });
}

/** Recall@k of guessing, by k. */
export function chanceOfGroups({ gallery, relevance }: HeldOutGroups): Record<string, number> {
  const { recall } = chanceOfDirection(relevance, gallery.rows, KS);
  return Object.fromEntries(Object.entries(recall).map(([k, { value }]) => [k, value]));
}

function checkSources(sources: readonly string[], target: string): void {
  if (sources.includes(target)) {
    throw new AppError("query/sources", "the modality to be found is among those asked with");
  }
  if (sources.length === 0 || sources.length > MOST_SOURCES) {
    throw new AppError("query/sources", `${sources.length} modalities to ask with`);
  }
  if (new Set(sources).size < sources.length) {
    throw new AppError("query/sources", "one modality twice");
  }
}

/** Rows of held-out items by caption; rows and captions in the order they stand. */
function heldOutByCaption({ captions, splits }: SpaceMember): ReadonlyMap<string, number[]> {
  const rows = new Map<string, number[]>();
  captions.forEach((digests, r) => {
    if (splits[r] !== "test") return;
    for (const digest of digests) {
      const held = rows.get(digest);
      if (held) held.push(r);
      else rows.set(digest, [r]);
    }
  });
  return rows;
}

function draw(rows: ReadonlyMap<string, readonly number[]>, caption: string): number {
  const among = rows.get(caption) ?? [];
  const place = Math.floor(rng(seedFrom(SEED, caption))() * among.length);
  return among[place] ?? 0;
}

/** Place in the gallery of every row that has a caption, in the order of rows. */
function placesOf(rows: ReadonlyMap<string, readonly number[]>): ReadonlyMap<number, number> {
  const ascending = Uint32Array.from(new Set([...rows.values()].flat())).sort();
  return new Map(Array.from(ascending, (r, place) => [r, place]));
}

/** A query and an item that belongs to it. */
interface Tie {
  readonly query: number;
  readonly item: number;
}

/** Queries are of one cluster where one of the lists ties them to the same item. [queries] */
function clustersOf(queries: number, lists: readonly (readonly Tie[])[]): Uint32Array {
  const sets = new UnionFind(queries);
  for (const ties of lists) {
    const first = new Map<number, number>();
    for (const { query, item } of ties) {
      const known = first.get(item);
      if (known === undefined) first.set(item, query);
      else sets.union(known, query);
    }
  }
  return Uint32Array.from({ length: queries }, (_, q) => sets.find(q));
}

function sliceOf({ starts, items }: Relevance, from: number, to: number): Relevance {
  const first = starts[from] ?? 0;
  return {
    queries: to - from,
    starts: starts.subarray(from, to + 1).map((start) => start - first),
    items: items.subarray(first, starts[to]),
  };
}

function nothingHeldOut(space: HubSpace, sources: readonly string[], target: string): AppError {
  const names = [...sources, target].map((id) => space.member(id).member.name);
  const detail = `no held-out caption has items of ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return new AppError("data/too-few", detail);
}

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);
