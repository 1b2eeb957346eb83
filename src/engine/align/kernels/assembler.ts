/**
 * Instructions of WebAssembly, from an assembler as small as our kernels need. They nest like the
 * expressions they compute, so that a kernel reads top to bottom and a tile of any size can be
 * unrolled by a TypeScript loop.
 *
 * Source: WebAssembly core specification, chapter 5 (binary format); relaxed SIMD proposal.
 */
export type Code = readonly number[];

type ValueType = "i32" | "f32" | "v128";

/** A parameter or local variable of the function being written. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** Adds to an i32 variable. */
  increase(by: Code): Code;
}

/** A finished function; pass it to `call` and `assemble`. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
  /** Position in the module, hence in the list given to `assemble`. */
  readonly index: number;
}

export const FLOAT_BYTES = 4;

const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const BLOCK_WITHOUT_RESULT = 0x40;

/** Instructions one after the other. */
export const seq = (...parts: readonly Code[]): Code => parts.flat();

const plain =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), opcode];
const simd =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  equal: plain(0x46),
  less: plain(0x48), // signed
  add: plain(0x6a),
  subtract: plain(0x6b),
  multiply: plain(0x6c),
  or: plain(0x72),
  store: (address: Code, value: Code, offset = 0): Code =>
    seq(address, value, [0x36, 2, ...unsigned(offset)]),
  select: (whenTrue: Code, whenFalse: Code, condition: Code): Code =>
    seq(whenTrue, whenFalse, condition, [0x1b]),
} as const;

/** The size in bytes of so many floats. */
export const floats = (count: number): Code => i32.constant(count * FLOAT_BYTES);

export const f32 = {
  zero: [0x43, 0, 0, 0, 0] as Code,
  load: (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code =>
    seq(address, value, [0x38, 2, ...unsigned(offset)]),
  constant: (value: number): Code => {
    const bytes = new Uint8Array(Float32Array.of(value).buffer); // wasm and its hosts: little-endian
    return [0x43, ...bytes];
  },
  add: plain(0x92),
  subtract: plain(0x93),
  multiply: plain(0x94),
  divide: plain(0x95),
  squareRoot: plain(0x91),
} as const;

export const f32x4 = {
  load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 2, ...unsigned(offset)],
  loadSplat: (address: Code, offset = 0): Code => [...address, 0xfd, 0x09, 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code =>
    seq(address, value, [0xfd, 0x0b, 2, ...unsigned(offset)]),
  /** The same float four times. */
  splat: simd(0x13),
  add: simd(0xe4),
  subtract: simd(0xe5),
  multiply: simd(0xe6),
  divide: simd(0xe7),
  squareRoot: simd(0xe3),
  smaller: simd(0xe8),
  larger: simd(0xe9),
  nearest: simd(0x6a),
  /** Reads or writes the first of four floats alone; reading makes the others zero. */
  loadOne: (address: Code, offset = 0): Code => [...address, 0xfd, 0x5c, 2, ...unsigned(offset)],
  storeOne: (address: Code, value: Code, offset = 0): Code =>
    seq(address, value, [0xfd, 0x5a, 2, ...unsigned(offset), 0]),
  /** a · b + c, rounded once where the processor fuses it, else twice (relaxed SIMD). */
  relaxedMultiplyAdd: simd(0x105),
} as const;

export const i32x4 = {
  fromFloats: simd(0xf8), // NaN becomes 0
  shiftLeft: simd(0xab),
  shiftRight: simd(0xac), // signed
  add: simd(0xae),
  subtract: simd(0xb1),
  splat: simd(0x11),
  zero: [0xfd, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  /** One of the four integers. */
  lane: (vector: Code, index: number): Code => [...vector, 0xfd, 0x1b, index],
  /** Four sums of two products each, of eight 16-bit integers with eight others. */
  dotOfShorts: simd(0xba),
} as const;

export const i16x8 = {
  load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)],
  /** Eight signed bytes, each made a 16-bit integer. */
  loadBytes: (address: Code, offset = 0): Code => [...address, 0xfd, 0x01, 0, ...unsigned(offset)],
} as const;

/** Repeats `body` while `condition` holds, which is tested first. */
export const whileLoop = (condition: Code, body: Code): Code =>
  when(condition, seq([0x03, BLOCK_WITHOUT_RESULT], body, condition, [0x0d, 0, 0x0b]));

export const when = (condition: Code, body: Code, otherwise?: Code): Code =>
  seq(condition, [0x04, BLOCK_WITHOUT_RESULT], body, otherwise ? [0x05, ...otherwise] : [], [0x0b]);

export const call = (callee: WasmFunction, ...operands: readonly Code[]): Code =>
  seq(...operands, [0x10, ...unsigned(callee.index)]);

/**
 * Writes one function without a result.
 *
 * @param index      its position in the module.
 * @param parameters its parameters' types by name.
 * @param write      receives the parameters and a maker of further variables, returns the body.
 */
export function defineFunction<Name extends string>(
  {
    index,
    name,
    parameters,
  }: Pick<WasmFunction, "index" | "name"> & {
    readonly parameters: Readonly<Record<Name, ValueType>>;
  },
  write: (parameters: Readonly<Record<Name, Local>>, local: (type: ValueType) => Local) => Code,
): WasmFunction {
  const names = Object.keys(parameters) as Name[];
  const locals: ValueType[] = [];
  const given = Object.fromEntries(names.map((each, i) => [each, variable(i)]));
  const body = write(given as Record<Name, Local>, (type) => {
    locals.push(type);
    return variable(names.length + locals.length - 1);
  });
  return { name, index, parameters: names.map((each) => parameters[each]), locals, body };
}

/** The bytes of a module that imports its memory as `env.memory` and exports every function. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [TYPE_CODES[type]])),
    0,
  ]);
  const memory = [...text("env"), ...text("memory"), 0x02, 0x00, 0];
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, TYPE_CODES[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]),
    ),
    ...section(10, bodies),
  ]);
}

function variable(index: number): Local {
  const get: Code = [0x20, ...unsigned(index)];
  const set = (value: Code): Code => [...value, 0x21, ...unsigned(index)];
  return { get, set, increase: (by) => set(i32.add(get, by)) };
}

function section(id: number, entries: readonly Code[]): Code {
  const content = vector(entries);
  return [id, ...unsigned(content.length), ...content];
}

const vector = (entries: readonly Code[]): Code => [...unsigned(entries.length), ...entries.flat()];
const text = (value: string): Code => vector([...new TextEncoder().encode(value)].map((c) => [c]));

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: number): Code {
  const bytes: number[] = [];
  for (; value > 0x3f || value < -0x40; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}
