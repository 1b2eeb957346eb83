import { AppError } from "../errors";
import { ELEMENT_BYTES, encodeElements, type ElementType } from "./arrayElements";
import { repeatedKey } from "./repeatedKey";

/** One tensor of a safetensors file. */
export interface TensorEntry {
  readonly name: string;
  /** As written: `F16`. */
  readonly dtype: string;
  /** Null for types no embedding is stored in (integers, booleans, 8-bit floats). */
  readonly type: ElementType | null;
  readonly shape: readonly number[];
  /** Offset of the first number from the start of the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference reader's limit; real headers are a few kB. */
const HEADER_BYTES_MAX = 100_000_000;

/**
 * Length of the JSON header that follows the first 8 bytes.
 *
 * @throws AppError `import/embeddings` when it cannot be a safetensors file of that size.
 */
export function safetensorsHeaderLength(
  start: Uint8Array,
  sizeBytes: number,
  name: string,
): number {
  const fail = (reason: string) => new AppError("import/embeddings", `${name}: ${reason}`);
  if (start.length < 8 || sizeBytes < 8) throw fail("too short for a safetensors file");
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > HEADER_BYTES_MAX) throw fail("not a safetensors file: its header is over 100 MB");
  if (Number(length) > sizeBytes - 8) throw fail("the header is longer than the file");
  return Number(length);
}

/** The file around a header. */
export interface SafetensorsFile {
  /** Length of the JSON as the file says it. */
  readonly headerBytes: number;
  /** Of the whole file. */
  readonly sizeBytes: number;
  /** For messages. */
  readonly name: string;
}

/**
 * The tensors of a safetensors file, from its JSON header alone.
 *
 * @param json the header without its length, decoded from UTF-8.
 * @throws AppError `import/embeddings`: broken JSON, a repeated name, tensors that overlap, leave
 *   holes, or do not fit their shape. The rules are those of the reference reader.
 */
export function readSafetensorsHeader(
  json: string,
  { headerBytes, sizeBytes, name }: SafetensorsFile,
): SafetensorsHeader {
  const fail = (reason: string) => new AppError("import/embeddings", `${name}: ${reason}`);
  const value = parse(json, fail);
  const repeated = repeatedKey(json);
  if (repeated !== undefined) throw fail(`the name “${repeated}” comes twice`);
  const { ["__metadata__"]: metadata = {}, ...entries } = value;
  if (!isObject(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) {
    throw fail("__metadata__ may hold texts only");
  }
  const start = 8 + headerBytes;
  const tensors = Object.entries(entries)
    .map(([key, entry]) => tensorOf(key, entry, start, fail))
    .sort((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes);
  let end = start;
  for (const { name: key, offset, sizeBytes: bytes } of tensors) {
    if (offset !== end) {
      throw fail(`tensor “${key}” ${offset < end ? "overlaps the one before" : "leaves a hole"}`);
    }
    end = offset + bytes;
  }
  if (end !== sizeBytes) throw fail(`tensors end at byte ${end}, the file at ${sizeBytes}`);
  return { tensors, metadata: metadata as Record<string, string> }; // checked above
}

/** A tensor to be written. */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly type?: "f2" | "f4";
}

/** A safetensors file: tensors one after the other without a gap, metadata as texts. */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string | number | boolean>> = {},
): Uint8Array<ArrayBuffer> {
  const texts = Object.entries(metadata).map(([key, value]) => [key, String(value)] as const);
  const header: [string, unknown][] = [];
  if (texts.length > 0) header.push(["__metadata__", Object.fromEntries(texts)]);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const { name, shape, values, type = "f4" } of tensors) {
    const bytes = encodeElements(values, type);
    const dtype = type === "f4" ? "F32" : "F16";
    header.push([name, { dtype, shape, data_offsets: [end, (end += bytes.length)] }]);
    parts.push(bytes);
  }
  const json = ascii(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8; // blanks fill up, so that the data is aligned
  const file = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(json, 8);
  let at = 8 + length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

type Fail = (reason: string) => AppError;

function parse(json: string, fail: Fail): Record<string, unknown> {
  if (!json.startsWith("{")) throw fail("its header does not start with “{”");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError("import/embeddings", fail("its header is not JSON").detail, { cause });
  }
  if (isObject(value)) return value;
  throw fail("its header is not an object");
}

/** JSON with everything beyond ASCII escaped, as bytes. */
function ascii(json: string): Uint8Array {
  const escaped = json.replace(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(escaped, (char) => char.charCodeAt(0));
}

function tensorOf(name: string, entry: unknown, start: number, fail: Fail): TensorEntry {
  if (!isObject(entry)) throw fail(`tensor “${name}” is not described`);
  const { dtype, shape, data_offsets: span } = entry;
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(span) || span.length !== 2) {
    throw fail(`tensor “${name}” is not described by dtype, shape and data_offsets`);
  }
  const [from = 0, to = 0] = span;
  const bits = BITS[dtype];
  if (bits === undefined) throw fail(`tensor “${name}” has the unknown type ${dtype}`);
  const sizeBytes = shape.reduce((product, side) => product * side, bits) / 8;
  if (to < from) throw fail(`tensor “${name}” ends before it starts`);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes !== to - from) {
    throw fail(`tensor “${name}” has ${to - from} bytes for the shape [${shape.join(", ")}]`);
  }
  const type = ELEMENTS[dtype] ?? null;
  assertSameSize(type, bits);
  return { name, dtype, type, shape, offset: start + from, sizeBytes };
}

function assertSameSize(type: ElementType | null, bits: number): void {
  if (type !== null && ELEMENT_BYTES[type] * 8 !== bits) throw new AppError("internal", type);
}

const ELEMENTS: Readonly<Record<string, ElementType | undefined>> = {
  F16: "f2",
  BF16: "bf16",
  F32: "f4",
  F64: "f8",
  I8: "i1",
  U8: "u1",
};

/** Bits of every type the format knows (safetensors 0.7, `Dtype::bitsize`). */
const BITS: Readonly<Record<string, number | undefined>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32 },
  ...{ I64: 64, U64: 64, F64: 64, C64: 64 },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
