const WARM_UP_SHARE = 0.05;
const FINAL_RATE = 1e-5;

/**
 * Learning rate of a step: linear warm-up over the first 5 % of steps, then a half cosine from
 * `peak` down to 1e-5 (or to `peak`, if that is lower) at the last step.
 *
 * @param step  from 0 to steps − 1.
 */
export function learningRateAt(step: number, steps: number, peak: number): number {
  const warmUp = warmUpSteps(steps);
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  const last = Math.min(FINAL_RATE, peak);
  const progress = (step - warmUp + 1) / (steps - warmUp);
  return last + ((peak - last) * (1 + Math.cos(Math.PI * progress))) / 2;
}

/** Steps during which the learning rate rises. */
export const warmUpSteps = (steps: number): number => Math.ceil(steps * WARM_UP_SHARE);
