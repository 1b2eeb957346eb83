import type { Rng } from "./rng";

/** A number of the standard normal distribution, from two uniform draws (Box and Muller 1958). */
export function normal(random: Rng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
