import * as tf from "../tf";

/** [B, B]: 1 where two rows of a batch have the same group, else 0; the identity without groups. */
export function sameGroup(size: number, groups: Uint32Array | null): tf.Tensor2D {
  const ids = groups ? Int32Array.from(groups) : Int32Array.from({ length: size }, (_, i) => i);
  const rows = tf.tensor2d(ids, [size, 1], "int32");
  const columns = tf.tensor2d(ids.slice(), [1, size], "int32");
  return tf.cast(tf.equal<tf.Tensor2D>(rows, columns), "float32");
}
