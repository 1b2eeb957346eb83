import type { Split } from "../../core/domain/dataset";
import type { Hub, HubMember } from "../../core/domain/hub";
import { itemsInUse } from "../../core/domain/inUse";
import type { Projector } from "../../core/domain/projector";
import { AppError } from "../../core/errors";
import { matrix, normalizeRows, takeRows, type Matrix } from "../../core/math/matrix";
import type { DatasetStore, EmbeddingStore } from "../../core/ports";
import { openProjector } from "../align/project";
import { loadGallery } from "../encoding/loadGallery";
import { nextMacrotask } from "../nextMacrotask";
import { itemLinks, loadLinks, type CaptionSplits } from "./links";

const BLOCK_ROWS = 1_024; // as many as a projector takes at a time: a few milliseconds each

/** What reading a gallery needs. */
export interface GalleryStores {
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: EmbeddingStore;
}

/** The encoded items in use of one member in one project; entry i of all lists is row i's. */
export interface MemberItems {
  readonly projectId: string;
  /** Index of each row's item among the project's items of this modality. */
  readonly items: Uint32Array;
  /** Digest of each row's item. */
  readonly digests: readonly string[];
  /** [rows, D] raw encoder outputs; [0, 0] where nothing is encoded. */
  readonly raw: Matrix;
  /** Digests of the captions each item is paired with; of a caption: its own. */
  readonly captions: readonly (readonly string[])[];
  /** As they count in the hub (`linkPairs`). */
  readonly splits: readonly Split[];
  /** Items in use that have no embedding. */
  readonly missing: number;
}

/** A member's items in the shared space. */
export interface MemberGallery extends Omit<MemberItems, "raw"> {
  readonly member: HubMember;
  /** [rows, P], L2-normalised. */
  readonly vectors: Matrix;
}

/** How projecting is stopped and followed. */
export interface ProjectionContext {
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onRows?: (rows: number) => void;
}

/** Which items are a member's: of this modality, by this encoder, of this project. */
export type ItemsOwner = Pick<HubMember, "name" | "modality" | "encoderKey" | "data">;

/** Where a member's items are read from. */
export interface ItemsSource {
  readonly hubSplits: CaptionSplits;
  /** Another project than the member's own: its captions, say, for the text member. */
  readonly projectId?: string;
}

/**
 * The items of a member that pairs in use have and that are encoded with the member's encoder.
 *
 * @throws AppError `embeddings/missing` for a member without data (it came as a sense pack).
 */
export async function loadMemberItems(
  { datasets, embeddings }: GalleryStores,
  { name, modality, encoderKey, data }: ItemsOwner,
  { hubSplits, projectId = data?.projectId }: ItemsSource,
): Promise<MemberItems> {
  if (projectId === undefined) {
    throw new AppError("embeddings/missing", `${name} came without items of its own`);
  }
  const [all, links] = await Promise.all([
    datasets.items(projectId, modality),
    loadLinks(datasets, projectId, hubSplits),
  ]);
  const pairs = links.pairs.map(({ pair }) => pair);
  const used = itemsInUse(pairs, modality, all.length);
  const gallery = await loadGallery(embeddings, encoderKey, all);
  const rows = Array.from(gallery.items.keys()).filter((r) => used[gallery.items[r] ?? -1] === 1);
  const items = Uint32Array.from(rows, (r) => gallery.items[r] ?? 0);
  const ties = itemLinks(links, modality, all.length);
  return {
    projectId,
    items,
    digests: Array.from(items, (item) => all[item]?.digest ?? ""),
    raw: rows.length === gallery.items.length ? gallery.raw : takeRows(gallery.raw, rows),
    captions: Array.from(items, (item) => ties.captions[item] ?? []),
    splits: Array.from(items, (item) => ties.splits[item] ?? "test"),
    missing: used.reduce((sum, one) => sum + one, 0) - items.length,
  };
}

/**
 * Rows of a member in the shared space, in blocks between which the worker stays responsive.
 *
 * Always unit vectors, so that members compare by cosine: the scores of a run by CSA, whose
 * projectors scale their outputs, are those of its directions here.
 *
 * @param raw [N, D] raw encoder outputs.
 * @returns [N, P]
 * @throws AppError `embeddings/width`, `cancelled`.
 */
export async function projectInBlocks(
  projector: Projector,
  raw: Matrix,
  { signal, onRows }: ProjectionContext = {},
): Promise<Matrix> {
  const out = matrix(raw.rows, projector.dimension);
  if (raw.rows === 0) return out;
  const open = openProjector(projector);
  try {
    for (let start = 0; start < raw.rows; start += BLOCK_ROWS) {
      if (signal?.aborted) throw new AppError("cancelled");
      const count = Math.min(BLOCK_ROWS, raw.rows - start);
      const block = takeRows(
        raw,
        Array.from({ length: count }, (_, i) => start + i),
      );
      const projected = await open.project(block);
      const unit = projector.tensors["outputScale"] ? normalizeRows(projected) : projected;
      out.data.set(unit.data, start * out.cols);
      onRows?.(start + count);
      await nextMacrotask();
    }
  } finally {
    open.dispose();
  }
  return out;
}

/**
 * A member's items in the shared space. Needs an open backend.
 *
 * @throws AppError as `loadMemberItems` and `projectInBlocks`.
 */
export async function memberGallery(
  stores: GalleryStores,
  member: HubMember,
  { signal, onRows, ...source }: ItemsSource & ProjectionContext,
): Promise<MemberGallery> {
  const { raw, ...items } = await loadMemberItems(stores, member, source);
  const context = { ...(signal && { signal }), ...(onRows && { onRows }) };
  return { ...items, member, vectors: await projectInBlocks(member.projector, raw, context) };
}

/** The text member of a hub as it is frozen; every hub has one. */
export function textMemberOf({ base }: Pick<Hub, "base">): HubMember {
  const found = base.find(({ modality }) => modality === "text");
  if (!found) throw new AppError("internal", "a hub without a text member");
  return found;
}
