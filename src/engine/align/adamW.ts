import type { TensorData } from "../../core/domain/projector";
import type * as tf from "./tf";

/** Betas of Adam; 0.95 forgets a gradient's size in 20 steps, which suits short trainings. */
export const BETA1 = 0.9;
export const BETA2 = 0.95;
export const EPSILON = 1e-8;

/** A tensor under training. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly decayed: boolean;
  /** Values are clamped into it after every update. */
  readonly range?: readonly [number, number];
  /** Parameters of one name are clipped together; those without one never are. */
  readonly clipGroup?: string;
}

/** Everything AdamW remembers, on the CPU, by parameter name. */
export interface OptimizerState {
  readonly weights: Readonly<Record<string, TensorData>>;
  readonly firstMoments: Readonly<Record<string, TensorData>>;
  readonly secondMoments: Readonly<Record<string, TensorData>>;
}

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019, Algorithm 2) over named tensors:
 *
 *   m ← β1 m + (1 − β1) g,   v ← β2 v + (1 − β2) g²
 *   w ← w − η (m / (1 − β1ⁿ)) / (√(v / (1 − β2ⁿ)) + ε) − η λ w      (λ for decayed tensors only)
 *
 * Where `gradientClip` is given, g is first scaled by min(1, clip / ‖g‖), the norm taken over all
 * tensors of a clip group together (Pascanu, Mikolov and Bengio, ICML 2013).
 *
 * Three implementations: adamWHeap.ts updates tensors where they lie (wasm), adamWHost.ts typed arrays
 * (cpu), adamWDevice.ts stays on the graphics processor. openAdamW.ts chooses.
 */
export interface AdamW {
  /** The tensors to differentiate, in parameter order; ask again after every update. */
  weights(): readonly tf.Tensor[];
  /**
   * One update, n counted from 1. Takes ownership of the gradients (in parameter order).
   */
  update(gradients: readonly tf.Tensor[], n: number, learningRate: number): Promise<void>;
  /** Copies of everything, so that training can go on from here bit for bit. */
  snapshot(): Promise<OptimizerState>;
  /** Copies of the weights alone. */
  snapshotWeights(): Promise<Readonly<Record<string, TensorData>>>;
  dispose(): void;
}

export interface AdamWOptions {
  readonly parameters: readonly Parameter[];
  readonly start: OptimizerState;
  readonly weightDecay: number;
  /** Largest L2 norm of a clip group's gradient; not clipped when null or left out. */
  readonly gradientClip?: number | null;
}

/** Positions of the parameters of every clip group. */
export function clipGroups(parameters: readonly Parameter[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [i, { clipGroup }] of parameters.entries()) {
    if (clipGroup === undefined) continue;
    const members = groups.get(clipGroup);
    if (members) members.push(i);
    else groups.set(clipGroup, [i]);
  }
  return [...groups.values()];
}

/** The state before the first update: these weights, moments zero. */
export function freshState(weights: Readonly<Record<string, TensorData>>): OptimizerState {
  const zeros = () =>
    Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: new Float32Array(data.length) },
      ]),
    );
  return { weights, firstMoments: zeros(), secondMoments: zeros() };
}
