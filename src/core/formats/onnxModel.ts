import { encodeElements } from "./arrayElements";
import { bytesField, numberField, signedField, textField, type Pieces } from "./protobuf";

/** Types of ONNX tensors that we write (onnx.proto3, TensorProto.DataType). */
export const ONNX_TYPES = { float: 1, int8: 3, int64: 7, double: 11 } as const;
export type OnnxType = keyof typeof ONNX_TYPES;

/** An attribute of a node: a number that is whole, or a list of them. */
export type OnnxAttributes = Readonly<Record<string, number | readonly number[]>>;

/** What a node has beside its inputs. */
export interface OnnxNodeOptions {
  /** Of its first output; left out: made from the operator. */
  readonly name?: string;
  readonly attributes?: OnnxAttributes;
  /** How many it gives. */
  readonly outputs?: number;
}

/** One input or output of a model; a text in the shape names a free axis. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** Left out: float32. */
  readonly type?: OnnxType;
}

/** What a model says of itself beside its graph. */
export interface OnnxFacts {
  readonly inputs: readonly OnnxValue[];
  readonly output: OnnxValue;
  readonly name: string;
  readonly producer: string;
  readonly version: string;
  readonly notes: string;
}

const OPSET = 17;
const IR_VERSION = 8; // the one opset 17 came with (ONNX 1.12)
const [ATTRIBUTE_INT, ATTRIBUTE_INTS] = [2, 7];

/** An ONNX graph that grows node by node; each call gives the name of what it adds. */
export class OnnxGraph {
  readonly #nodes: Pieces[] = [];
  readonly #weights: Pieces[] = [];
  readonly #names = new Set<string>();

  /**
   * Adds a node.
   *
   * @returns the name of its first output: `name`, or one made from the operator.
   */
  node(
    operator: string,
    inputs: readonly string[],
    { name, attributes = {}, outputs = 1 }: OnnxNodeOptions = {},
  ): string {
    const output = this.#free(name ?? operator.toLowerCase());
    const others = Array.from({ length: outputs - 1 }, () => this.#free(`${output}_other`));
    this.#nodes.push([
      ...inputs.flatMap((input) => textField(1, input)),
      ...[output, ...others].flatMap((each) => textField(2, each)),
      ...textField(3, output),
      ...textField(4, operator),
      ...Object.entries(attributes).flatMap(([key, value]) =>
        bytesField(5, attributeOf(key, value)),
      ),
    ]);
    return output;
  }

  /** Adds float32 weights. */
  floats(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#tensor(name, shape, "float", encodeElements(values, "f4"));
  }

  /** Adds weights that are whole numbers from -128 to 127. */
  bytes(name: string, shape: readonly number[], values: Int8Array): string {
    return this.#tensor(name, shape, "int8", Uint8Array.from(values));
  }

  /** Adds one number that nodes compute with. */
  scalar(name: string, value: number, type: Exclude<OnnxType, "int8"> = "float"): string {
    const bytes = new DataView(new ArrayBuffer(type === "float" ? 4 : 8));
    if (type === "float") bytes.setFloat32(0, value, true);
    else if (type === "double") bytes.setFloat64(0, value, true);
    else bytes.setBigInt64(0, BigInt(value), true);
    return this.#tensor(name, [], type, new Uint8Array(bytes.buffer));
  }

  /** Adds a list of whole numbers. */
  integers(name: string, values: readonly number[]): string {
    const bytes = new DataView(new ArrayBuffer(8 * values.length));
    values.forEach((value, i) => bytes.setBigInt64(8 * i, BigInt(value), true));
    return this.#tensor(name, [values.length], "int64", new Uint8Array(bytes.buffer));
  }

  /** Divides a tensor's last axis in two halves. */
  halves(input: string): [first: string, second: string] {
    const names = [this.#free("half"), this.#free("half")] as const;
    this.#nodes.push([
      ...textField(1, input),
      ...names.flatMap((name) => textField(2, name)),
      ...textField(3, names[0]),
      ...textField(4, "Split"),
      ...bytesField(5, attributeOf("axis", -1)),
    ]);
    return [...names];
  }

  /**
   * The whole file, opset 17: `ModelProto` of onnx.proto3.
   *
   * Source: github.com/onnx/onnx, onnx.proto3 (field numbers).
   */
  model({ inputs, output, name, producer, version, notes }: OnnxFacts): Pieces {
    const graph = [
      ...this.#nodes.flatMap((node) => bytesField(1, node)),
      ...textField(2, name),
      ...this.#weights.flatMap((weight) => bytesField(5, weight)),
      ...inputs.flatMap((input) => bytesField(11, valueOf(input))),
      ...bytesField(12, valueOf(output)),
    ];
    return [
      ...numberField(1, IR_VERSION),
      ...textField(2, producer),
      ...textField(3, version),
      ...textField(6, notes),
      ...bytesField(7, graph),
      ...bytesField(8, [...textField(1, ""), ...numberField(2, OPSET)]),
    ];
  }

  #tensor(
    name: string,
    shape: readonly number[],
    type: OnnxType,
    raw: Uint8Array<ArrayBuffer>,
  ): string {
    const own = this.#free(name);
    this.#weights.push([
      ...shape.flatMap((side) => numberField(1, side)),
      ...numberField(2, ONNX_TYPES[type]),
      ...textField(8, own),
      ...bytesField(9, [raw]),
    ]);
    return own;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#names.has(name); i++) name = `${wanted}_${i}`;
    this.#names.add(name);
    return name;
  }
}

function attributeOf(name: string, value: number | readonly number[]): Pieces {
  return typeof value === "number"
    ? [...textField(1, name), ...signedField(3, value), ...numberField(20, ATTRIBUTE_INT)]
    : [
        ...textField(1, name),
        ...value.flatMap((each) => signedField(8, each)),
        ...numberField(20, ATTRIBUTE_INTS),
      ];
}

function valueOf({ name, shape, type = "float" }: OnnxValue): Pieces {
  const axes = shape.flatMap((axis) =>
    bytesField(1, typeof axis === "string" ? textField(2, axis) : numberField(1, axis)),
  );
  const tensor = [...numberField(1, ONNX_TYPES[type]), ...bytesField(2, axes)];
  return [...textField(1, name), ...bytesField(2, bytesField(1, tensor))];
}
