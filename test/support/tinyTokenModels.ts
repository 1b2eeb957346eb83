import { rng, seedFrom } from "../../src/core/math/rng";
import { FLOAT, floats, INT64, int64s, ints, node, onnxModel, value } from "./writeOnnx";

// Small networks with the inputs and outputs of a vision transformer and of BERT, at any width.

const VOCABULARY = 512; // ids are taken modulo this

/**
 * `pixel_values` [N, 3, S, S] to `last_hidden_state` [N, 16, D]: the mean colours of a 4 x 4 grid,
 * times a random matrix, through tanh.
 *
 * @param minBytes the file is padded to more than this with zeros the network adds to nothing.
 */
export function tinyVisionTransformer(size: number, width: number, minBytes = 0): Uint8Array {
  const cell = size / 4;
  return onnxModel({
    nodes: [
      node(
        "AveragePool",
        [["pixel_values"], ["cells"]],
        [ints("kernel_shape", [cell, cell]), ints("strides", [cell, cell])],
      ),
      node("Reshape", [["cells", "shape"], ["flat"]]),
      node("Transpose", [["flat"], ["tokens"]], [ints("perm", [0, 2, 1])]),
      node("MatMul", [["tokens", "W"], ["mixed"]]),
      node("Tanh", [["mixed"], ["last_hidden_state"]]),
    ],
    weights: [
      int64s("shape", [0, 3, 16]),
      floats("W", { shape: [3, width], data: noise("vision", 3 * width) }),
      floats("unused", { shape: [minBytes / 4], data: new Float32Array(minBytes / 4) }),
    ],
    inputs: [value("pixel_values", FLOAT, ["batch", 3, size, size])],
    outputs: [value("last_hidden_state", FLOAT, ["batch", 16, width])],
  });
}

/** `input_ids`, `attention_mask` [N, T] to `last_hidden_state` [N, T, D]: a random row per id, plus their mean. */
export function tinyTextTransformer(width: number): Uint8Array {
  const shape = [VOCABULARY, width];
  return onnxModel({
    nodes: [
      node("Mod", [["input_ids", "vocabulary"], ["rows"]]),
      node("Gather", [["E", "rows"], ["embedded"]]),
      node("ReduceMean", [["embedded"], ["mean"]], [ints("axes", [1]), ints("keepdims", 1)]),
      node("Add", [["embedded", "mean"], ["mixed"]]), // so that CLS knows of the other words
      node("Tanh", [["mixed"], ["last_hidden_state"]]),
    ],
    weights: [
      int64s("vocabulary", [VOCABULARY]),
      floats("E", { shape, data: noise("text", VOCABULARY * width) }),
    ],
    inputs: [
      value("input_ids", INT64, ["batch", "sequence"]),
      value("attention_mask", INT64, ["batch", "sequence"]),
    ],
    outputs: [value("last_hidden_state", FLOAT, ["batch", "sequence", width])],
  });
}

function noise(seed: string, length: number): Float32Array<ArrayBuffer> {
  const random = rng(seedFrom(seed));
  return Float32Array.from({ length }, () => random() - 0.5);
}
