import type { HeadKind, TensorData } from "../../../core/domain/projector";
import { rng, seedFrom } from "../../../core/math/rng";
import type * as tf from "../tf";
import { fillOrthogonal } from "./orthogonal";

/** One trained tensor of a projector. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Weight decay applies: matrices only, never gains, shifts and biases. */
  readonly decayed: boolean;
  readonly start: Start;
}

/**
 * Where a tensor's training begins.
 *
 * - `constant`: gains, shifts and gates.
 * - `fanIn`: uniform within ±1/√fanIn (PyTorch's nn.Linear).
 * - `xavier`: uniform within ±√(6 / (in + out)) (Glorot and Bengio 2010), `[in, out]` of one matrix
 *   even where several lie side by side in a tensor.
 * - `orthogonal`: a random matrix with orthonormal columns (rows where it is wider than tall).
 */
export type Start =
  | { readonly constant: number }
  | { readonly fanIn: number }
  | { readonly xavier: readonly [number, number] }
  | { readonly orthogonal: true };

export type HeadTensors = Readonly<Record<string, tf.Tensor>>;

export interface HeadOptions {
  /** SAIL's hidden width as a multiple of its input. */
  readonly expansion: number;
}

/** The form of a trained projector: its parameters and its forward pass up to the L2 norm. */
export interface Head {
  readonly kind: HeadKind;
  /**
   * Share of standardised inputs set to zero during training, unless the recipe says another. A
   * head without parameters locks its side: its inputs are never dropped.
   */
  readonly dropout: number;
  /**
   * The part of the forward pass that precedes the first parameter, in place, on the CPU, because
   * its input is data and never needs a gradient.
   *
   * @param data [B, width] raw encoder outputs, row-major.
   */
  standardize(data: Float32Array, width: number): void;
  parameters(
    inputWidth: number,
    dimension: number,
    options?: HeadOptions,
  ): readonly ParameterSpec[];
  /**
   * @param tensors      by the names of `parameters`.
   * @param standardized [B, D] rows that went through `standardize`.
   * @returns            [B, P], not normalised.
   */
  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D;
}

/** Fresh weights by parameter name. Every tensor has its own stream, addressed by seed and name. */
export function initialize(
  parameters: readonly ParameterSpec[],
  seed: number,
): Record<string, TensorData> {
  return Object.fromEntries(
    parameters.map(({ name, shape, start }) => {
      const data = new Float32Array(shape.reduce((n, size) => n * size, 1));
      const random = rng(seedFrom(seed, "initialize", name));
      if ("constant" in start) data.fill(start.constant);
      else if ("orthogonal" in start) fillOrthogonal(data, shape, random);
      else {
        const bound =
          "fanIn" in start ? 1 / Math.sqrt(start.fanIn) : Math.sqrt(6 / sum(start.xavier));
        for (let i = 0; i < data.length; i++) data[i] = (2 * random() - 1) * bound;
      }
      return [name, { shape, data }];
    }),
  );
}

const sum = ([inputs, outputs]: readonly [number, number]) => inputs + outputs;
