import * as tf from "../../../src/engine/align/tf";
import type { Contestant } from "./ours";
import { DIMENSION, WIDTHS } from "./shapes";

/** The same step as a tfjs tutorial would write it: its own gradients and Adam. */
export function openPlainTfjs(batch: number): Contestant {
  const glorot = (shape: [number, number]) => tf.variable(tf.randomUniform(shape, -0.04, 0.04));
  const head = (width: number) => ({
    gain: tf.variable(tf.ones([width])),
    shift: tf.variable(tf.zeros([width])),
    linear: glorot([width, DIMENSION]),
    up: glorot([width, DIMENSION]),
    down: glorot([DIMENSION, DIMENSION]),
    biases: [0, 1, 2].map(() => tf.variable(tf.zeros([DIMENSION]))),
  });
  type PlainHead = ReturnType<typeof head>;
  const forward = (p: PlainHead, x: tf.Tensor2D) => {
    const { mean, variance } = tf.moments(x, 1, true);
    const unit = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    const h = tf.dropout(tf.add(tf.mul(unit, p.gain), p.shift), 0.1) as tf.Tensor2D;
    const u = tf.add(tf.matMul(h, p.up), p.biases[1]!) as tf.Tensor2D;
    const g = tf.mul(tf.mul(u, 0.5), tf.add(tf.erf(tf.div(u, Math.SQRT2)), 1)) as tf.Tensor2D;
    const linear = tf.add(tf.matMul(h, p.linear), p.biases[0]!);
    const out = tf.add(linear, tf.add(tf.matMul(g, p.down), p.biases[2]!));
    return tf.div(out, tf.norm(out, 2, 1, true)) as tf.Tensor2D;
  };
  const heads = [head(WIDTHS.image), head(WIDTHS.text)] as const;
  const logScale = tf.variable(tf.scalar(Math.log(1 / 0.07)));
  const rows = [WIDTHS.image, WIDTHS.text].map((w) => tf.randomNormal([batch, w]) as tf.Tensor2D);
  const optimizer = tf.train.adam(1e-3, 0.9, 0.95, 1e-8);
  const labels = tf.oneHot(tf.range(0, batch, 1, "int32"), batch);
  const loss = () => {
    const [a, b] = heads.map((p, i) => forward(p, rows[i]!)) as [tf.Tensor2D, tf.Tensor2D];
    const logits = tf.mul(tf.matMul(a, b, false, true), tf.exp(logScale));
    const one = tf.losses.softmaxCrossEntropy(labels, logits);
    const other = tf.losses.softmaxCrossEntropy(labels, tf.transpose(logits));
    return tf.div(tf.add(one, other), 2) as tf.Scalar;
  };
  return {
    step: () => Promise.resolve(optimizer.minimize(loss, true) as tf.Scalar), // asked to return it
    close() {
      optimizer.dispose();
      tf.dispose([...rows, labels]);
      tf.disposeVariables();
    },
  };
}
