import { rng } from "../../core/math/rng";

/**
 * Sets a share of the values to zero and scales the rest by 1 / (1 − share), in place, so that the
 * expectation stays (inverted dropout, Srivastava et al., JMLR 2014).
 *
 * @param share in [0, 1); 0 changes nothing.
 * @param seed  addresses the mask: the same seed drops the same values.
 */
export function dropOut(data: Float32Array, share: number, seed: number): void {
  if (share === 0) return;
  const random = rng(seed);
  const scale = 1 / (1 - share);
  for (let i = 0; i < data.length; i++) data[i] = random() < share ? 0 : data[i]! * scale;
}
