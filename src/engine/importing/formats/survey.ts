import { modalityOfName, stemOf } from "../../../core/domain/mediaNames";
import type { MediaModality } from "../../../core/domain/modality";
import { basenameOf } from "../../../core/domain/pathResolver";
import type { OpenedSource } from "../openSource";
import { isAccompanyingText, type SourceEntry } from "../sourceEntry";
import { mediaOf } from "./mediaOf";

/** What there is, by name: the same for any order of the files. */
export interface Survey {
  /** Pictures and sounds, sorted by path. */
  readonly media: readonly SourceEntry[];
  readonly modality: MediaModality;
  /** Texts, tables and the like that stand for themselves, sorted by path. */
  readonly alone: readonly SourceEntry[];
  /** Files that share a picture's or sound's path but for the extension: `a/1.txt` of `a/1.jpg`. */
  readonly companions: readonly SourceEntry[];
}

// Every format asks for it, and sorting 200,000 paths takes a while.
const surveyed = new WeakMap<readonly SourceEntry[], Survey>();

/** Sorts the files of an import by what their names make of them. */
export function survey({ entries }: Pick<OpenedSource, "entries">): Survey {
  const known = surveyed.get(entries) ?? sortOut(entries);
  surveyed.set(entries, known);
  return known;
}

function sortOut(entries: readonly SourceEntry[]): Survey {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const media: SourceEntry[] = [];
  const others: SourceEntry[] = [];
  for (const entry of sorted) {
    if (modalityOfName(entry.path)) media.push(entry);
    else others.push(entry);
  }
  const stems = new Set(media.map(({ path }) => stemOf(path)));
  const isCompanion = ({ path }: SourceEntry) => stems.has(stemOf(path));
  return {
    media,
    modality: mediaOf(media).modality,
    alone: others.filter((entry) => !isCompanion(entry) && !isAccompanyingText(entry.path)),
    companions: others.filter(isCompanion),
  };
}

/** Files of a survey whose name without folder fits. */
export function named(files: readonly SourceEntry[], pattern: RegExp): SourceEntry[] {
  return files.filter(({ path }) => pattern.test(basenameOf(path)));
}
