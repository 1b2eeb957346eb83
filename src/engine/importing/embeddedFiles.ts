import type { SchemaTree } from "hyparquet";
import type { MediaModality } from "../../core/domain/modality";
import { basenameOf, cleanPath } from "../../core/domain/pathResolver";
import { readAudioHeader } from "../../core/formats/audioHeader";
import { readImageHeader } from "../../core/formats/imageHeader";
import { modalityOfName } from "../../core/domain/mediaNames";
import { AppError } from "../../core/errors";
import { PARQUET_GROUP_HELD_TWICE_BYTES } from "./limits";
import type { ParquetFile, RowGroup } from "./parquetFile";
import { isBinary } from "./parquetTable";
import type { SourceEntry } from "./sourceEntry";

/** A column of a Parquet file that holds whole files: bytes, or a struct of bytes and path. */
export interface FileColumn {
  readonly name: string;
  readonly modality: MediaModality;
  /** Path of the leaf with the bytes. */
  readonly bytes: readonly string[];
}

/**
 * The first column that holds pictures or sounds, by the content of its first value.
 *
 * @throws AppError `import/metadata` when the first row group is damaged.
 */
export async function findFileColumn(file: ParquetFile): Promise<FileColumn | undefined> {
  for (const column of file.columns) {
    const leaf = bytesLeaf(column);
    const modality = leaf && (await modalityOf(file, column, leaf));
    if (modality) return { name: column.element.name, modality, bytes: leaf };
  }
  return undefined;
}

function bytesLeaf(column: SchemaTree): readonly string[] | undefined {
  if (isBinary(column)) return column.path;
  // Hugging Face's Image and Audio features (datasets, features/image.py and audio.py).
  return column.children.find((child) => child.element.name === "bytes" && isBinary(child))?.path;
}

async function modalityOf(file: ParquetFile, column: SchemaTree, leaf: readonly string[]) {
  const [first] = file.groups;
  if (!first) return undefined;
  const rows = await file.readGroup(first, (path) => path[0] === leaf[0]);
  for (const row of rows) {
    const { bytes, path } = valueOf(row[column.element.name]);
    if (bytes && readImageHeader(bytes)) return "image";
    if (bytes && readAudioHeader(bytes)) return "audio";
    if (bytes) return undefined;
    if (path !== "") return modalityOfName(path);
  }
  return undefined;
}

/** The two parts of a file column's value, whichever way it is written. */
export function valueOf(value: unknown): { bytes: Uint8Array | null; path: string } {
  if (value instanceof Uint8Array) return { bytes: value, path: "" };
  if (typeof value !== "object" || value === null) return { bytes: null, path: "" };
  const { bytes, path } = value as { bytes?: unknown; path?: unknown };
  return {
    bytes: bytes instanceof Uint8Array ? bytes : null,
    path: typeof path === "string" ? path : "",
  };
}

/**
 * The files inside one column of a Parquet file. Row groups are decoded when one of their files is
 * read, and the last is kept: files that are read in order cost one decoding per group.
 */
export class EmbeddedFiles {
  readonly #file: ParquetFile;
  readonly #column: FileColumn;
  readonly #isHeldTwice: boolean;
  readonly #sizeBytes: number;
  #held: { group: RowGroup; rows: Promise<readonly unknown[]> }[] = [];

  constructor(file: ParquetFile, column: FileColumn) {
    this.#file = file;
    this.#column = column;
    const isBytes = (path: readonly string[]) => path.join() === column.bytes.join();
    const total = file.sizeBytes(isBytes);
    this.#sizeBytes = Math.ceil(total / Math.max(1, file.rows));
    this.#isHeldTwice = total / Math.max(1, file.groups.length) <= PARQUET_GROUP_HELD_TWICE_BYTES;
  }

  /** An entry for the file in a row, counted from 0. */
  entry(row: number, path: string): SourceEntry {
    return {
      path: `${this.#file.path}/${embeddedName(row, path)}`,
      sizeBytes: this.#sizeBytes,
      read: () => this.#read(row),
    };
  }

  async #read(row: number): Promise<Uint8Array<ArrayBuffer>> {
    const group = this.#file.groups.find(({ start, end }) => start <= row && row < end);
    const rows = group && (await this.#rows(group));
    const { bytes } = valueOf(rows?.[row - (group?.start ?? 0)]);
    if (bytes) return new Uint8Array(bytes);
    throw new AppError("import/archive", `${this.#file.path}:${row + 1} holds no bytes`);
  }

  #rows(group: RowGroup): Promise<readonly unknown[]> {
    const held = this.#held.find((one) => one.group === group);
    if (held) return held.rows;
    const { name, bytes } = this.#column;
    const isWanted = (path: readonly string[]) => path.join("\0") === bytes.join("\0");
    const rows = this.#file
      .readGroup(group, isWanted)
      .then((records) => records.map((record): unknown => record[name]));
    this.#held = [...this.#held.slice(this.#isHeldTwice ? -1 : 1), { group, rows }];
    return rows;
  }
}

/** `17/cat.jpg`: the row makes it unique, the name it had tells the user what it is. */
export function embeddedName(row: number, path: string): string {
  const clean = cleanPath(basenameOf(path.replaceAll("\\", "/")));
  return "path" in clean ? `${row + 1}/${clean.path}` : String(row + 1);
}
