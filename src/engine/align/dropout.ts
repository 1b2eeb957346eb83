import { fillBits } from "../../core/math/rng";

const BLOCK = 4_096; // 16 kB: stays in the first-level cache

/**
 * Sets a share of the values to zero and scales the rest by 1 / (1 − share), in place, so that the
 * expectation stays (inverted dropout, Srivastava et al., JMLR 2014).
 *
 * @param share in [0, 1); 0 changes nothing.
 * @param seed  addresses the mask: value i is dropped when number i of `rng(seed)` is below `share`.
 */
export function dropOut(data: Float32Array, share: number, seed: number): void {
  if (share === 0) return;
  const scale = 1 / (1 - share);
  const limit = share * 2 ** 32; // exact
  const bits = new Uint32Array(BLOCK);
  for (let start = 0; start < data.length; start += BLOCK) {
    fillBits(bits, seed, start);
    const end = Math.min(start + BLOCK, data.length);
    for (let i = start; i < end; i++) data[i] = bits[i - start]! < limit ? 0 : data[i]! * scale;
  }
}
