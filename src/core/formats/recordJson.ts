import { AppError } from "../errors";

/** A record as text, and the large arrays that the text names. */
export interface WrittenRecord {
  readonly json: string;
  readonly tensors: readonly NamedTensor[];
}

/** A float32 array with its shape. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A stored record as JSON that `readRecord` gives back bit for bit: numbers that JSON lacks (NaN,
 * infinities, -0) and short arrays are written in words, float32 arrays are taken out by name.
 *
 * Keys that begin with `$` are the format's own; those of the record get one more `$`.
 *
 * @throws AppError `internal` for what a record cannot hold (functions, maps, blobs).
 */
export function writeRecord(value: unknown): WrittenRecord {
  const writer = new Writer();
  return { json: JSON.stringify(writer.write(value, "")), tensors: writer.tensors };
}

/**
 * The record `writeRecord` wrote.
 *
 * @param tensors float32 arrays by name.
 * @throws AppError `project-file/damaged`: no JSON, a name without array, or a key that would
 *   change what objects are.
 */
export function readRecord(
  json: string,
  tensors: ReadonlyMap<string, Omit<NamedTensor, "name">> = new Map(),
): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError("project-file/damaged", "not JSON", { cause });
  }
  return read(value, tensors);
}

class Writer {
  readonly tensors: NamedTensor[] = [];
  readonly #names = new Set<string>();

  write(value: unknown, path: string): unknown {
    if (typeof value === "number") return writeNumber(value);
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (Array.isArray(value)) return value.map((inner, i) => this.write(inner, join(path, i)));
    if (value instanceof Float32Array) {
      return { $floats: this.#take(path, [value.length], value) };
    }
    if (ArrayBuffer.isView(value)) return writeBytes(value, path);
    if (typeof value !== "object" || !isPlain(value)) {
      throw new AppError("internal", `a record holds ${String(value)} at ${path}`);
    }
    if (isTensor(value)) return { $tensor: this.#take(path, value.shape, value.data) };
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [
          key.startsWith("$") ? `$${key}` : key,
          this.write(inner, join(path, key)),
        ]),
    );
  }

  #take(path: string, shape: readonly number[], values: Float32Array): string {
    let name = path || "value";
    for (let i = 2; this.#names.has(name); i++) name = `${path}#${i}`;
    this.#names.add(name);
    this.tensors.push({ name, shape, values: values as Float32Array<ArrayBuffer> });
    return name;
  }
}

function read(value: unknown, tensors: ReadonlyMap<string, Omit<NamedTensor, "name">>): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner) => read(inner, tensors));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0].startsWith("$") && !first[0].startsWith("$$")) {
    return readOwn(first[0], first[1], tensors);
  }
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      if (key === "__proto__") throw damaged(`the key “${key}”`);
      return [key.startsWith("$") ? key.slice(1) : key, read(inner, tensors)];
    }),
  );
}

function readOwn(
  key: string,
  value: unknown,
  tensors: ReadonlyMap<string, Omit<NamedTensor, "name">>,
): unknown {
  if (key === "$number") return NUMBERS.get(String(value)) ?? fail(`the number “${String(value)}”`);
  if (key === "$tensor" || key === "$floats") {
    const tensor = tensors.get(String(value)) ?? fail(`no array is named “${String(value)}”`);
    return key === "$floats" ? tensor.values : { shape: tensor.shape, data: tensor.values };
  }
  const [type, text] = Array.isArray(value) ? (value as unknown[]) : [];
  const make = key === "$bytes" ? ARRAYS.get(String(type)) : undefined;
  if (!make || typeof text !== "string") return fail(`the key “${key}”`);
  return make(bytesOf(text));
}

/** Numbers that JSON has no word for. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

function writeNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $number: Object.is(value, -0) ? "-0" : String(value) };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Arrays that records hold besides float32; written little-endian, as every browser has them. */
const ARRAYS: ReadonlyMap<string, (bytes: Bytes) => ArrayBufferView> = new Map<
  string,
  (bytes: Bytes) => ArrayBufferView
>([
  ["Uint8Array", (bytes) => bytes],
  ["Uint8ClampedArray", ({ buffer }) => new Uint8ClampedArray(buffer)],
  ["Int8Array", ({ buffer }) => new Int8Array(buffer)],
  ["Uint16Array", (bytes) => new Uint16Array(whole(bytes, 2))],
  ["Int16Array", (bytes) => new Int16Array(whole(bytes, 2))],
  ["Uint32Array", (bytes) => new Uint32Array(whole(bytes, 4))],
  ["Int32Array", (bytes) => new Int32Array(whole(bytes, 4))],
  ["Float64Array", (bytes) => new Float64Array(whole(bytes, 8))],
]);

function whole({ buffer, length }: Bytes, size: number): ArrayBuffer {
  return length % size === 0 ? buffer : fail("an array ends in the middle of a number");
}

function writeBytes(view: ArrayBufferView, path: string): unknown {
  const type = Object.prototype.toString.call(view).slice(8, -1);
  if (!ARRAYS.has(type)) throw new AppError("internal", `a record holds a ${type} at ${path}`);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return { $bytes: [type, hex.join("")] };
}

function bytesOf(hex: string): Bytes {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return fail("bytes that are not in hex");
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Shape and numbers as `TensorData` has them. */
function isTensor(
  value: object,
): value is { shape: readonly number[]; data: Float32Array<ArrayBuffer> } {
  const { shape, data } = value as { shape?: unknown; data?: unknown };
  return (
    Object.keys(value).length === 2 &&
    data instanceof Float32Array &&
    Array.isArray(shape) &&
    shape.every((side) => Number.isSafeInteger(side) && side >= 0) &&
    shape.reduce((product: number, side: number) => product * side, 1) === data.length
  );
}

// By name: what comes out of a structured clone may be of another realm.
const isPlain = (value: object) => Object.prototype.toString.call(value) === "[object Object]";

const join = (path: string, key: string | number) => (path ? `${path}/${key}` : String(key));

const damaged = (what: string) => new AppError("project-file/damaged", what);

function fail(what: string): never {
  throw damaged(what);
}
