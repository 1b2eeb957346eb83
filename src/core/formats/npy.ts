import { AppError } from "../errors";
import { ELEMENT_BYTES, encodeElements, type ElementType } from "./arrayElements";

/** Where the numbers of an npy file lie and how they are written. */
export interface NpyHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Columns one after the other instead of rows. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Offset of the first number. */
  readonly offset: number;
}

/** Bytes to read so that the header of any array of numbers is whole; numpy writes 128. */
export const NPY_HEADER_BYTES = 66_000;

/**
 * The header of an npy file (versions 1 to 3), checked against the size of the file.
 *
 * @param start the first `NPY_HEADER_BYTES` of the file, or all of it.
 * @param sizeBytes of the whole file.
 * @param name of the file, for messages.
 * @param integers also read whole numbers of two bytes and more.
 * @throws AppError `import/embeddings`: no npy, cut off, Python objects, or a type we do not read.
 *
 * Source: numpy.lib.format, NEP 1.
 */
export function readNpyHeader(
  start: Uint8Array,
  sizeBytes: number,
  name: string,
  { integers = false }: { readonly integers?: boolean } = {},
): NpyHeader {
  const fail = (reason: string) => new AppError("import/embeddings", `${name}: ${reason}`);
  if (!MAGIC.every((byte, i) => start[i] === byte)) throw fail("not an npy file");
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const version = start[6] ?? 0;
  if (version < 1 || version > 3) throw fail(`npy version ${version} is not known`);
  const prefix = version === 1 ? 10 : 12;
  if (start.length < prefix) throw fail("the file is cut off in its header");
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = prefix + length;
  if (offset > sizeBytes) throw fail("the header is longer than the file");
  if (offset > start.length) throw fail("the header is too long for an array of numbers");
  const text = latin1(start.subarray(prefix, offset));
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const dimensions = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || dimensions === undefined) {
    throw fail("the header does not describe one plain array");
  }
  if (descr.includes("O")) throw fail("it holds Python objects, which are never loaded");
  const known = descr.slice(1);
  const element = ELEMENTS[known] ?? (integers ? INTEGERS[known] : undefined);
  if (!element || !/^[<>|=]/.test(descr)) throw fail(`numbers of type “${descr}” are not read`);
  const shape = dimensions.split(/[\sL,]+/).flatMap((part) => (part === "" ? [] : [Number(part)]));
  const bytes = shape.reduce((product, side) => product * side, ELEMENT_BYTES[element]);
  if (!Number.isSafeInteger(bytes) || bytes > sizeBytes - offset) {
    throw fail(`shape [${shape.join(", ")}] needs more bytes than the file has`);
  }
  return {
    type: element,
    littleEndian: !descr.startsWith(">"),
    isFortran: order === "True",
    shape,
    offset,
  };
}

/** A C-ordered, little-endian npy file (version 1). */
export function writeNpy(
  values: Float32Array,
  shape: readonly number[],
  type: "f2" | "f4" = "f4",
): Uint8Array<ArrayBuffer> {
  const header = npyHeader(shape, type);
  const data = encodeElements(values, type);
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  return file;
}

/** What precedes the numbers in a C-ordered, little-endian npy file (version 1). */
export function npyHeader(
  shape: readonly number[],
  type: "f2" | "f4" = "f4",
): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  // Ends in a line break, and the numbers start at a multiple of 64 (numpy.lib.format).
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = `${dictionary.padEnd(length - 1)}\n`;
  return Uint8Array.from([
    ...[...MAGIC, 1, 0, length & 255, length >> 8],
    ...Array.from(text, (char) => char.charCodeAt(0)),
  ]);
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

const ELEMENTS: Readonly<Record<string, ElementType | undefined>> = {
  f2: "f2",
  f4: "f4",
  f8: "f8",
  i1: "i1",
  u1: "u1",
};

const INTEGERS: Readonly<Record<string, ElementType | undefined>> = {
  i2: "i2",
  u2: "u2",
  i4: "i4",
  u4: "u4",
  i8: "i8",
};

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
