import type { HubMember } from "../../core/domain/hub";
import { AppError } from "../../core/errors";
import { matrix, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import type { AnchorRows, LinkedRows } from "./joinData";
import type { CaptionSplits } from "./links";
import { loadMemberItems, projectInBlocks, type GalleryStores } from "./memberGallery";

/** A member and the projects its items are read from, its own first. */
export interface WantedRows {
  readonly member: HubMember;
  readonly projectIds: readonly string[];
}

/** A member's items in the shared space. */
export interface MemberRows extends AnchorRows {
  /** Those of its own project alone: what is frozen. */
  readonly own: LinkedRows;
  /** Digest of each row's item. */
  readonly digests: readonly string[];
}

/** How members are projected, and for what. */
export interface RowsContext {
  readonly hubSplits: CaptionSplits;
  readonly stage: Extract<Progress["stage"], "project" | "freeze" | "verify">;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** The projects whose items count as a member's: of captions, those of `others` too. */
export function wantedRows(member: HubMember, others: readonly string[] = []): WantedRows {
  const own = member.data ? [member.data.projectId] : [];
  const all = member.modality === "text" ? [...own, ...others] : own;
  return { member, projectIds: [...new Set(all)] };
}

/**
 * The items of members in the shared space, linked by their captions. A caption that several
 * projects have is one row. Needs an open backend.
 *
 * @throws AppError `embeddings/width`, `cancelled`.
 */
export async function projectMembers(
  stores: GalleryStores,
  wanted: readonly WantedRows[],
  { hubSplits, stage, signal, report }: RowsContext,
): Promise<readonly MemberRows[]> {
  const read = await Promise.all(
    wanted.map(async ({ member, projectIds }) => {
      const parts = projectIds.map((projectId) =>
        loadMemberItems(stores, member, { hubSplits, projectId }),
      );
      return { member, parts: await Promise.all(parts) };
    }),
  );
  if (signal.aborted) throw new AppError("cancelled");
  const total = read.reduce(
    (sum, { parts }) => sum + parts.reduce((rows, { items }) => rows + items.length, 0),
    0,
  );
  let done = 0;
  report({ stage, done, total, unit: "items" });
  const rows: MemberRows[] = [];
  for (const { member, parts } of read) {
    const projected: Part[] = [];
    for (const { raw, captions, splits, digests } of parts) {
      const before = done;
      const onRows = (count: number) => {
        done = before + count;
        report({ stage, done, total, unit: "items" });
      };
      const vectors = await projectInBlocks(member.projector, raw, { signal, onRows });
      const counted = member.modality === "text" ? captionSplits(digests, hubSplits) : splits;
      projected.push({ rows: vectors, captions, splits: counted, digests });
    }
    const own = projected[0] ?? emptyPart(member.projector.dimension);
    rows.push({ memberId: member.id, name: member.name, own, ...joinParts(own, projected) });
  }
  return rows;
}

/**
 * What was frozen never saw a caption that only other projects have: it is held out as far as the
 * items paired with it are. So windows of a recording nobody trained on can be a test of captions
 * that others of the same name were trained on.
 */
const captionSplits = (digests: readonly string[], hubSplits: CaptionSplits) =>
  digests.map((digest) => hubSplits.get(digest) ?? "test");

interface Part extends LinkedRows {
  readonly digests: readonly string[];
}

const emptyPart = (width: number): Part => ({
  ...{ rows: matrix(0, width), captions: [], splits: [], digests: [] },
});

/** All parts as one, each item once: the first part that has it gives its row. */
function joinParts(first: Part, parts: readonly Part[]): Part {
  if (parts.length < 2) return first;
  const seen = new Set<string>();
  const kept = parts.flatMap((part) =>
    part.digests.flatMap((digest, row) => {
      if (seen.has(digest)) return [];
      seen.add(digest);
      return [{ part, row }];
    }),
  );
  return {
    rows: gather(kept, first.rows.cols),
    captions: kept.map(({ part, row }) => part.captions[row] ?? []),
    splits: kept.map(({ part, row }) => part.splits[row] ?? "train"),
    digests: kept.map(({ part, row }) => part.digests[row] ?? ""),
  };
}

function gather(kept: readonly { readonly part: Part; readonly row: number }[], cols: number) {
  const out: Matrix = matrix(kept.length, cols);
  kept.forEach(({ part: { rows }, row }, i) =>
    out.data.set(rows.data.subarray(row * cols, (row + 1) * cols), i * cols),
  );
  return out;
}
