import type { TensorData } from "../../core/domain/projector";
import {
  BETA1,
  BETA2,
  clipGroups,
  EPSILON,
  type AdamW,
  type AdamWOptions,
  type Parameter,
} from "./adamW";
import * as tf from "./tf";

/** AdamW in tensor operations, for WebGPU: nothing is read back but snapshots. */
export function openDeviceAdamW(options: AdamWOptions): AdamW {
  const { parameters, start, weightDecay, gradientClip = null } = options;
  const groups = clipGroups(parameters);
  const weights = upload(parameters, start.weights);
  const first = upload(parameters, start.firstMoments);
  const second = upload(parameters, start.secondMoments);
  return {
    weights: () => weights,
    update(arriving, n, learningRate) {
      const gradients = gradientClip === null ? arriving : clipped(arriving, groups, gradientClip);
      for (const [i, parameter] of parameters.entries()) {
        const decay = parameter.decayed ? weightDecay : 0;
        const state = [weights[i]!, first[i]!, second[i]!] as const;
        const next = updated(state, gradients[i]!, { n, learningRate, decay });
        tf.dispose([...state, gradients[i]!]);
        weights[i] = clamped(next[0]!, parameter.range);
        first[i] = next[1]!;
        second[i] = next[2]!;
      }
      return Promise.resolve();
    },
    snapshot: async () => ({
      weights: await download(parameters, weights),
      firstMoments: await download(parameters, first),
      secondMoments: await download(parameters, second),
    }),
    snapshotWeights: () => download(parameters, weights),
    dispose: () => tf.dispose([weights, first, second]),
  };
}

/** Weights and moments after one update. Formula: see `AdamW`. */
function updated(
  [weight, first, second]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  gradient: tf.Tensor,
  { n, learningRate, decay }: { n: number; learningRate: number; decay: number },
): tf.Tensor[] {
  return tf.tidy(() => {
    const m = tf.add(tf.mul(first, BETA1), tf.mul(gradient, 1 - BETA1));
    const v = tf.add(tf.mul(second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const size = tf.add(tf.mul(tf.sqrt(v), 1 / Math.sqrt(1 - BETA2 ** n)), EPSILON);
    const step = tf.mul(tf.div(m, size), learningRate / (1 - BETA1 ** n));
    return [tf.sub(tf.mul(weight, 1 - learningRate * decay), step), m, v];
  });
}

/** The gradients, those of a group with a joint norm above `most` scaled down to it. */
function clipped(
  gradients: readonly tf.Tensor[],
  groups: readonly (readonly number[])[],
  most: number,
): readonly tf.Tensor[] {
  const kept = [...gradients];
  for (const group of groups) {
    const scaled = tf.tidy(() => {
      const squares = group.map((i) => tf.sum(tf.square(gradients[i]!)));
      const norm = tf.sqrt(tf.addN(squares));
      const factor = tf.div(most, tf.maximum(norm, most)); // exactly 1 below the limit
      return group.map((i) => tf.mul(gradients[i]!, factor));
    });
    for (const [at, i] of group.entries()) {
      gradients[i]!.dispose();
      kept[i] = scaled[at]!;
    }
  }
  return kept;
}

function clamped(tensor: tf.Tensor, range: readonly [number, number] | undefined): tf.Tensor {
  if (!range) return tensor;
  const inside = tf.clipByValue(tensor, range[0], range[1]);
  tensor.dispose();
  return inside;
}

const upload = (parameters: readonly Parameter[], from: Readonly<Record<string, TensorData>>) =>
  parameters.map(({ name, shape }) => tf.tensor(from[name]!.data, [...shape], "float32"));

async function download(parameters: readonly Parameter[], tensors: readonly tf.Tensor[]) {
  const values: Record<string, TensorData> = {};
  for (const [i, { name, shape }] of parameters.entries()) {
    values[name] = { shape, data: Float32Array.from(await tensors[i]!.data()) };
  }
  return values;
}
