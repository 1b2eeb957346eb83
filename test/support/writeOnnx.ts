// ONNX files written by hand (onnx.proto3 field numbers), small enough to read.

export const FLOAT = 1; // TensorProto.DataType
export const INT64 = 7;
const BOOL = 9;

interface Graph {
  readonly nodes: readonly number[][];
  readonly weights?: readonly number[][];
  readonly inputs: readonly number[][];
  readonly outputs: readonly number[][];
}

/** The bytes of a model, opset 17. */
export function onnxModel(graph: Graph): Uint8Array<ArrayBuffer> {
  const opset = [...text(1, ""), ...number(2, 17)];
  return Uint8Array.from([...number(1, 8), ...field(7, onnxGraph(graph)), ...field(8, opset)]);
}

export function onnxGraph({ nodes, weights = [], inputs, outputs }: Graph): number[] {
  return [
    ...nodes.flatMap((each) => field(1, each)),
    ...text(2, "tiny"),
    ...weights.flatMap((each) => field(5, each)),
    ...inputs.flatMap((each) => field(11, each)),
    ...outputs.flatMap((each) => field(12, each)),
  ];
}

export function node(
  operator: string,
  [inputs, outputs]: readonly [readonly string[], readonly string[]],
  attributes: readonly number[][] = [],
): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, operator),
    ...attributes.flatMap((each) => field(5, each)),
  ];
}

/** An attribute of whole numbers; one of them, or a list. */
export function ints(name: string, value: number | readonly number[]): number[] {
  return typeof value === "number"
    ? [...text(1, name), ...number(3, value), ...number(20, 2)]
    : [...text(1, name), ...value.flatMap((each) => number(8, each)), ...number(20, 7)];
}

export function subgraph(name: string, graph: Graph): number[] {
  return [...text(1, name), ...field(6, onnxGraph(graph)), ...number(20, 5)];
}

/** An input or output; a string is the name of a free axis. */
export function value(name: string, type: number, shape: readonly (number | string)[]): number[] {
  const axes = shape.flatMap((axis) =>
    field(1, typeof axis === "string" ? text(2, axis) : number(1, axis)),
  );
  return [...text(1, name), ...field(2, field(1, [...number(1, type), ...field(2, axes)]))];
}

/** Weights; with `external` the file that holds them, from its first byte on. */
export function floats(
  name: string,
  { shape, data, external }: { shape: readonly number[]; data: Float32Array; external?: string },
): number[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const entry = (key: string, content: string) => field(13, [...text(1, key), ...text(2, content)]);
  const place = external
    ? [...entry("location", external), ...entry("length", String(bytes.length)), ...number(14, 1)]
    : field(9, bytes);
  return [...header(name, FLOAT, shape), ...place];
}

export function int64s(name: string, values: readonly number[], shape = [values.length]): number[] {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return [...header(name, INT64, shape), ...field(9, bytes)];
}

/** A single truth value. */
export function bool(name: string, isTrue: boolean): number[] {
  return [...header(name, BOOL, []), ...field(9, [Number(isTrue)])];
}

export const boolValue = (name: string) => value(name, BOOL, []);

function header(name: string, type: number, shape: readonly number[]): number[] {
  return [...shape.flatMap((size) => number(1, size)), ...number(2, type), ...text(8, name)];
}

const text = (id: number, content: string) => field(id, new TextEncoder().encode(content));
const number = (id: number, content: number) => [...varint(id * 8), ...varint(content)];

/** A length-delimited protobuf field. */
function field(id: number, content: ArrayLike<number>): number[] {
  return [...varint(id * 8 + 2), ...varint(content.length), ...Array.from(content)];
}

function varint(content: number): number[] {
  const bytes: number[] = [];
  let rest = content;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
