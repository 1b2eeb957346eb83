import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Item } from "../../core/domain/dataset";
import { encodeElements } from "../../core/formats/arrayElements";
import { npyHeader } from "../../core/formats/npy";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import type { OutgoingFile } from "./outgoingFile";

/** Embeddings of one side and the items behind their rows. */
export interface OutgoingEmbeddings {
  /** The item behind each row. */
  readonly items: readonly Item[];
  /** Reads [N, D] when the file is written, so that one side is in memory at a time. */
  readonly load: () => Promise<Matrix>;
  /** Rows on their way into the shared space; absent: they leave as they are. */
  readonly project?: (rows: Matrix) => Promise<Matrix>;
  /** Of what leaves. */
  readonly width: number;
}

const PIECE_ROWS = 1_024; // 1,024 x 1,280 fp32 = 5 MB

/** `path` as npy: [N, D] float32 or float16, C order. */
export function npyFile(
  path: string,
  embeddings: OutgoingEmbeddings,
  type: "f4" | "f2",
): OutgoingFile {
  const { items, width } = embeddings;
  const header = npyHeader([items.length, width], type);
  return {
    path,
    sizeBytes: header.length + items.length * width * (type === "f4" ? 4 : 2),
    async *pieces() {
      yield header;
      for await (const batch of batches(embeddings)) yield encodeElements(batch.data, type);
    },
  };
}

/**
 * `path` as Parquet: `id` (SHA-256 of the file or caption), `source`, `text` where it has one, and
 * `embedding`, a list of D floats; a row group per 1,024 rows.
 */
export function parquetFile(path: string, embeddings: OutgoingEmbeddings): OutgoingFile {
  const { width, items } = embeddings;
  return {
    path,
    sizeBytes: items.length * (width * 4 + 100),
    async *pieces() {
      const parquet = new PiecewiseParquet([...ITEM_SCHEMA, ...LIST_SCHEMA], 4);
      let start = 0;
      for await (const batch of batches(embeddings)) {
        const part = items.slice(start, start + batch.rows);
        const lists = part.map((_, i) => [...row(batch, i)]);
        yield parquet.write([...itemColumns(part), { name: "embedding", data: lists }]);
        start += batch.rows;
      }
      yield parquet.finish();
    },
  };
}

/** `path` as Parquet: side, row in its npy file, `id`, `source` and `text` of every embedding. */
export function idsFile(
  path: string,
  sides: Readonly<Record<"a" | "b", readonly Item[]>>,
): OutgoingFile {
  const all = [...sides.a, ...sides.b];
  return {
    path,
    sizeBytes: all.length * 120,
    *pieces() {
      const parquet = new PiecewiseParquet([...PLACE_SCHEMA, ...ITEM_SCHEMA], 5);
      for (const side of ["a", "b"] as const) {
        const items = sides[side];
        if (items.length === 0) continue;
        yield parquet.write([
          { name: "side", data: items.map(() => side) },
          { name: "row", data: Int32Array.from(items.keys()) },
          ...itemColumns(items),
        ]);
      }
      yield parquet.finish();
    },
  };
}

async function* batches({ load, project }: OutgoingEmbeddings): AsyncIterable<Matrix> {
  const rows = await load();
  for (let start = 0; start < rows.rows; start += PIECE_ROWS) {
    const end = Math.min(start + PIECE_ROWS, rows.rows);
    const data = rows.data.subarray(start * rows.cols, end * rows.cols);
    const batch = matrix(end - start, rows.cols, data);
    yield project ? await project(batch) : batch;
  }
}

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const ITEM_SCHEMA = [
  { name: "id", ...TEXT, repetition_type: "REQUIRED" },
  { name: "source", ...TEXT, repetition_type: "REQUIRED" },
  { name: "text", ...TEXT, repetition_type: "OPTIONAL" },
] as const;
const PLACE_SCHEMA = [
  { name: "side", ...TEXT, repetition_type: "REQUIRED" },
  { name: "row", type: "INT32", repetition_type: "REQUIRED" },
] as const;
/** A list as every reader knows it: Parquet's LogicalTypes.md, three levels. */
const LIST_SCHEMA = [
  { name: "embedding", num_children: 1, converted_type: "LIST", repetition_type: "REQUIRED" },
  { name: "list", num_children: 1, repetition_type: "REPEATED" },
  { name: "element", type: "FLOAT", repetition_type: "REQUIRED" },
] as const;

const itemColumns = (items: readonly Item[]): Column[] => [
  { name: "id", data: items.map(({ digest }) => digest) },
  { name: "source", data: items.map(({ source }) => source) },
  { name: "text", data: items.map(({ text }) => text ?? null) },
];

type Schema = ConstructorParameters<typeof ParquetWriter>[0]["schema"];
type Column = Parameters<ParquetWriter["write"]>[0]["columnData"][number];

/** A Parquet file whose row groups leave one by one. */
class PiecewiseParquet {
  readonly #bytes = new ByteWriter(1 << 20);
  readonly #parquet: ParquetWriter;

  constructor(fields: readonly Schema[number][], columns: number) {
    const schema = [{ name: "root", num_children: columns }, ...fields];
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema,
      codec: "UNCOMPRESSED", // floats of embeddings do not get smaller
      statistics: false,
    });
  }

  write(columnData: Column[]): Uint8Array<ArrayBuffer> {
    const rowGroupSize = columnData[0]?.data.length ?? 1;
    void this.#parquet.write({ columnData: columnData.map(plain), rowGroupSize }); // no `flush`: at once
    return this.#drain();
  }

  finish(): Uint8Array<ArrayBuffer> {
    void this.#parquet.finish();
    return this.#drain();
  }

  #drain(): Uint8Array<ArrayBuffer> {
    const piece = new Uint8Array(this.#bytes.getBuffer());
    this.#bytes.index = 0; // `offset`, which places in the file are counted by, goes on
    return piece;
  }
}

/** Without a dictionary: ids and numbers hardly repeat, and looking for repeats takes longest. */
const plain = (column: Column): Column => ({ ...column, encoding: "PLAIN" });
