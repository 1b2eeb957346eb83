import { folderOf } from "../../core/domain/pathResolver";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { readCsv } from "./csvTable";
import { decodeText } from "./decodeText";
import { readJsonl } from "./jsonlTable";
import { METADATA_BYTES_MAX } from "./limits";
import type { MetadataTable } from "./metadataTable";
import type { SourceEntry } from "./sourceEntry";

/**
 * Reads metadata files (CSV, TSV, JSONL).
 *
 * @throws AppError `import/metadata` for unusable files, `import/archive` for damaged ones.
 */
export async function readTables(
  files: readonly SourceEntry[],
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<{ tables: MetadataTable[]; warnings: string[] }> {
  const warnings: string[] = [];
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
  return { tables, warnings };
}

/** Both kinds in one folder would say everything twice, or contradict each other. */
export function refuseTwoKinds(files: readonly SourceEntry[]): void {
  const folders = new Map<string, string>();
  for (const { path } of files) {
    const before = folders.get(folderOf(path));
    if (before) {
      throw new AppError("import/metadata", `${before} and ${path}: keep one of them`);
    }
    folders.set(folderOf(path), path);
  }
}
