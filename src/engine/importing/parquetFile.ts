import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type ParquetRow,
  type SchemaTree,
} from "hyparquet";
import { AppError } from "../../core/errors";
import { METADATA_BYTES_MAX, PARQUET_GROUP_BYTES_MAX, PARQUET_ROWS_MAX } from "./limits";
import type { SourceEntry } from "./sourceEntry";

/** A run of rows that are stored, and can only be read, together. */
export interface RowGroup {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * A Parquet file of which nothing but the footer has been read. Rows come by row group, columns by
 * choice: leaves that are left out are not read from the disk.
 */
export class ParquetFile {
  readonly path: string;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** Top-level columns. */
  readonly columns: readonly SchemaTree[];
  readonly #buffer: AsyncBuffer;
  readonly #metadata: FileMetaData;

  private constructor(path: string, buffer: AsyncBuffer, metadata: FileMetaData) {
    this.path = path;
    this.#buffer = buffer;
    this.#metadata = metadata;
    this.columns = parquetSchema(metadata).children;
    let start = 0;
    this.groups = metadata.row_groups.map(({ num_rows }) => {
      const group = { start, end: start + Number(num_rows) };
      start = group.end;
      return group;
    });
    this.rows = start;
  }

  /** @throws AppError `import/metadata`: not Parquet, damaged, or more rows than we hold. */
  static async open(entry: SourceEntry, signal: AbortSignal): Promise<ParquetFile> {
    const buffer = await bufferOf(entry, signal);
    return translating(entry.path, async () => {
      const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
      const file = new ParquetFile(entry.path, buffer, metadata);
      const isSane = file.groups.every(({ start, end }) => end >= start);
      if (!isSane || !Number.isSafeInteger(file.rows)) throw new Error("its row counts are wrong");
      if (file.rows > PARQUET_ROWS_MAX) throw new Error("more than 2,000,000 rows");
      return file;
    });
  }

  /** What the writer noted about the whole file, by key (`huggingface`, `pandas`). */
  note(key: string): string | undefined {
    return this.#metadata.key_value_metadata?.find((pair) => pair.key === key)?.value;
  }

  /** Bytes that the leaves with `isWanted` take when unpacked, as the footer says. */
  sizeBytes(isWanted: (path: readonly string[]) => boolean): number {
    return this.#metadata.row_groups
      .flatMap(({ columns }) => columns)
      .filter(({ meta_data }) => meta_data && isWanted(meta_data.path_in_schema))
      .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  }

  /** How many values of a leaf are missing in a group; undefined where the footer does not say. */
  nulls({ start }: RowGroup, leaf: readonly string[]): number | undefined {
    const group = this.#metadata.row_groups[this.groups.findIndex((one) => one.start === start)];
    const chunk = group?.columns.find(
      ({ meta_data }) => meta_data?.path_in_schema.join("\0") === leaf.join("\0"),
    );
    const stated = chunk?.meta_data?.statistics?.null_count;
    return stated === undefined ? undefined : Number(stated);
  }

  /**
   * Rows of one group, as objects of the leaves with `isWanted`. Texts are strings, binary columns
   * bytes, 64-bit integers bigints, lists arrays, missing values null.
   *
   * @throws AppError `import/metadata`: damaged, or a group larger than memory should hold.
   */
  readGroup(
    { start, end }: RowGroup,
    isWanted: (path: readonly string[]) => boolean,
  ): Promise<ParquetRow[]> {
    return translating(this.path, async () => {
      const metadata = withLeaves(this.#metadata, this.columns, isWanted);
      const group = metadata.row_groups[this.groups.findIndex((other) => other.start === start)];
      const size = (group?.columns ?? []).reduce(
        (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0),
        0,
      );
      if (size > PARQUET_GROUP_BYTES_MAX) {
        throw new Error("a row group unpacks to more than 512 MB; write it with fewer rows each");
      }
      const codecs = (group?.columns ?? []).map(({ meta_data }) => meta_data?.codec);
      const compressors = await compressorsFor(codecs);
      return parquetReadObjects({
        ...{ file: this.#buffer, metadata, rowStart: start, rowEnd: end },
        ...{ utf8: false, geoparquet: false },
        ...(compressors && { compressors }),
      });
    });
  }
}

/** Snappy comes with the reader; the others are 73 kB that few files need. */
async function compressorsFor(
  codecs: readonly (string | undefined)[],
): Promise<Compressors | undefined> {
  const isBuiltIn = (codec?: string) => codec === "UNCOMPRESSED" || codec === "SNAPPY";
  if (codecs.every(isBuiltIn)) return undefined;
  const { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW } = (await import("hyparquet-compressors")).compressors;
  const found = { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW };
  return Object.fromEntries(Object.entries(found).filter(([, unpack]) => unpack));
}

async function bufferOf(entry: SourceEntry, signal: AbortSignal): Promise<AsyncBuffer> {
  const { blob, path, sizeBytes } = entry;
  if (!blob && sizeBytes > METADATA_BYTES_MAX) {
    const advice = "drop it by itself, or store it uncompressed";
    throw new AppError("import/metadata", `${path}: larger than 256 MB in an archive; ${advice}`);
  }
  const source = blob ?? new Blob([await entry.read(signal)]);
  const read = async (start: number, end: number) => {
    signal.throwIfAborted();
    // Footers can lie, and what comes back must be as long as what was asked for.
    if (!(start >= 0 && start <= end && end <= source.size)) {
      throw new Error("its footer points outside the file");
    }
    return source.slice(start, end).arrayBuffer();
  };
  return {
    byteLength: source.size,
    slice(start, end = source.size) {
      const bytes = read(start, end);
      // The reader fetches ahead and may never look: whoever does look still gets the failure.
      bytes.catch(() => {});
      return bytes;
    },
  };
}

/** The metadata of a file that has only some leaves; structs keep what is left of them. */
function withLeaves(
  metadata: FileMetaData,
  columns: readonly SchemaTree[],
  isWanted: (path: readonly string[]) => boolean,
): FileMetaData {
  const kept = columns.flatMap((tree) => keep(tree, isWanted));
  const [root] = metadata.schema;
  return {
    ...metadata,
    schema: [{ ...root!, num_children: kept.length }, ...kept.flatMap(elementsOf)],
    row_groups: metadata.row_groups.map((group) => ({
      ...group,
      columns: group.columns.filter(({ meta_data }) => {
        return meta_data !== undefined && isWanted(meta_data.path_in_schema);
      }),
    })),
  };
}

function keep(tree: SchemaTree, isWanted: (path: readonly string[]) => boolean): SchemaTree[] {
  if (tree.children.length === 0) return isWanted(tree.path) ? [tree] : [];
  const children = tree.children.flatMap((child) => keep(child, isWanted));
  return children.length === 0 ? [] : [{ ...tree, children }];
}

function elementsOf({ element, children }: SchemaTree): SchemaTree["element"][] {
  if (children.length === 0) return [element];
  return [{ ...element, num_children: children.length }, ...children.flatMap(elementsOf)];
}

/** The library's errors are bare; ours say which file. */
async function translating<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === "cancelled" || error.code === "import/metadata") throw error;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("import/metadata", `${path}: ${message}`, { cause: thrown });
  }
}
