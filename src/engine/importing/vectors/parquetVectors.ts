import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaTree,
} from "hyparquet";
import { AppError } from "../../../core/errors";
import { matrix } from "../../../core/math/matrix";
import { columnNames, type MetadataTable } from "../metadataTable";
import { bytesOf, windowed } from "./storedArray";
import type { VectorArray } from "./vectorArray";
import type { VectorFile } from "./vectorFile";

/**
 * The lists of floating-point numbers in a Parquet file as arrays, and its plain columns as a table.
 * A row whose list is missing or of another length reads as NaN, which an import reports by row.
 *
 * @throws AppError `import/embeddings` when the file is no readable Parquet.
 */
export async function openParquetVectors(blob: Blob, path: string): Promise<VectorFile> {
  const file: AsyncBuffer = {
    byteLength: blob.size,
    slice: async (start, end) => (await bytesOf(blob.slice(start, end), path)).buffer,
  };
  const opened = await explained(path, async () => {
    const metadata = await parquetMetadataAsync(file);
    return { file, metadata, compressors: await compressorsFor(metadata), path };
  });
  const columns = parquetSchema(opened.metadata).children;
  const lists = columns.filter(isFloatList);
  const arrays = new Map<string, VectorArray>();
  const notes: string[] = [];
  for (const { element } of lists) {
    const array = await openColumn(opened, element.name);
    if (array) arrays.set(element.name, array);
    else notes.push(`${path}/${element.name} starts with an empty list and is not used.`);
  }
  const plain = columns.filter(isPlain).map(({ element }) => element.name);
  return {
    path,
    arrays,
    notes,
    ...(plain.length > 0 && { readTable: () => readTable(opened, plain) }),
  };
}

interface OpenedParquet {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly compressors: Compressors;
  readonly path: string;
}

async function openColumn(opened: OpenedParquet, column: string): Promise<VectorArray | undefined> {
  const { metadata, path } = opened;
  const rows = Number(metadata.num_rows);
  const [first] = rows > 0 ? await readColumn(opened, column, 0, 1) : [];
  const width = listOf(first)?.length ?? 0;
  if (width === 0) return undefined;
  const readRows = async (start: number, end: number) => {
    const out = matrix(end - start, width);
    const values = await readColumn(opened, column, start, end);
    for (let i = 0; i < out.rows; i++) {
      const list = listOf(values[i]);
      if (list?.length === width) out.data.set(Float32Array.from(list, Number), i * width);
      else out.data.fill(NaN, i * width, (i + 1) * width);
    }
    return out;
  };
  const file = `${path}/${column}`;
  return { rows, width, format: "list", files: [file], read: windowed(rows, width, readRows) };
}

async function readColumn(
  { file, metadata, compressors, path }: OpenedParquet,
  column: string,
  rowStart: number,
  rowEnd: number,
): Promise<unknown[]> {
  const options = { file, metadata, compressors, columns: [column], rowStart, rowEnd };
  // With an offset index only the pages of these rows are read, where the file has one.
  const rows = await explained(path, () =>
    parquetReadObjects({ ...options, useOffsetIndex: true }),
  );
  return rows.map((row) => row[column] as unknown);
}

async function readTable(
  { file, metadata, compressors, path }: OpenedParquet,
  columns: string[],
): Promise<MetadataTable> {
  const records = await explained(path, () =>
    parquetReadObjects({ file, metadata, compressors, columns }),
  );
  return {
    path,
    columns: columnNames(columns, path),
    rows: records.map((record, i) => ({
      where: `${path}:${i + 1}`,
      cells: columns.map((column) => textOf(record[column] as unknown)),
    })),
    broken: [],
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

function listOf(value: unknown): ArrayLike<unknown> | undefined {
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? (value as unknown as ArrayLike<unknown>) // a typed array where the library has one
    : undefined;
}

/** A list of floats, as Arrow writes both kinds of list: column > repeated group > element. */
function isFloatList({ element, children }: SchemaTree): boolean {
  const isList = element.converted_type === "LIST" || element.logical_type?.type === "LIST";
  const [repeated] = children;
  const leaf = repeated?.children[0] ?? repeated;
  return isList && repeated !== undefined && leaf !== undefined && isFloat(leaf);
}

function isFloat({ element, children }: SchemaTree): boolean {
  const { type, logical_type } = element;
  if (children.length > 0) return false;
  return type === "FLOAT" || type === "DOUBLE" || logical_type?.type === "FLOAT16";
}

function isPlain({ element, children }: SchemaTree): boolean {
  const isBytes = element.type === "BYTE_ARRAY" || element.type === "FIXED_LEN_BYTE_ARRAY";
  const isText = element.converted_type === "UTF8" || element.logical_type?.type === "STRING";
  return children.length === 0 && element.repetition_type !== "REPEATED" && (!isBytes || isText);
}

/** Decompressors beyond Snappy are large, so they are loaded only for the files that need them. */
async function compressorsFor({ row_groups }: FileMetaData): Promise<Compressors> {
  const codecs = new Set(
    row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)),
  );
  codecs.delete("UNCOMPRESSED");
  codecs.delete("SNAPPY");
  codecs.delete(undefined);
  if (codecs.size === 0) return {};
  return (await import("hyparquet-compressors")).compressors;
}

/** The library's own errors, with the file they are about. */
async function explained<T>(path: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("import/embeddings", `${path}: ${reason}`, { cause });
  }
}
