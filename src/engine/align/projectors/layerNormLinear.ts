import type * as tf from "../tf";
import { standardizeRows } from "../standardizeRows";
import type { Head, HeadTensors, ParameterSpec } from "./head";
import { inputLayer, normParameters } from "./inputLayer";

/**
 * LayerNorm followed by one dense layer, the linear head of CLIP on frozen embeddings. The input
 * norm is worth about one point of recall over the bare matrix.
 *
 * Source: Radford et al., ICML 2021, arXiv 2103.00020, section 2.3.
 */
export const layerNormLinear: Head = {
  kind: "layer-norm-linear",
  dropout: 0,
  standardize: standardizeRows,

  parameters(inputWidth, dimension): readonly ParameterSpec[] {
    const fromInput = { fanIn: inputWidth };
    return [
      ...normParameters(inputWidth),
      { name: "input.weight", shape: [inputWidth, dimension], decayed: true, start: fromInput },
      { name: "input.bias", shape: [dimension], decayed: false, start: fromInput },
    ];
  },

  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
    return inputLayer(tensors, standardized);
  },
};
