import type { SchemaTree } from "hyparquet";
import { AppError } from "../../core/errors";
import { NUL_IN_ROW, type Fault } from "./faults";
import {
  columnNames,
  holdsNul,
  type Cell,
  type MetadataRow,
  type MetadataTable,
} from "./metadataTable";
import { ParquetFile } from "./parquetFile";
import type { SourceEntry } from "./sourceEntry";

/**
 * A Parquet file as a table of texts: lists of texts stay lists, numbers are written out, anything
 * nested becomes JSON. Binary columns are left out and not read. Rows are counted from 1.
 *
 * @throws AppError `import/metadata`: not Parquet, damaged, without rows, or too large.
 */
export async function readParquetTable(
  entry: SourceEntry,
  signal: AbortSignal,
): Promise<MetadataTable> {
  const file = await ParquetFile.open(entry, signal);
  if (file.rows === 0) throw new AppError("import/metadata", `${entry.path} is empty`);
  return parquetTableOf(file, signal);
}

/** The table of a file that is open already. `extra` adds columns of its own, by row number from 0. */
export async function parquetTableOf(
  file: ParquetFile,
  signal: AbortSignal,
  extra: Readonly<
    Record<string, (row: number, values: Readonly<Record<string, unknown>>) => Cell>
  > = {},
): Promise<MetadataTable> {
  const leaves = new Set<string>();
  const columns = file.columns.filter((column) => {
    const texts = textLeaves(column);
    for (const leaf of texts) leaves.add(leaf);
    return texts.length > 0 && !Object.hasOwn(extra, column.element.name);
  });
  const names = columns.map(({ element }) => element.name);
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  for (const group of file.groups) {
    signal.throwIfAborted();
    const records = await file.readGroup(group, (path) => leaves.has(keyOf(path)));
    records.forEach((record, i) => {
      const row = group.start + i;
      const where = `${file.path}:${row + 1}`;
      const cells = [
        ...Object.values(extra).map((cell) => cell(row, record)),
        ...names.map((name) => cellOf(record[name])),
      ];
      if (holdsNul(cells)) broken.push({ where, fault: NUL_IN_ROW });
      else rows.push({ where, cells });
    });
  }
  const header = columnNames([...Object.keys(extra), ...names], file.path);
  return { path: file.path, columns: header, rows, broken };
}

/** Leaves of a column that are no bytes. */
function textLeaves(tree: SchemaTree): string[] {
  if (tree.children.length > 0) return tree.children.flatMap(textLeaves);
  return isBinary(tree) ? [] : [keyOf(tree.path)];
}

/** True for a leaf of bytes that nothing declares to be text, a number or a date. */
export function isBinary({ element, children }: SchemaTree): boolean {
  const { type, converted_type, logical_type } = element;
  return (
    children.length === 0 &&
    type === "BYTE_ARRAY" &&
    converted_type === undefined &&
    logical_type === undefined
  );
}

/** A value of a Parquet column as metadata holds it. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return cellOf([...(value as Uint8Array)]);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((part) => part === null || typeof part === "string")) {
    return value.filter((part) => part !== null) as string[]; // every one is text or null
  }
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? Number(part) : part,
  );
}

const keyOf = (path: readonly string[]) => path.join("\0");
