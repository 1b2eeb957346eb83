/** Everything below this is silence: 80 dB below full scale, about 3 steps of 16 bits. */
const SILENT_PEAK = 1e-4;

/** Whether not one sample of a clip reaches 1e-4 of full scale. */
export function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) < SILENT_PEAK);
}

/** What full scale looks like after 16 bits and a resampler. */
const FULL_SCALE = 0.999;

/** A peak may touch full scale by chance; a recording that is cut off stays there. */
const SHORTEST_RUN = 3;

/** Share of samples at full scale from which a recording sounds distorted. */
const CLIPPED_SHARE = 0.01;

/** Whether more than 1 % of the samples lie at full scale, in runs of three or more. */
export function isClipped(samples: Float32Array): boolean {
  let clipped = 0;
  let run = 0;
  for (let i = 0; i <= samples.length; i++) {
    if (i < samples.length && Math.abs(samples[i]!) >= FULL_SCALE) run++;
    else {
      if (run >= SHORTEST_RUN) clipped += run;
      run = 0;
    }
  }
  return clipped > CLIPPED_SHARE * samples.length;
}
