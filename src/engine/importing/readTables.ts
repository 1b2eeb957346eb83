import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { readCsv } from "./csvTable";
import { readJsonl } from "./jsonlTable";
import type { MetadataTable } from "./metadataTable";
import { readParquetTable } from "./parquetTable";
import { readText } from "./readText";
import type { SourceEntry } from "./sourceEntry";

interface ReadTablesOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** See `readCsv`. */
  readonly surplus?: "broken" | "joined";
}

/**
 * Reads metadata files (CSV, TSV, JSON Lines, Parquet).
 *
 * @throws AppError `import/metadata` for unusable files, `import/archive` for damaged ones.
 */
export async function readTables(
  files: readonly SourceEntry[],
  { signal, report, surplus = "broken" }: ReadTablesOptions,
): Promise<{ tables: MetadataTable[]; warnings: string[] }> {
  const warnings: string[] = [];
  const tables: MetadataTable[] = [];
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const entry of files) {
    signal.throwIfAborted();
    const { table, warning } = await readTable(entry, surplus, signal);
    if (warning) warnings.push(warning);
    tables.push(table);
    done += entry.sizeBytes;
    report({ stage: "read", done, total, unit: "bytes" });
  }
  return { tables, warnings };
}

async function readTable(
  entry: SourceEntry,
  surplus: "broken" | "joined",
  signal: AbortSignal,
): Promise<{ table: MetadataTable; warning?: string }> {
  const kind = kindOf(entry.path);
  if (kind === "parquet") return { table: await readParquetTable(entry, signal) };
  const { text, warning } = await readText(entry, signal);
  const { path } = entry;
  const table = kind === "jsonl" ? readJsonl(path, text) : readCsv(path, text, { surplus });
  return warning ? { table, warning } : { table };
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
