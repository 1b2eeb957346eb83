import type { HeadKind, TensorData } from "../../../core/domain/projector";
import { rng, seedFrom } from "../../../core/math/rng";
import type * as tf from "../tf";

/** One trained tensor of a projector. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Weight decay applies: matrices only, never gains, shifts and biases. */
  readonly decayed: boolean;
  /** Gains and shifts start constant, all else uniform within ±1/√fanIn (PyTorch's nn.Linear). */
  readonly start: { readonly constant: number } | { readonly fanIn: number };
}

export type HeadTensors = Readonly<Record<string, tf.Tensor>>;

export interface HeadOptions {
  /** SAIL's hidden width as a multiple of its input. */
  readonly expansion: number;
}

/** The form of a trained projector: its parameters and its forward pass up to the L2 norm. */
export interface Head {
  readonly kind: HeadKind;
  /** Share of standardised inputs set to zero during training, unless the recipe says another. */
  readonly dropout: number;
  parameters(
    inputWidth: number,
    dimension: number,
    options?: HeadOptions,
  ): readonly ParameterSpec[];
  /**
   * @param tensors      by the names of `parameters`.
   * @param standardized [B, D] rows of mean 0 and variance 1 (standardizeRows.ts).
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
      if ("constant" in start) data.fill(start.constant);
      else {
        const random = rng(seedFrom(seed, "initialize", name));
        const bound = 1 / Math.sqrt(start.fanIn);
        for (let i = 0; i < data.length; i++) data[i] = (2 * random() - 1) * bound;
      }
      return [name, { shape, data }];
    }),
  );
}
