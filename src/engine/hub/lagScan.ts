import { isInUse } from "../../core/domain/inUse";
import type { HubItem, LagRequest, LagScan, LagSpace, RawStream } from "../../core/domain/hubQuery";
import type { Modality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import { ckaAgreement, cosineAgreement, type Stream } from "../../core/metrics/lagAgreement";
import { checkLag, scanLags } from "../../core/metrics/lagScan";
import { breathe } from "../align/breathe";
import { loadGallery } from "../encoding/loadGallery";
import { throttleProgress } from "../throttleProgress";
import type { HubSpace } from "./hubSpace";
import type { GalleryStores } from "./memberGallery";
import type { MeasureContext } from "./missingTable";

/** Moments compared at most; of longer streams those in the middle. */
const MOST_MOMENTS = {
  shared: 2_000, // 2,000² cosines: 32 MB, and as much for each shuffling
  raw: 600, // every offset of every shuffling takes 600² products
} as const satisfies Record<LagSpace, number>;

/** Of the progress that is for readying the streams; the rest is for shuffling them. */
const READYING = 0.2;

/**
 * Alignment of two streams by the offset between them. Time is the order of the rows of a project:
 * two streams of one project stand side by side where a row has both, else, and across projects,
 * the first row of either is the first moment. A row that is excluded or not encoded leaves a gap.
 *
 * @throws AppError `data/too-few` as `scanLags`, `query/sources` for a stream without a member
 *   where the shared space is asked for, `embeddings/missing`, `data/non-finite`, `cancelled`.
 */
export async function lagScan(
  stores: GalleryStores,
  space: HubSpace,
  request: Omit<LagRequest, "hubId">,
  { signal, report }: MeasureContext,
): Promise<LagScan> {
  const { space: where = "shared", most, seed } = request;
  const from = await openEnd(stores, space, request.from, where);
  const to = await openEnd(stores, space, request.to, where);
  const { moments, streams } = await streamsOf(stores, [from, to], MOST_MOMENTS[where]);
  checkLag(most, streams[0].rows.rows); // at once, before the costly part
  const send = throttleProgress(report);
  const follow = async <T>(work: Generator<number, T>, start: number, share: number) => {
    let step = work.next();
    for (; !step.done; step = work.next()) {
      const done = Math.floor(100 * (start + share * step.value));
      send({ stage: "compare", done, total: 100, unit: "steps" });
      await breathe(signal);
    }
    return step.value;
  };
  const [a, b] = streams;
  const readied = where === "shared" ? cosineAgreement(a, b) : ckaAgreement(a, b);
  const agreement = await follow(readied, 0, READYING);
  const scan = await follow(scanLags(agreement, { most, seed }), READYING, 1 - READYING);
  return { space: where, ...(moments > a.rows.rows && { moments }), ...scan };
}

/** One of the two streams: its items by project and place. */
interface End {
  readonly modality: Modality;
  /** Projects that have items of it, its own first. */
  readonly projects: readonly string[];
  readonly values: Matrix;
  readonly rowOf: (item: HubItem) => number | undefined;
}

async function openEnd(
  stores: GalleryStores,
  space: HubSpace,
  asked: string | RawStream,
  where: LagSpace,
): Promise<End> {
  if (typeof asked === "string") {
    const { member, projects, vectors, raw } = space.present(asked);
    const values = where === "shared" ? vectors : raw;
    const rowOf = (item: HubItem) => space.rowOf(asked, item);
    return { modality: member.modality, projects, values, rowOf };
  }
  if (where === "shared") {
    throw new AppError("query/sources", "a stream that is not in the hub has no shared space");
  }
  const { projectId, modality, encoderKey } = asked;
  const all = await stores.datasets.items(projectId, modality);
  const { items, raw } = await loadGallery(stores.embeddings, encoderKey, all);
  if (items.length === 0) throw new AppError("embeddings/missing", `${modality} of this project`);
  const rows = new Map(Array.from(items, (item, r) => [item, r]));
  return { modality, projects: [projectId], values: raw, rowOf: ({ item }) => rows.get(item) };
}

/** Row of each end at every moment; -1 where there is none. */
type Moments = readonly (readonly [number, number])[];

async function streamsOf(
  stores: GalleryStores,
  ends: readonly [End, End],
  most: number,
): Promise<{ readonly moments: number; readonly streams: readonly [Stream, Stream] }> {
  const all = (await sideBySide(stores, ends)) ?? (await eachByItself(stores, ends));
  const first = Math.max(0, Math.floor((all.length - most) / 2));
  const kept = all.slice(first, first + most);
  const streamOf = (side: 0 | 1) => {
    const { values } = ends[side];
    return gather(
      values,
      kept.map((rows) => rows[side]),
    );
  };
  return { moments: all.length, streams: [streamOf(0), streamOf(1)] };
}

/** The rows of a project that have an item of both; null where no project has such rows. */
async function sideBySide(
  { datasets }: GalleryStores,
  [from, to]: readonly [End, End],
): Promise<Moments | null> {
  const projectId = from.projects.find((id) => to.projects.includes(id));
  if (projectId === undefined) return null;
  const pairs = await datasets.pairs(projectId);
  const both = pairs.flatMap((pair) => {
    const [a, b] = [pair[from.modality], pair[to.modality]];
    return a === undefined || b === undefined ? [] : [{ a, b, isUsed: isInUse(pair) }];
  });
  if (both.length === 0) return null;
  return both.map(({ a, b, isUsed }) => {
    if (!isUsed) return [-1, -1] as const;
    return [from.rowOf({ projectId, item: a }) ?? -1, to.rowOf({ projectId, item: b }) ?? -1];
  });
}

async function eachByItself(stores: GalleryStores, [from, to]: readonly [End, End]) {
  const [a, b] = [await timelineOf(stores, from), await timelineOf(stores, to)];
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, t) => [a[t] ?? -1, b[t] ?? -1] as const);
}

/** The rows of an end's own project in their order. */
async function timelineOf({ datasets }: GalleryStores, end: End): Promise<number[]> {
  const [projectId] = end.projects;
  if (projectId === undefined) return [];
  const pairs = await datasets.pairs(projectId);
  return pairs.flatMap((pair) => {
    const item = pair[end.modality];
    if (item === undefined) return [];
    return [isInUse(pair) ? (end.rowOf({ projectId, item }) ?? -1) : -1];
  });
}

function gather(values: Matrix, rows: readonly number[]): Stream {
  const out = matrix(rows.length, values.cols);
  rows.forEach((r, t) => {
    if (r >= 0) row(out, t).set(row(values, r));
  });
  return { rows: out, present: Uint8Array.from(rows, (r) => Number(r >= 0)) };
}
