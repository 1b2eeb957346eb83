import type { Split } from "../../core/domain/dataset";
import type { Hub, HubMember } from "../../core/domain/hub";
import type { HubItem, HubStatus } from "../../core/domain/hubQuery";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import { SpaceScores } from "../search/spaceScores";
import { strongest } from "./links";
import { projectInBlocks, type MemberItems, type ProjectionContext } from "./memberGallery";

/** Items of one member in one project, in the shared space. */
export interface MemberPart extends MemberItems {
  /** [rows, P], L2-normalised. */
  readonly vectors: Matrix;
}

/** All items of one member that can be found; entry r of every list is row r's. */
export interface SpaceMember {
  readonly member: HubMember;
  readonly items: readonly HubItem[];
  /** [rows, D] raw encoder outputs. */
  readonly raw: Matrix;
  /** [rows, P], L2-normalised. */
  readonly vectors: Matrix;
  /** Digests of the captions each is paired with; of a caption: its own. */
  readonly captions: readonly (readonly string[])[];
  readonly splits: readonly Split[];
  /** Projects whose items these are, the member's own first. */
  readonly projects: readonly string[];
}

/** A member with its items by project, or with the reason in words why there are none. */
export interface SpaceSource {
  readonly member: HubMember;
  readonly parts: readonly MemberPart[];
  readonly absence: string | null;
}

/** The items of every member of a hub, ready to be ranked. */
export class HubSpace {
  readonly hub: Hub;
  /** What searching takes beside the vectors; its sides are the members' ids. */
  readonly scores: SpaceScores<string>;
  readonly #members: ReadonlyMap<string, SpaceMember>;
  readonly #rows: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly #absences: ReadonlyMap<string, string>;

  constructor(hub: Hub, sources: readonly SpaceSource[]) {
    this.hub = hub;
    const joined = sources.map((source) => joinParts(source, hub.dimension));
    this.#members = new Map(joined.map(({ known }) => [known.member.id, known]));
    this.#rows = new Map(joined.map(({ known, rows }) => [known.member.id, rows]));
    this.#absences = new Map(
      sources.flatMap(({ member, absence }) => (absence === null ? [] : [[member.id, absence]])),
    );
    this.scores = new SpaceScores(
      Object.fromEntries(
        joined.map(({ known: { member, vectors, splits } }) => [
          member.id,
          { vectors, splits, training: `training items of ${member.name}` },
        ]),
      ),
    );
  }

  get status(): HubStatus {
    const members = [...this.#members];
    return {
      hubId: this.hub.id,
      gallery: Object.fromEntries(members.map(([id, { items }]) => [id, items.length])),
      absent: Array.from(this.#absences, ([memberId, reason]) => ({ memberId, reason })),
    };
  }

  /** @throws AppError `storage/missing` for one that has left the hub. */
  member(id: string): SpaceMember {
    const found = this.#members.get(id);
    if (!found) throw new AppError("storage/missing", `member ${id} of hub ${this.hub.name}`);
    return found;
  }

  /** A member that has items. @throws AppError `embeddings/missing` with the reason. */
  present(id: string): SpaceMember {
    const found = this.member(id);
    const reason = this.#absences.get(id);
    if (reason !== undefined) {
      throw new AppError("embeddings/missing", `${found.member.name}: ${reason}`);
    }
    return found;
  }

  /** The row of an item, also of a caption that stands under its twin of another project. */
  rowOf(memberId: string, { projectId, item }: HubItem): number | undefined {
    return this.#rows.get(memberId)?.get(keyOf(projectId, item));
  }

  /** Raw encoder outputs of a member in the shared space: [n, P]. @throws `embeddings/width`. */
  project(memberId: string, raw: Matrix, context: ProjectionContext = {}): Promise<Matrix> {
    return projectInBlocks(this.member(memberId).member.projector, raw, context);
  }

  /** Frees what only searches need; one that still runs goes on without. */
  release(): void {
    this.scores.release();
  }
}

/**
 * The parts one after the other; an item whose digest stands before it is the same item.
 *
 * The member's own project says which split such an item counts as; among others the strongest
 * does, because what one of them has trained on is held out for none.
 */
function joinParts({ member, parts }: SpaceSource, dimension: number) {
  const rows = new Map<string, number>();
  const kept: { readonly part: MemberPart; readonly at: number; split: Split }[] = [];
  const placed = new Map<string, number>();
  for (const part of parts) {
    const before = new Map(placed);
    part.digests.forEach((digest, at) => {
      const split = part.splits[at] ?? "test";
      const place = before.get(digest) ?? kept.length;
      const twin = kept[place];
      if (!twin) kept.push({ part, at, split });
      else if (twin.part !== parts[0]) twin.split = strongest(twin.split, split);
      placed.set(digest, place);
      rows.set(keyOf(part.projectId, part.items[at] ?? -1), place);
    });
  }
  const width = parts[0]?.raw.cols ?? member.projector.inputWidth;
  const known: SpaceMember = {
    member,
    items: kept.map(({ part, at }) => ({ projectId: part.projectId, item: part.items[at] ?? -1 })),
    raw: gather(kept, width, ({ raw }) => raw),
    vectors: gather(kept, dimension, ({ vectors }) => vectors),
    captions: kept.map(({ part, at }) => part.captions[at] ?? []),
    splits: kept.map(({ split }) => split),
    projects: parts.map(({ projectId }) => projectId),
  };
  return { known, rows };
}

function gather(
  kept: readonly { readonly part: MemberPart; readonly at: number }[],
  cols: number,
  of: (part: MemberPart) => Matrix,
): Matrix {
  const [first] = kept;
  // One whole part is taken as it is: the usual case, and a copy of everything would be the dearest.
  if (first && kept.every(({ part }) => part === first.part) && of(first.part).rows === kept.length)
    return of(first.part);
  const out = matrix(kept.length, cols);
  kept.forEach(({ part, at }, r) => out.data.set(row(of(part), at), r * cols));
  return out;
}

const keyOf = (projectId: string, item: number) => `${projectId}/${item}`;
