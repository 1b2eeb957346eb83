import { PathResolver } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import type { OpenedSource } from "../openSource";
import { kindOf, readTables } from "../readTables";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { fileColumnOf, findFileColumn, type FileColumn } from "./fileColumn";
import { splitOfFile, splitOfRow, withNamedSplits } from "./namedSplits";
import { named, survey } from "./survey";
import { tablesAndFiles } from "./tablesAndFiles";
import { tableStart } from "./tableStart";

const TABLE_NAME = /\.(csv|tsv|jsonl|ndjson|parquet)$/i;
const TABLES_MAX = 50; // a folder of more is not metadata with one stray table among it

/** Whatever has a table with a column of file names (Kaggle's CSV and folder): the last resort. */
export const table: DataFormat = {
  id: "table",
  async recognise(source, signal) {
    const [best] = await rankedTables(source, signal);
    if (!best) return null;
    const score = best.match ? 0.3 + 0.2 * best.match.share : 0.1;
    return { score, summary: `A table and files: ${best.entry.path}` };
  },
  async read(source, { signal, report }) {
    const ranked = await rankedTables(source, signal);
    const [best, ...others] = ranked;
    if (!best) {
      const files = source.entries.length.toLocaleString("en");
      throw new AppError("import/unrecognised", `no metadata among ${files} files`);
    }
    const parts = others.filter((other) => isPartOfSame(best, other));
    const chosen = [best, ...parts].map(({ entry }) => entry).sort(byPath);
    const read = await readTables(chosen, { signal, report });
    const column = fileColumnOf(read.tables, source.entries);
    const { tables, roles } = withNamedSplits(read.tables, (from, row) => {
      return splitOfFile(from.path) ?? splitOfRow(column)(from, row);
    });
    const unused = others.filter((other) => !parts.includes(other)).map(({ entry }) => entry.path);
    const warnings = [
      `There is no metadata.csv; ${namesOf(chosen)} used as metadata.`,
      ...(unused.length > 0
        ? [`Not used: ${unused.join(", ")}. Drop only the table you mean, if it is another.`]
        : []),
      ...read.warnings,
    ];
    const known = column === undefined ? roles : { ...roles, [column]: "file" as const };
    return tablesAndFiles({ source, files: chosen, tables, warnings, roles: known });
  },
};

interface RankedTable {
  readonly entry: SourceEntry;
  readonly columns: readonly string[];
  /** Its column of file names; null where no value is the name of a file at hand. */
  readonly match: FileColumn | null;
}

/** Tables by how many of their rows name files at hand, then by size, then by name. */
async function rankedTables(source: OpenedSource, signal: AbortSignal): Promise<RankedTable[]> {
  const { alone, companions } = survey(source);
  const entries = named([...alone, ...companions], TABLE_NAME).slice(0, TABLES_MAX);
  if (entries.length === 0) return [];
  const resolver = new PathResolver(source.entries.map(({ path }) => path));
  const ranked: RankedTable[] = [];
  for (const entry of entries) {
    const start = await tableStart(entry, signal);
    const match = start && findFileColumn(start, resolver);
    // Parquet that names no file is vectors or a whole data set: other formats read those.
    if (!match && kindOf(entry.path) === "parquet") continue;
    ranked.push({ entry, columns: start?.columns ?? [], match: match ?? null });
  }
  return ranked.sort(
    (a, b) =>
      (b.match?.share ?? 0) - (a.match?.share ?? 0) ||
      b.entry.sizeBytes - a.entry.sizeBytes ||
      byPath(a.entry, b.entry),
  );
}

/** Tables with the same columns are one data set in parts: `train.csv` and `test.csv`. */
function isPartOfSame(best: RankedTable, other: RankedTable): boolean {
  return (
    best.match !== null &&
    other.match !== null &&
    best.columns.join("\0") === other.columns.join("\0")
  );
}

const byPath = (a: SourceEntry, b: SourceEntry) => (a.path < b.path ? -1 : 1);

function namesOf(files: readonly SourceEntry[]): string {
  const names = files.map(({ path }) => path).join(", ");
  return files.length === 1 ? `${names} is` : `${names} are`;
}
