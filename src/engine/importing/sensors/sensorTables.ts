import type { KnownRoles } from "../../../core/domain/importFormat";
import { folderOf } from "../../../core/domain/pathResolver";
import type { MetadataTable } from "../metadataTable";
import type { SourceEntry } from "../sourceEntry";

/** Columns whose values are one person, or one recording: windows of one stay on one side. */
const GROUP_NAMES = [
  ...["subject", "participant", "person", "user", "patient", "subject_id", "participant_id"],
  ...[
    "user_id",
    "person_id",
    "group",
    "recording",
    "recording_id",
    "session",
    "session_id",
    "trial",
  ],
];

/** The column that says what was recorded together, the widest first; undefined: none does. */
export function groupColumnOf(columns: readonly string[]): string | undefined {
  const keys = columns.map((column) =>
    column
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, "_"),
  );
  const name = GROUP_NAMES.find((each) => keys.includes(each));
  return name === undefined ? undefined : columns[keys.indexOf(name)];
}

/** The role of that column, for a format's known roles. */
export function groupRole(columns: readonly string[]): KnownRoles {
  const column = groupColumnOf(columns);
  return column === undefined ? {} : { [column]: "group" };
}

/**
 * All records of a table in file order, broken ones included: row i of an array is record i.
 * `where` ends in the line or row, which orders them.
 */
export function recordsOf(
  table: MetadataTable,
): { where: string; cells: MetadataTable["rows"][number]["cells"] | null; place: number }[] {
  const placeOf = (where: string) => Number(/(\d+)\D*$/.exec(where)?.[1] ?? 0);
  const good = table.rows.map(({ where, cells }) => ({ where, cells, place: placeOf(where) }));
  const bad = table.broken.map(({ where }) => ({ where, cells: null, place: placeOf(where) }));
  return [...good, ...bad].sort((a, b) => a.place - b.place);
}

/** Files nearest to the top first, and those named as metadata before others. */
export function likeliestTables(entries: readonly SourceEntry[]): SourceEntry[] {
  const isNamed = ({ path }: SourceEntry) =>
    /(meta|label|caption|annotation|event|index|info)[^/]*$/i.test(path);
  const depth = ({ path }: SourceEntry) => folderOf(path).split("/").length;
  return [...entries].sort(
    (a, b) =>
      Number(isNamed(b)) - Number(isNamed(a)) || depth(a) - depth(b) || (a.path < b.path ? -1 : 1),
  );
}

/** Lists of equal keys, in order of first appearance. */
export function groupedBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}
