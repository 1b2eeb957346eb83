import type { ClipLength } from "../domain/audioPreprocessing";

/** How much of what a network is fed is the clip itself. */
export interface Heard {
  readonly samples: number;
  /** All samples, the silence after the clip with them. */
  readonly of: number;
}

/**
 * A clip of exactly `length.samples` samples: the start or the middle of a longer one, a shorter one
 * followed by silence or by itself.
 *
 * @param samples at least one.
 */
export function fitLength(
  samples: Float32Array<ArrayBuffer>,
  { samples: wanted, fill, cut }: ClipLength,
): Float32Array<ArrayBuffer> {
  const over = samples.length - wanted;
  if (over === 0) return samples;
  if (over > 0) {
    const start = cut === "middle" ? over >> 1 : 0;
    return samples.slice(start, start + wanted);
  }
  const fitted = new Float32Array(wanted);
  const times = fill === "repeat" ? Math.ceil(wanted / samples.length) : 1;
  for (let i = 0; i < times; i++) {
    const start = i * samples.length;
    fitted.set(samples.subarray(0, wanted - start), start);
  }
  return fitted;
}

/** What of a clip of fixed length is the clip; undefined: all of it, or nothing to be told apart. */
export function heardOf(samples: number, length: ClipLength | undefined): Heard | undefined {
  if (length?.fill !== "silence" || samples >= length.samples) return undefined;
  return { samples, of: length.samples };
}
