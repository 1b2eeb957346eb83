import type { Item } from "../../core/domain/dataset";
import type { MediaModality } from "../../core/domain/modality";
import { splitNamed, type UnsplitPair } from "../../core/domain/splits";
import { labelsDiffer, noSplitNames, repeatedPair, samePicture, unknownSplit } from "./faults";
import type { IssueLog } from "./issueLog";
import type { PlannedRow } from "./planRows";
import { sha256 } from "../sha256";
import type { SourceEntry } from "./sourceEntry";
import type { StoredMedia } from "./storeMedia";

/** Items and pairs without splits, and how many planned rows could not be used after all. */
export interface Collected {
  /** Pictures or sounds. */
  readonly media: readonly Item[];
  readonly text: readonly Item[];
  readonly pairs: readonly UnsplitPair[];
  readonly skipped: number;
}

interface CollectOptions {
  readonly media: MediaModality;
  readonly entries: readonly SourceEntry[];
  /** Outcome of every entry that a planned row names. */
  readonly files: ReadonlyMap<number, StoredMedia>;
  /** The column splits were read from, or null. */
  readonly splitColumn: string | null;
  readonly log: IssueLog;
}

/**
 * Turns rows into items and pairs. A file is one picture and equal texts are one caption; the first
 * row that brings an item names its source and labels. Files with equal bytes stay pictures of
 * their own, flagged: their group keeps them on one side of a split, and they are encoded once. A pair that comes twice counts once,
 * with the split that trains if they differ, so that nothing trained on passes as held out.
 */
export async function collectItems(
  rows: readonly PlannedRow[],
  { media: modality, entries, files, splitColumn, log }: CollectOptions,
): Promise<Collected> {
  const media = new ItemList(modality);
  const text = new ItemList(modality);
  const pairs = new Map<string, UnsplitPair>();
  const declaredOf = splitReader(rows, splitColumn, log);
  const digests = new Map<string, string>(); // hashing a repeated caption costs more than all else
  let skipped = 0;
  for (const row of rows) {
    const file = files.get(row.entry)!;
    if ("fault" in file) {
      log.add("skipped", row.where, file.fault);
      skipped++;
      continue;
    }
    const source = entries[row.entry]!.path;
    const { digest, sizeBytes: _, doubt, ...facts } = file;
    if (doubt) log.add("flagged", row.where, doubt);
    const hasLabels = Object.keys(row.labels).length > 0;
    const labels = hasLabels ? { labels: row.labels } : {};
    const item = { modality, digest, source, ...facts, ...labels };
    const mediaIndex = media.add(item, row, log);
    const declared = declaredOf(row);
    for (const caption of row.captions) {
      const textDigest = digests.get(caption) ?? (await sha256(caption));
      digests.set(caption, textDigest);
      const textIndex = text.add(
        { modality: "text", digest: textDigest, source: row.where, text: caption },
        row,
        log,
      );
      const { group, where } = row;
      const pair = { media: mediaIndex, text: textIndex, group, declared, row: where };
      const key = `${mediaIndex}/${textIndex}`;
      const before = pairs.get(key);
      if (before) log.add("flagged", where, repeatedPair(before.row, modality));
      pairs.set(key, before ? merged(before, pair) : pair);
    }
  }
  return { media: media.items, text: text.items, pairs: [...pairs.values()], skipped };
}

/** Items of one modality, in order of first appearance: pictures by file, captions by content. */
class ItemList {
  readonly items: Item[] = [];
  readonly #media: MediaModality;
  readonly #places = new Map<string, number>();
  readonly #rows: string[] = [];
  readonly #sources = new Map<string, string>();

  /** @param media what the files of the import are, for words. */
  constructor(media: MediaModality) {
    this.#media = media;
  }

  add(item: Item, { where }: PlannedRow, log: IssueLog): number {
    const key = item.modality === "text" ? item.digest : item.source;
    const place = this.#places.get(key);
    const known = place === undefined ? undefined : this.items[place];
    if (place === undefined || known === undefined) {
      if (item.modality !== "text") this.#flagTwin(item, log);
      this.#places.set(key, this.items.length);
      this.#rows.push(where);
      return this.items.push(item) - 1;
    }
    for (const [column, value] of Object.entries(item.labels ?? {})) {
      const held = known.labels?.[column];
      if (held !== value) log.add("flagged", where, labelsDiffer(column, this.#rows[place]!));
    }
    return place;
  }

  #flagTwin({ digest, source }: Item, log: IssueLog): void {
    const twin = this.#sources.get(digest);
    if (twin === undefined) this.#sources.set(digest, source);
    else log.add("flagged", source, samePicture(twin, this.#media));
  }
}

/** What each row's split column says; flags what it cannot mean. */
function splitReader(rows: readonly PlannedRow[], column: string | null, log: IssueLog) {
  if (column === null) return () => null;
  if (!rows.some(({ split }) => splitNamed(split ?? "") !== undefined)) {
    log.add("flagged", column, noSplitNames(column));
    return () => null;
  }
  return ({ split, where }: PlannedRow) => {
    const named = splitNamed(split ?? "");
    if (named === undefined) log.add("flagged", where, unknownSplit(split ?? ""));
    return named ?? "train";
  };
}

/** The same whichever row comes first: the split that sees more training, the smaller group value. */
function merged(before: UnsplitPair, again: UnsplitPair): UnsplitPair {
  const rank = { train: 0, validation: 1, test: 2 };
  const stricter =
    before.declared !== null &&
    again.declared !== null &&
    rank[again.declared] < rank[before.declared];
  const groups = [before.group, again.group].filter((group) => group !== null).sort();
  return {
    ...before,
    declared: stricter ? again.declared : before.declared,
    group: groups[0] ?? null,
  };
}
