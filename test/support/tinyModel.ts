import { rng, seedFrom } from "../../src/core/math/rng";
import {
  bool,
  boolValue,
  FLOAT,
  floats,
  INT64,
  int64s,
  ints,
  node,
  onnxModel,
  subgraph,
  value,
} from "./writeOnnx";

export const TINY_INPUTS = 32;
export const TINY_OUTPUTS = 64;

/** W of the tiny model, [32, 64], row-major. */
export function tinyWeights(): Float32Array<ArrayBuffer> {
  return noise("tiny.onnx", TINY_INPUTS * TINY_OUTPUTS);
}

/** The bytes of an ONNX model that computes y = tanh(x · W). */
export function tinyModel(): Uint8Array<ArrayBuffer> {
  return onnxModel({
    nodes: [node("MatMul", [["x", "W"], ["h"]]), node("Tanh", [["h"], ["y"]])],
    weights: [floats("W", { shape: [TINY_INPUTS, TINY_OUTPUTS], data: tinyWeights() })],
    inputs: [value("x", FLOAT, ["N", TINY_INPUTS])],
    outputs: [value("y", FLOAT, ["N", TINY_OUTPUTS])],
  });
}

/** The tiny picture network: 2 × 2 patches and CLS make 5 tokens. */
export const TINY_PICTURE = { side: 16, patch: 8, width: 6, tokens: 5 } as const;

interface PictureOptions {
  /** Name of the file its weights lie in: `tinyPictureWeights()`. */
  readonly external?: string;
  /** A network that must be refused when it is checked; `endless` never answers. */
  readonly fault?: "constant" | "nan" | "endless";
}

/** K of the tiny picture network, [6, 3, 8, 8]. */
export function tinyPictureWeights(): Float32Array<ArrayBuffer> {
  const { width, patch } = TINY_PICTURE;
  return noise("picture", width * 3 * patch * patch);
}

/**
 * A picture network: `pixel_values` [N, 3, 16, 16] → `last_hidden_state` [N, 5, 6], CLS first (tanh of
 * the patches' mean), and `image_embeds` [N, 6], which is CLS.
 */
export function tinyPictureModel({
  external,
  fault,
}: PictureOptions = {}): Uint8Array<ArrayBuffer> {
  const { side, patch, width, tokens } = TINY_PICTURE;
  const data = fault === "constant" ? tinyPictureWeights().fill(0) : tinyPictureWeights();
  const shape = [width, 3, patch, patch];
  return onnxModel({
    nodes: [
      node(
        "Conv",
        [["pixel_values", "K"], ["map"]],
        [ints("kernel_shape", [patch, patch]), ints("strides", [patch, patch])],
      ),
      node("Reshape", [["map", "patchShape"], ["flat"]]),
      node("Transpose", [["flat"], ["patches"]], [ints("perm", [0, 2, 1])]),
      node("ReduceMean", [["patches"], ["mean"]], [ints("axes", [1]), ints("keepdims", 1)]),
      node("Tanh", [["mean"], ["bounded"]]),
      faulty(fault),
      node("Concat", [["cls", "patches"], ["last_hidden_state"]], [ints("axis", 1)]),
      node("Reshape", [["cls", "vectorShape"], ["image_embeds"]]),
    ],
    weights: [
      floats("K", { shape, data, ...(external !== undefined && { external }) }),
      int64s("patchShape", [0, width, tokens - 1]),
      int64s("vectorShape", [0, width]),
      int64s("rounds", [Number.MAX_SAFE_INTEGER], []),
      bool("always", true),
    ],
    inputs: [value("pixel_values", FLOAT, ["batch", 3, side, side])],
    outputs: [
      value("last_hidden_state", FLOAT, ["batch", tokens, width]),
      value("image_embeds", FLOAT, ["batch", width]),
    ],
  });
}

function faulty(fault: PictureOptions["fault"]): number[] {
  if (fault === "nan") return node("Log", [["bounded"], ["cls"]]); // of negative numbers
  if (fault !== "endless") return node("Identity", [["bounded"], ["cls"]]);
  const body = {
    nodes: [node("Identity", [["go"], ["goOn"]]), node("Tanh", [["v"], ["w"]])],
    inputs: [value("i", INT64, []), boolValue("go"), value("v", FLOAT, ["a", "b", "c"])],
    outputs: [boolValue("goOn"), value("w", FLOAT, ["a", "b", "c"])],
  };
  return node("Loop", [["rounds", "always", "bounded"], ["cls"]], [subgraph("body", body)]);
}

export const TINY_CAPTION_WIDTH = 5;

/**
 * A caption network over `vocabulary` token ids: `input_ids` and `attention_mask` [N, T] →
 * `last_hidden_state` [N, T, 5] and its masked mean `sentence_embedding` [N, 5].
 */
export function tinyCaptionModel(vocabulary: number): Uint8Array<ArrayBuffer> {
  const width = TINY_CAPTION_WIDTH;
  return onnxModel({
    nodes: [
      node("Gather", [["E", "input_ids"], ["last_hidden_state"]]),
      node("Cast", [["attention_mask"], ["mask"]], [ints("to", FLOAT)]),
      node("Unsqueeze", [["mask", "last"], ["column"]]),
      node("Mul", [["last_hidden_state", "column"], ["kept"]]),
      node("ReduceSum", [["kept", "tokens"], ["sum"]], [ints("keepdims", 0)]),
      node("ReduceSum", [["column", "tokens"], ["count"]], [ints("keepdims", 0)]),
      node("Div", [["sum", "count"], ["sentence_embedding"]]),
    ],
    weights: [
      floats("E", { shape: [vocabulary, width], data: noise("caption", vocabulary * width) }),
      int64s("last", [2]),
      int64s("tokens", [1]),
    ],
    inputs: [
      value("input_ids", INT64, ["batch", "sequence"]),
      value("attention_mask", INT64, ["batch", "sequence"]),
    ],
    outputs: [
      value("last_hidden_state", FLOAT, ["batch", "sequence", width]),
      value("sentence_embedding", FLOAT, ["batch", width]),
    ],
  });
}

function noise(seed: string, length: number): Float32Array<ArrayBuffer> {
  const random = rng(seedFrom(seed));
  return Float32Array.from({ length }, () => random() - 0.5);
}
