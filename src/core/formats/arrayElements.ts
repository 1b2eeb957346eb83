/**
 * Number formats of arrays. `bf16` is the upper half of a float32; whole numbers of more than a
 * byte are read for sensors only, as no embeddings come in them.
 */
export type ElementType =
  "f2" | "bf16" | "f4" | "f8" | "i1" | "u1" | "i2" | "u2" | "i4" | "u4" | "i8";

/** Bytes of one number. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  f2: 2,
  bf16: 2,
  f4: 4,
  f8: 8,
  i1: 1,
  u1: 1,
  i2: 2,
  u2: 2,
  i4: 4,
  u4: 4,
  i8: 8,
};

/**
 * Numbers as float32. A float64 beyond its range becomes infinite, as it does in numpy.
 *
 * @param bytes whole elements; a rest shorter than one is ignored.
 */
export function decodeElements(
  bytes: Uint8Array,
  type: ElementType,
  littleEndian = true,
): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = ELEMENT_BYTES[type];
  const values = new Float32Array(Math.floor(bytes.length / size));
  // A 2 GB file holds 10⁹ numbers: the two usual types are read without a call for each.
  if (type === "f4" && littleEndian && IS_LITTLE_ENDIAN) {
    new Uint8Array(values.buffer).set(bytes.subarray(0, values.byteLength));
    return values;
  }
  if (type === "f2") {
    const table = halfTable();
    for (let i = 0; i < values.length; i++) {
      values[i] = table[view.getUint16(i * 2, littleEndian)]!;
    }
    return values;
  }
  const valueAt = READERS[type];
  for (let i = 0; i < values.length; i++) values[i] = valueAt(view, i * size, littleEndian);
  return values;
}

/** Numbers as little-endian bytes; float16 rounds to nearest, ties to even. */
export function encodeElements(values: Float32Array, type: "f2" | "f4"): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * ELEMENT_BYTES[type]);
  if (type === "f4" && IS_LITTLE_ENDIAN) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return bytes;
  }
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (type === "f4") view.setFloat32(i * 4, value, true);
    else view.setUint16(i * 2, toHalf(value), true);
  });
  return bytes;
}

const READERS: Readonly<
  Record<ElementType, (view: DataView, at: number, littleEndian: boolean) => number>
> = {
  f2: (view, at, littleEndian) => fromHalf(view.getUint16(at, littleEndian)),
  bf16: (view, at, littleEndian) => fromBits(view.getUint16(at, littleEndian) << 16),
  f4: (view, at, littleEndian) => view.getFloat32(at, littleEndian),
  f8: (view, at, littleEndian) => view.getFloat64(at, littleEndian),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, littleEndian) => view.getInt16(at, littleEndian),
  u2: (view, at, littleEndian) => view.getUint16(at, littleEndian),
  i4: (view, at, littleEndian) => view.getInt32(at, littleEndian),
  u4: (view, at, littleEndian) => view.getUint32(at, littleEndian),
  i8: (view, at, littleEndian) => Number(view.getBigInt64(at, littleEndian)),
};

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

let halves: Float32Array | undefined;

/** Every float16 as float32, by its bits: 256 kB, made when first needed. */
function halfTable(): Float32Array {
  return (halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => fromHalf(bits)));
}

const SCRATCH = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  SCRATCH.setInt32(0, bits);
  return SCRATCH.getFloat32(0);
}

/** IEEE 754-2019 §3.4: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
export function fromHalf(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest float16, ties to even; beyond 65,504 it is infinite. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00; // half way to the next power of two rounds up
  // Spacing of float16 numbers around `size`; below 2^-14 it stays 2^-24 (subnormal).
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // A subnormal has no leading 1024 to take away; rounding up into the next exponent carries over.
  return sign | (steps + (size < 2 ** -14 ? 0 : (exponent + 14) * 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
