import { AppError } from "../../core/errors";
import { readCsv } from "./csvTable";
import { readJsonl } from "./jsonlTable";
import type { MetadataTable } from "./metadataTable";
import { oneByOne, type ReadingOptions } from "./oneByOne";
import { readParquetTable } from "./parquetTable";
import { readText } from "./readText";
import type { SourceEntry } from "./sourceEntry";

/** A table, and warnings about its encoding. */
export interface ReadTable {
  readonly table: MetadataTable;
  readonly warnings: readonly string[];
}

/** See `readCsv`. */
type Surplus = "broken" | "joined";

/**
 * Reads metadata files (CSV, TSV, JSON Lines, Parquet), one after the other.
 *
 * @throws AppError `import/metadata` for unusable files, `import/archive` for damaged ones.
 */
export async function readTables(
  files: readonly SourceEntry[],
  options: ReadingOptions,
): Promise<{ tables: MetadataTable[]; warnings: string[] }> {
  const warnings: string[] = [];
  const tables: MetadataTable[] = [];
  for await (const entry of oneByOne(files, options)) {
    const read = await readTable(entry, options.signal);
    tables.push(read.table);
    warnings.push(...read.warnings);
  }
  return { tables, warnings };
}

/**
 * Reads one metadata file.
 *
 * @param kind of the table, where its name says something else.
 * @throws AppError `import/metadata` for an unusable file, `import/archive` for a damaged one.
 */
export async function readTable(
  entry: SourceEntry,
  signal: AbortSignal,
  { surplus = "broken", kind }: { surplus?: Surplus; kind?: "jsonl" } = {},
): Promise<ReadTable> {
  const { path } = entry;
  const actual = kind ?? kindOf(path);
  if (actual === "parquet") return { table: await readParquetTable(entry, signal), warnings: [] };
  const { text, warning } = await readText(entry, signal);
  const table = actual === "jsonl" ? readJsonl(path, text) : readCsv(path, text, { surplus });
  return { table, warnings: warning ? [warning] : [] };
}

/** `csv`, `jsonl` or `parquet`, by name. */
export function kindOf(path: string): "csv" | "jsonl" | "parquet" {
  if (/\.parquet$/i.test(path)) return "parquet";
  return /\.(jsonl\w*|json1|jsonlines|ndjson)$/i.test(path) ? "jsonl" : "csv";
}

/** Two kinds in one data set would say everything twice, or contradict each other. */
export function refuseTwoKinds(files: readonly SourceEntry[]): void {
  const [first, ...others] = files;
  const other = others.find(({ path }) => first && kindOf(path) !== kindOf(first.path));
  if (!first || !other) return;
  throw new AppError(
    "import/metadata",
    `${first.path} and ${other.path} are of two kinds: keep one of them`,
  );
}
