import {
  decodeElements,
  ELEMENT_BYTES,
  type ElementType,
} from "../../../core/formats/arrayElements";
import { AppError } from "../../../core/errors";
import { matrix, type Matrix } from "../../../core/math/matrix";
import type { VectorArray } from "./vectorArray";

/** Rows of a column-ordered array kept in memory at once: 32 MB of float32. */
const WINDOW_NUMBERS = 8 * 2 ** 20;

/** Slices of a column-ordered array read at once. */
const COLUMNS_IN_FLIGHT = 64;

/** An array of numbers somewhere in a file. */
export interface StoredArray {
  readonly blob: Blob;
  /** Offset of the first number. */
  readonly offset: number;
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Columns one after the other instead of rows. */
  readonly isFortran: boolean;
  readonly rows: number;
  readonly width: number;
  /** Path of the file, for messages. */
  readonly file: string;
}

/** The array as float32 rows, read from the file when they are asked for. */
export function storedArray(stored: StoredArray): VectorArray {
  const { rows, width, file, type } = stored;
  const readRows = (start: number, end: number) =>
    stored.isFortran ? readColumns(stored, start, end) : readSpan(stored, start, end);
  return {
    rows,
    width,
    format: FORMAT_NAMES[type],
    files: [file],
    read: stored.isFortran ? windowed(rows, width, readRows) : readRows,
  };
}

/**
 * Reads through a window of many rows, for arrays whose rows are dear to get one block at a time.
 */
export function windowed(
  rows: number,
  width: number,
  readRows: (start: number, end: number) => Promise<Matrix>,
): VectorArray["read"] {
  const size = Math.max(1, Math.floor(WINDOW_NUMBERS / width));
  let window: { start: number; rows: Promise<Matrix> } | undefined;
  const windowAt = (start: number) => {
    if (window?.start === start) return window.rows;
    const read = readRows(start, Math.min(rows, start + size));
    window = { start, rows: read };
    read.catch(() => (window = undefined)); // the reader of this window has the error
    return read;
  };
  return async (start, end, signal) => {
    const out = matrix(end - start, width);
    for (let at = start; at < end;) {
      signal.throwIfAborted();
      const first = at - (at % size);
      const from = at - first;
      const to = Math.min(end, first + size) - first;
      const block = await windowAt(first);
      out.data.set(block.data.subarray(from * width, to * width), (at - start) * width);
      at = first + to;
    }
    return out;
  };
}

async function readSpan(stored: StoredArray, start: number, end: number): Promise<Matrix> {
  const { width, type, littleEndian } = stored;
  const stride = width * ELEMENT_BYTES[type];
  const bytes = await bytesAt(stored, start * stride, end * stride);
  return matrix(end - start, width, decodeElements(bytes, type, littleEndian));
}

async function readColumns(stored: StoredArray, start: number, end: number): Promise<Matrix> {
  const { rows, width, type, littleEndian } = stored;
  const size = ELEMENT_BYTES[type];
  const out = matrix(end - start, width);
  const place = (values: Float32Array, column: number) => {
    for (let i = 0; i < out.rows; i++) out.data[i * width + column] = values[i]!;
  };
  if (out.rows === rows) {
    const all = decodeElements(await bytesAt(stored, 0, rows * width * size), type, littleEndian);
    for (let d = 0; d < width; d++) place(all.subarray(d * rows, (d + 1) * rows), d);
    return out;
  }
  for (let first = 0; first < width; first += COLUMNS_IN_FLIGHT) {
    const columns = Array.from(
      { length: Math.min(COLUMNS_IN_FLIGHT, width - first) },
      (_, i) => first + i,
    );
    await Promise.all(
      columns.map(async (d) => {
        const bytes = await bytesAt(stored, (d * rows + start) * size, (d * rows + end) * size);
        place(decodeElements(bytes, type, littleEndian), d);
      }),
    );
  }
  return out;
}

async function bytesAt(
  { blob, offset, file }: StoredArray,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await bytesOf(blob.slice(offset + start, offset + end), file);
  if (bytes.length === end - start) return bytes;
  throw new AppError("import/embeddings", `${file} changed or was cut off while it was read`);
}

/** The bytes of a part of a file. @throws AppError `import/embeddings` when it is gone. */
export async function bytesOf(blob: Blob, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    // The browser's NotReadableError: the file was moved, changed or deleted since it was dropped.
    throw new AppError("import/embeddings", `${file} can no longer be read`, { cause });
  }
}

const FORMAT_NAMES: Readonly<Record<ElementType, string>> = {
  f2: "float16",
  bf16: "bfloat16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
};
