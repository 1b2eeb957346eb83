import { fileColumnNamed } from "../../../core/domain/columns";
import { folderOf, PathResolver } from "../../../core/domain/pathResolver";
import type { MetadataTable } from "../metadataTable";
import type { SourceEntry } from "../sourceEntry";
import { cellReader, textOf } from "../roles";

const ROWS_TRIED = 200; // spread over the table; enough to tell a column of names from chance
const SHARE_MIN = 0.1; // a class called “icon” may meet icon.png; a column of names does so often

/** How many of a table's rows name a file that is there, by the column that names the most. */
export interface FileColumn {
  readonly column: string;
  /** Of the rows tried, in [0, 1]. */
  readonly share: number;
}

/**
 * The column whose values are names of files at hand, whatever it is called (`id`, `Image Index`).
 * Of equals the one with the most telling name counts, then the first.
 */
export function findFileColumn(table: MetadataTable, resolver: PathResolver): FileColumn | null {
  const step = Math.max(1, Math.floor(table.rows.length / ROWS_TRIED));
  const rows = table.rows.filter((_, i) => i % step === 0).slice(0, ROWS_TRIED);
  const read = cellReader(table);
  const folder = folderOf(table.path);
  const likely = fileColumnNamed(table.columns);
  const shares = table.columns.map((column): FileColumn => {
    const hits = rows.filter((row) => {
      const name = textOf(read(row, column));
      return name !== "" && resolver.resolve(name, folder).kind === "found";
    });
    return { column, share: hits.length / Math.max(1, rows.length) };
  });
  const most = Math.max(0, ...shares.map(({ share }) => share));
  const isLikely = ({ column }: FileColumn) => column === likely;
  const best = shares.filter(({ share }) => share === most);
  const chosen = best.find(isLikely) ?? best[0];
  if (!chosen || most === 0) return null;
  return most >= SHARE_MIN || isLikely(chosen) ? chosen : null;
}

/** The column that names files at hand in the first table that has one. */
export function fileColumnOf(
  tables: readonly MetadataTable[],
  entries: readonly SourceEntry[],
): string | undefined {
  const resolver = new PathResolver(entries.map(({ path }) => path));
  for (const table of tables) {
    const found = findFileColumn(table, resolver);
    if (found) return found.column;
  }
  return undefined;
}
