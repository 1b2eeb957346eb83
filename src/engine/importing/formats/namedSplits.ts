import type { Split } from "../../../core/domain/dataset";
import type { KnownRoles } from "../../../core/domain/importFormat";
import { cleanPath, folderOf } from "../../../core/domain/pathResolver";
import { splitNamed } from "../../../core/domain/splits";
import type { MetadataRow, MetadataTable } from "../metadataTable";

/** Words that say nothing about the split: `train_images`, `val2017`, `test-data`. */
const FILLER =
  /^(images?|imgs?|pictures?|photos?|audios?|sounds?|clips?|data|set|files?|jpe?g|png|wav)$/;

/** The names Clotho has for splits; everyone else's are in `splitNamed`. */
const OTHER_NAMES: ReadonlyMap<string, Split> = new Map([
  ["development", "train"],
  ["evaluation", "test"],
]);

/** The split a file's name speaks of: `captions_train2017.json`, `val.csv`. */
export function splitOfFile(name: string): Split | undefined {
  const splits = wordsOf(name).flatMap((word) => named(word) ?? []);
  return splits.at(-1);
}

/** The split that the folders of a path speak of, the outermost first: `data/val2017/1.jpg`. */
export function splitOfFolders(path: string): Split | undefined {
  for (const folder of folderOf(path).split("/")) {
    const words = wordsOf(folder).filter((word) => !FILLER.test(word));
    const split = words.length === 1 ? named(words[0] ?? "") : undefined;
    if (split) return split;
  }
  return undefined;
}

const named = (word: string) => splitNamed(word) ?? OTHER_NAMES.get(word);
const wordsOf = (name: string) =>
  name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");

/** Tables with a column of splits, if one was added. */
export interface WithSplits {
  readonly tables: readonly MetadataTable[];
  readonly roles: KnownRoles;
}

/**
 * Adds a split column from what names say, unless a column says it already or all names say the
 * same: data that is all `train` still needs a test split drawn from it.
 */
export function withNamedSplits(
  tables: readonly MetadataTable[],
  splitOf: (table: MetadataTable, row: MetadataRow) => Split | undefined,
): WithSplits {
  if (hasSplitColumn(tables)) return { tables, roles: {} };
  const splits = tables.map((table) => table.rows.map((row) => splitOf(table, row)));
  const found = new Set(splits.flat());
  found.delete(undefined);
  if (found.size < 2) return { tables, roles: {} };
  const isTaken = tables.some(({ columns }) => columns.includes("split"));
  const column = isTaken ? "folder_split" : "split";
  return {
    tables: tables.map((table, t) => ({
      ...table,
      columns: [...table.columns, column],
      rows: table.rows.map((row, i) => {
        const cells = table.columns.map((_, place) => row.cells[place] ?? "");
        return { ...row, cells: [...cells, splits[t]?.[i] ?? ""] };
      }),
    })),
    roles: { [column]: "split" },
  };
}

/** The split that the folder of a row's file, or else of its table, speaks of. */
export function splitOfRow(fileColumn: string | undefined) {
  return (table: MetadataTable, { cells }: MetadataRow): Split | undefined => {
    const place = fileColumn === undefined ? -1 : table.columns.indexOf(fileColumn);
    const name = cells[place];
    const clean = typeof name === "string" ? cleanPath(name, folderOf(table.path)) : undefined;
    return splitOfFolders(clean && "path" in clean ? clean.path : table.path);
  };
}

function hasSplitColumn(tables: readonly MetadataTable[]): boolean {
  return ["split", "set", "fold", "subset"].some((name) => {
    const values = tables.flatMap(({ columns, rows }) => {
      const place = columns.findIndex((column) => column.trim().toLowerCase() === name);
      return place < 0 ? [] : rows.map(({ cells }) => cells[place] ?? "");
    });
    const filled = values.filter((value) => value !== "");
    return (
      filled.length > 0 &&
      filled.every((value) => typeof value === "string" && splitNamed(value) !== undefined)
    );
  });
}
