import { AppError } from "../../../core/errors";
import { readCsv } from "../csvTable";
import { readJsonl } from "../jsonlTable";
import type { MetadataTable } from "../metadataTable";
import { ParquetFile } from "../parquetFile";
import { cellOf, isBinary } from "../parquetTable";
import { kindOf } from "../readTables";
import type { SourceEntry } from "../sourceEntry";
import { peek } from "./peek";

/** A row group read for a look: of a larger one nothing is known before the whole is read. */
const LOOKED_AT_BYTES_MAX = 16 * 2 ** 20;

/** The first records of a table; undefined when not even they can be read. */
export async function tableStart(
  entry: SourceEntry,
  signal: AbortSignal,
): Promise<MetadataTable | undefined> {
  try {
    if (kindOf(entry.path) === "parquet") return await parquetStart(entry, signal);
    return textStart(entry, (await peek(entry, signal)).head);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError) return undefined; // reading it will say why
    throw thrown;
  }
}

function textStart({ path, sizeBytes }: SourceEntry, head: string): MetadataTable {
  const isCut = sizeBytes > head.length;
  const lastBreak = Math.max(head.lastIndexOf("\n"), head.lastIndexOf("\r"));
  const text = isCut && lastBreak > 0 ? head.slice(0, lastBreak) : head;
  return kindOf(path) === "jsonl" ? readJsonl(path, text) : readCsv(path, text);
}

/** Texts and numbers of the first row group; lists of numbers are vectors, bytes are files. */
async function parquetStart(
  entry: SourceEntry,
  signal: AbortSignal,
): Promise<MetadataTable | undefined> {
  const file = await ParquetFile.open(entry, signal);
  const [group] = file.groups;
  const plain = file.columns.filter((column) => column.children.length === 0 && !isBinary(column));
  const names = plain.map(({ element }) => element.name);
  const isPlain = ([name = "", ...deeper]: readonly string[]) =>
    deeper.length === 0 && names.includes(name);
  if (!group || names.length === 0 || file.sizeBytes(isPlain) > LOOKED_AT_BYTES_MAX) return;
  const records = await file.readGroup(group, isPlain);
  const rows = records.map((record, i) => ({
    where: `${entry.path}:${i + 1}`,
    cells: names.map((name) => cellOf(record[name])),
  }));
  return { path: entry.path, columns: names, rows, broken: [] };
}
