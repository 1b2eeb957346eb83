import { isInUse } from "../../core/domain/inUse";
import type { HubItem, LagSpace, RawStream } from "../../core/domain/hubQuery";
import type { Modality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import { along, principalDirections } from "../../core/math/linalg/principalDirections";
import { matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import type { Stream } from "../../core/metrics/lagAgreement";
import type { HubSpace } from "./hubSpace";
import type { GalleryStores } from "./memberGallery";

/** Directions of raw embeddings that are compared: those in which the stream varies most. */
export const MOST_DIRECTIONS = 16;

const SAMPLE = 512; // moments that the directions are found from
const BLOCK_VALUES = 1 << 24; // 64 MiB of raw embeddings in memory at a time

/** One of the two streams: its items by project and place, and what stands for them. */
export interface StreamEnd {
  readonly modality: Modality;
  /** Projects that have items of it, its own first. */
  readonly projects: readonly string[];
  /** Number under which `load` knows an item; undefined where it is not encoded. */
  readonly rowOf: (item: HubItem) => number | undefined;
  /** [rows.length, D] */
  readonly load: (rows: readonly number[]) => Promise<Matrix>;
}

/**
 * A member of a hub, or encoded items of a project.
 *
 * @throws AppError `query/sources` for items without a member where the shared space is asked for,
 *   `embeddings/missing`, `storage/missing`.
 */
export async function openEnd(
  stores: GalleryStores,
  space: HubSpace | null,
  asked: string | RawStream,
  where: LagSpace,
): Promise<StreamEnd> {
  if (typeof asked === "string") {
    if (!space) throw new AppError("query/sources", "a member is asked for without its hub");
    const { member, projects, vectors, raw } = space.present(asked);
    const values = where === "shared" ? vectors : raw;
    const rowOf = (item: HubItem) => space.rowOf(asked, item);
    return { modality: member.modality, projects, rowOf, load: async (r) => takeRows(values, r) };
  }
  if (where === "shared") {
    throw new AppError("query/sources", "a stream that is not in the hub has no shared space");
  }
  const { projectId, modality, encoderKey } = asked;
  const items = await stores.datasets.items(projectId, modality);
  const encoded = await stores.embeddings.encodedDigests(encoderKey);
  if (!items.some(({ digest }) => encoded.has(digest))) {
    throw new AppError("embeddings/missing", `${modality} of this project`);
  }
  return {
    ...{ modality, projects: [projectId] },
    rowOf: ({ item }) => (encoded.has(items[item]?.digest ?? "") ? item : undefined),
    load: (rows) =>
      stores.embeddings.load(
        encoderKey,
        rows.map((r) => items[r]!.digest), // `rowOf` gave them
      ),
  };
}

/** Row of each end at every moment; -1 where there is none. */
export interface Moments {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Time is the order of a project's rows: where a project has rows with both, these; else each end's
 * own rows, from the first of either on.
 */
export async function momentsOf(
  stores: GalleryStores,
  from: StreamEnd,
  to: StreamEnd,
): Promise<Moments> {
  return (await sideBySide(stores, from, to)) ?? (await eachByItself(stores, from, to));
}

/** The rows of a project that have an item of both; null where no project has such rows. */
async function sideBySide(
  { datasets }: GalleryStores,
  from: StreamEnd,
  to: StreamEnd,
): Promise<Moments | null> {
  const projectId = from.projects.find((id) => to.projects.includes(id));
  if (projectId === undefined) return null;
  const both = (await datasets.pairs(projectId)).filter(
    (pair) => pair[from.modality] !== undefined && pair[to.modality] !== undefined,
  );
  if (both.length === 0) return null;
  const rowsOf = (end: StreamEnd) =>
    both.map((pair) => {
      const item = pair[end.modality];
      if (item === undefined || !isInUse(pair)) return -1;
      return end.rowOf({ projectId, item }) ?? -1;
    });
  return { from: rowsOf(from), to: rowsOf(to) };
}

async function eachByItself(stores: GalleryStores, from: StreamEnd, to: StreamEnd) {
  const [a, b] = [await timelineOf(stores, from), await timelineOf(stores, to)];
  const moments = Array.from({ length: Math.max(a.length, b.length) }, (_, t) => t);
  return { from: moments.map((t) => a[t] ?? -1), to: moments.map((t) => b[t] ?? -1) };
}

/** The rows of an end's own project in their order. */
async function timelineOf({ datasets }: GalleryStores, end: StreamEnd): Promise<number[]> {
  const [projectId] = end.projects;
  if (projectId === undefined) return [];
  const pairs = await datasets.pairs(projectId);
  return pairs.flatMap((pair) => {
    const item = pair[end.modality];
    if (item === undefined) return [];
    return [isInUse(pair) ? (end.rowOf({ projectId, item }) ?? -1) : -1];
  });
}

export interface LoadedStream extends Stream {
  /** Share of the variance that the compared directions hold, in [0, 1]; 1 in the shared space. */
  readonly share: number;
}

/**
 * What stands for every moment of an end. Raw embeddings are taken along the directions in which
 * they vary most, which are found from moments all over the stream, and a block of them is in memory
 * at a time. Yields shares done.
 *
 * @throws AppError `data/non-finite`, `embeddings/missing`.
 */
export async function* loadStream(
  end: StreamEnd,
  rows: readonly number[],
  where: LagSpace,
): AsyncGenerator<number, LoadedStream> {
  const present = Uint8Array.from(rows, (r) => Number(r >= 0));
  const known = Array.from(present.keys()).filter((t) => present[t] === 1);
  const load = async (moments: readonly number[]) => {
    const loaded = await end.load(moments.map((t) => rows[t] ?? -1));
    moments.forEach((t, i) => {
      if (row(loaded, i).every(Number.isFinite)) return;
      throw new AppError("data/non-finite", `item at position ${t + 1} in time`);
    });
    return loaded;
  };
  const sample = await load(Array.from(evenlySpaced(known.length, SAMPLE), (i) => known[i] ?? 0));
  const isWhole = where === "shared" || sample.cols <= MOST_DIRECTIONS;
  const directions = isWhole ? null : principalDirections(sample, MOST_DIRECTIONS);
  const out = matrix(rows.length, directions ? directions.basis.rows : sample.cols);
  const size = Math.max(1, Math.floor(BLOCK_VALUES / Math.max(1, sample.cols)));
  for (let start = 0; start < known.length; start += size) {
    yield start / known.length;
    const moments = known.slice(start, start + size);
    const loaded = await load(moments);
    const kept = directions ? along(loaded, directions) : loaded;
    moments.forEach((t, i) => row(out, t).set(row(kept, i)));
  }
  return { rows: out, present, share: directions?.share ?? 1 };
}
