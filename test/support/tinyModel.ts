import { rng, seedFrom } from "../../src/core/math/rng";

export const TINY_INPUTS = 32;
export const TINY_OUTPUTS = 64;

/** W of the tiny model, [32, 64], row-major. */
export function tinyWeights(): Float32Array<ArrayBuffer> {
  const random = rng(seedFrom("tiny.onnx"));
  return Float32Array.from({ length: TINY_INPUTS * TINY_OUTPUTS }, () => random() - 0.5);
}

/** The bytes of an ONNX model that computes y = tanh(x · W). */
export function tinyModel(): Uint8Array {
  const weights = [
    ...number(1, TINY_INPUTS),
    ...number(1, TINY_OUTPUTS),
    ...number(2, FLOAT),
    ...text(8, "W"),
    ...field(9, new Uint8Array(tinyWeights().buffer)),
  ];
  const graph = [
    ...field(1, node("MatMul", ["x", "W"], "h")),
    ...field(1, node("Tanh", ["h"], "y")),
    ...text(2, "tiny"),
    ...field(5, weights),
    ...field(11, value("x", TINY_INPUTS)),
    ...field(12, value("y", TINY_OUTPUTS)),
  ];
  const opset = [...text(1, ""), ...number(2, 17)];
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, opset)]);
}

const FLOAT = 1; // TensorProto.DataType

function node(operator: string, inputs: readonly string[], output: string): number[] {
  return [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(4, operator)];
}

/** A float input or output of shape [N, `width`]. */
function value(name: string, width: number): number[] {
  const shape = [...field(1, text(2, "N")), ...field(1, number(1, width))];
  return [...text(1, name), ...field(2, field(1, [...number(1, FLOAT), ...field(2, shape)]))];
}

const text = (id: number, content: string) => field(id, new TextEncoder().encode(content));
const number = (id: number, content: number) => [id << 3, ...varint(content)];

/** A length-delimited protobuf field. */
function field(id: number, content: ArrayLike<number>): number[] {
  return [(id << 3) | 2, ...varint(content.length), ...Array.from(content)];
}

function varint(content: number): number[] {
  const bytes: number[] = [];
  for (; content > 127; content = Math.floor(content / 128)) bytes.push((content % 128) | 128);
  return [...bytes, content];
}
