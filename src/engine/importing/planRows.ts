import { folderOf, PathResolver, type MatchKind } from "../../core/domain/pathResolver";
import {
  ambiguousFile,
  badPath,
  EMPTY_CAPTION,
  missingFile,
  SEVERAL_FILES,
  SOME_CAPTIONS_EMPTY,
  type Fault,
} from "./faults";
import type { IssueLog } from "./issueLog";
import { manyMatchedLoosely, matchedLoosely } from "./matchFaults";
import type { Cell, MetadataRow, MetadataTable } from "./metadataTable";
import { cellReader, textOf, type Roles } from "./roles";
import type { SourceEntry } from "./sourceEntry";

/** A row whose file exists and that has a caption. Its picture has not been looked at yet. */
export interface PlannedRow {
  readonly where: string;
  /** Index of the picture among the entries. */
  readonly entry: number;
  /** At least one; trimmed, NFC. */
  readonly captions: readonly string[];
  readonly group: string | null;
  /** What the split column says, as written; null without such a column. */
  readonly split: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Plan {
  /** Records of all metadata files, broken ones included. */
  readonly rows: number;
  readonly planned: readonly PlannedRow[];
  readonly skipped: number;
  /** Entries that a row mentions, whatever became of the row. */
  readonly mentioned: ReadonlySet<number>;
}

/** Joins rows and files. Every row is planned, or skipped with a reason in `log`. */
export function planRows(
  tables: readonly MetadataTable[],
  entries: readonly SourceEntry[],
  roles: Roles,
  log: IssueLog,
): Plan {
  const resolver = new PathResolver(entries.map(({ path }) => path));
  const planned: PlannedRow[] = [];
  const mentioned = new Set<number>();
  let rows = 0;
  for (const table of tables) {
    rows += table.rows.length + table.broken.length;
    for (const { where, fault } of table.broken) log.add("skipped", where, fault);
    for (const { where, fault } of table.flagged ?? []) log.add("flagged", where, fault);
    const read = cellReader(table);
    const folder = table.anywhere ? "" : folderOf(table.path);
    const guesses = new Guesses();
    for (const row of table.rows) {
      const found = findFile(read(row, roles.file), folder, resolver);
      if ("fault" in found) {
        log.add("skipped", row.where, found.fault);
        continue;
      }
      mentioned.add(found.index);
      const { captions, empty } = captionsOf(row, roles, read);
      if (captions.length === 0) {
        log.add("skipped", row.where, EMPTY_CAPTION);
        continue;
      }
      if (empty) log.add("flagged", row.where, SOME_CAPTIONS_EMPTY);
      if (!(table.anywhere && found.via === "basename")) guesses.add(found.via, row, roles, read);
      planned.push({
        where: row.where,
        entry: found.index,
        captions,
        ...factsOf(row, roles, read),
      });
    }
    guesses.report(table.path, log);
  }
  return { rows, planned, skipped: rows - planned.length, mentioned };
}

type ReadCell = (row: MetadataRow, column: string) => Cell;

function findFile(
  cell: Cell,
  folder: string,
  resolver: PathResolver,
): { index: number; via: MatchKind } | { fault: Fault } {
  if (typeof cell !== "string" && cell.length > 1) return { fault: SEVERAL_FILES };
  const match = resolver.resolve(textOf(cell), folder);
  switch (match.kind) {
    case "rejected":
      return { fault: badPath(match.fault) };
    case "missing":
      return { fault: missingFile(match.path) };
    case "ambiguous":
      return { fault: ambiguousFile(match.path, match.candidates) };
    case "found":
      return { index: match.index, via: match.via };
  }
}

const GUESSES_LISTED = 20; // a table that names every file loosely is one thing to check, not 50,000

/** Rows whose file was found although its name is written otherwise. */
class Guesses {
  readonly #byKind = new Map<Exclude<MatchKind, "exact">, { where: string; name: string }[]>();

  add(via: MatchKind, row: MetadataRow, roles: Roles, read: ReadCell): void {
    if (via === "exact") return;
    const guesses = this.#byKind.get(via) ?? [];
    this.#byKind.set(via, guesses);
    guesses.push({ where: row.where, name: textOf(read(row, roles.file)) });
  }

  report(path: string, log: IssueLog): void {
    for (const [via, guesses] of this.#byKind) {
      const [first] = guesses;
      if (first && guesses.length > GUESSES_LISTED) {
        log.add("flagged", path, manyMatchedLoosely(via, guesses.length, first.name));
        continue;
      }
      for (const { where, name } of guesses) log.add("flagged", where, matchedLoosely(via, name));
    }
  }
}

function captionsOf(row: MetadataRow, { captions }: Roles, read: ReadCell) {
  const all = captions
    .flatMap((column) => read(row, column))
    .map((caption) => caption.trim().normalize("NFC"));
  const kept = [...new Set(all.filter((caption) => caption !== ""))];
  return { captions: kept, empty: all.includes("") };
}

/** Group, split and labels of a row, as its columns say them. */
export function factsOf(
  row: MetadataRow,
  roles: Pick<Roles, "group" | "split" | "labels" | "spareGroups">,
  read: ReadCell,
) {
  const labels = [...roles.labels, ...roles.spareGroups]
    .map((column): [string, string] => [column, textOf(read(row, column))])
    .filter(([, value]) => value !== "");
  return {
    group: roles.group === null ? null : textOf(read(row, roles.group)) || null,
    split: roles.split === null ? null : textOf(read(row, roles.split)),
    // fromEntries defines own properties, so that a column named __proto__ is only a column.
    labels: Object.fromEntries(labels),
  };
}
