import type { TensorData } from "../../core/domain/projector";
import { BETA1, BETA2, clipGroups, type AdamW, type AdamWOptions } from "./adamW";
import { clampInPlace, clipFactors } from "./adamWHost";
import { adamWModule, type AdamWExports } from "./kernels/adamWKernel";
import { instantiate, wasmHeap } from "./kernels/wasmHeap";
import * as tf from "./tf";

/**
 * AdamW on the memory of tfjs' WebAssembly backend: weights and moments are tensors that are updated
 * where they lie, from gradients where they lie. Nothing is copied but snapshots.
 *
 * @returns null where the memory cannot be had or there is no SIMD.
 */
export function openHeapAdamW(options: AdamWOptions): AdamW | null {
  const heap = wasmHeap();
  const kernel = heap && instantiate<AdamWExports>(heap, adamWModule);
  if (!heap || !kernel) return null;
  const { parameters, start, weightDecay, gradientClip = null } = options;
  const groups = clipGroups(parameters);
  const upload = (from: Readonly<Record<string, TensorData>>) =>
    parameters.map(({ name, shape }) => tf.tensor(from[name]!.data, [...shape], "float32"));
  const weights = upload(start.weights);
  const first = upload(start.firstMoments);
  const second = upload(start.secondMoments);
  const copies = (tensors: readonly tf.Tensor[]) =>
    Object.fromEntries(
      parameters.map(({ name, shape }, i) => [
        name,
        { shape, data: heap.values(tensors[i]!).slice() },
      ]),
    );
  return {
    weights: () => weights,
    update(gradients, n, learningRate) {
      const values = gradients.map((gradient) => heap.values(gradient));
      const factors = gradientClip === null ? [] : clipFactors(values, groups, gradientClip);
      for (const [i, { decayed, range }] of parameters.entries()) {
        const gradient = gradients[i]!;
        kernel.update(
          heap.address(weights[i]!),
          heap.address(first[i]!),
          heap.address(second[i]!),
          heap.address(gradient),
          gradient.size,
          factors[i] ?? 1,
          learningRate / (1 - BETA1 ** n),
          1 / Math.sqrt(1 - BETA2 ** n),
          decayed ? 1 - learningRate * weightDecay : 1,
        );
        if (range) clampInPlace(heap.values(weights[i]!), range);
      }
      tf.dispose([...gradients]);
      return Promise.resolve();
    },
    snapshot: () =>
      Promise.resolve({
        weights: copies(weights),
        firstMoments: copies(first),
        secondMoments: copies(second),
      }),
    snapshotWeights: () => Promise.resolve(copies(weights)),
    dispose: () => tf.dispose([weights, first, second]),
  };
}
