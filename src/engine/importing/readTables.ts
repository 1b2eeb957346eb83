import { basenameOf, folderOf } from "../../core/domain/pathResolver";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { readCsv } from "./csvTable";
import { decodeText } from "./decodeText";
import { readJsonl } from "./jsonlTable";
import { METADATA_BYTES_MAX } from "./limits";
import type { MetadataTable } from "./metadataTable";
import type { SourceEntry } from "./sourceEntry";

/** The metadata of an import and what was odd about it. */
export interface Metadata {
  readonly tables: readonly MetadataTable[];
  /** Every column of every table, in order of first appearance. */
  readonly columns: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finds and reads the metadata: every `metadata.csv` or `metadata.jsonl`, in any folder; if there
 * is none, the only other table (CSV, TSV, JSONL), with a warning.
 *
 * @throws AppError `import/unrecognised` without metadata, `import/metadata` for unusable files,
 *   `import/archive` for damaged ones.
 */
export async function readTables(
  entries: readonly SourceEntry[],
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Metadata> {
  const { files, warnings } = metadataFiles(entries);
  const tables: MetadataTable[] = [];
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const entry of files) {
    signal.throwIfAborted();
    if (entry.sizeBytes > METADATA_BYTES_MAX) {
      throw new AppError("import/metadata", `${entry.path} is larger than 256 MB`);
    }
    const { text, warning } = decodeText(await entry.read(signal));
    if (warning) warnings.push(`${entry.path} ${warning}.`);
    const isJsonl = /\.jsonl$/i.test(entry.path);
    tables.push(isJsonl ? readJsonl(entry.path, text) : readCsv(entry.path, text));
    done += entry.sizeBytes;
    report({ stage: "read", done, total, unit: "bytes" });
  }
  const columns = [...new Set(tables.flatMap((table) => table.columns))];
  return { tables, columns, warnings };
}

function metadataFiles(entries: readonly SourceEntry[]): {
  files: readonly SourceEntry[];
  warnings: string[];
} {
  const named = entries.filter(({ path }) => /^metadata\.(csv|jsonl)$/i.test(basenameOf(path)));
  refuseTwoKinds(named);
  if (named.length > 0) return { files: named, warnings: [] };
  const tables = entries.filter(({ path }) => /\.(csv|tsv|jsonl)$/i.test(path));
  const [only] = tables;
  if (!only) {
    const count = entries.length.toLocaleString("en");
    throw new AppError("import/unrecognised", `no metadata among ${count} files`);
  }
  if (tables.length > 1) {
    const names = tables.slice(0, 5).map(({ path }) => path);
    throw new AppError(
      "import/unrecognised",
      `no metadata.csv, and several other tables: ${names.join(", ")}`,
    );
  }
  return {
    files: [only],
    warnings: [`There is no metadata.csv; ${only.path} is used as metadata.`],
  };
}

/** Both kinds in one folder would say everything twice, or contradict each other. */
function refuseTwoKinds(files: readonly SourceEntry[]): void {
  const folders = new Map<string, string>();
  for (const { path } of files) {
    const before = folders.get(folderOf(path));
    if (before) {
      throw new AppError("import/metadata", `${before} and ${path}: keep one of them`);
    }
    folders.set(folderOf(path), path);
  }
}
