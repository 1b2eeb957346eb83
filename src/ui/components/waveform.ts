import { Recent } from "../../core/recent";

/** Bars of a waveform: more than a card has pixels for. */
export const PEAKS = 160;

/** Compressed sounds larger than this are played but not drawn: decoded they are ten times that. */
const LARGEST_BYTES = 20_000_000;

const KEPT = 500; // 500 × 160 fp32 = 0.3 MB

/** Samples per second to decode to: peaks need no more, and it bounds the memory. */
const DECODE_RATE = 8000;

/**
 * The loudest sample of each of `count` equal stretches, over all channels, scaled so that the
 * loudest of all is 1. Silence, and no samples, give zeros.
 *
 * @param channels [C] of [T] samples in −1 to 1.
 * @returns [count] in 0 to 1.
 */
export function peaksOf(channels: readonly Float32Array[], count = PEAKS): Float32Array {
  const peaks = new Float32Array(count);
  for (const samples of channels) {
    for (let bar = 0; bar < count; bar++) {
      const start = Math.floor((bar * samples.length) / count);
      const end = Math.max(start + 1, Math.floor(((bar + 1) * samples.length) / count));
      for (let t = start; t < end && t < samples.length; t++) {
        peaks[bar] = Math.max(peaks[bar] ?? 0, Math.abs(samples[t] ?? 0));
      }
    }
  }
  const loudest = peaks.reduce((most, peak) => Math.max(most, peak), 0);
  return loudest > 0 ? peaks.map((peak) => peak / loudest) : peaks;
}

/** An SVG path of `peaks` as bars around the middle of a box. */
export function waveformPath(peaks: Float32Array, width: number, height: number): string {
  const step = width / peaks.length;
  return Array.from(peaks, (peak, i) => {
    const half = Math.max(0.5, (peak * height) / 2);
    const x = ((i + 0.5) * step).toFixed(1);
    return `M${x} ${(height / 2 - half).toFixed(1)}V${(height / 2 + half).toFixed(1)}`;
  }).join("");
}

const known = new Recent<Promise<Float32Array | null>>(KEPT);
let last: Promise<unknown> = Promise.resolve();

/**
 * Peaks of a sound, decoded by the browser one at a time while it has nothing better to do, and
 * remembered.
 *
 * @param read gives the file; called only when its turn has come.
 * @param isWanted asked when its turn has come: a card scrolled away costs nothing.
 * @returns null when it is too large or cannot be decoded.
 */
export function soundPeaks(
  digest: string,
  read: () => Promise<Blob>,
  isWanted: () => boolean,
): Promise<Float32Array | null> {
  const held = known.get(digest);
  if (held) return held;
  const peaks = last.then(idle).then(async () => {
    if (!isWanted()) {
      known.delete(digest);
      return null;
    }
    return decodePeaks(await read());
  });
  last = peaks.catch(() => {}); // the caller has the error; the next sound is decoded all the same
  known.set(digest, peaks);
  return peaks;
}

async function decodePeaks(blob: Blob): Promise<Float32Array | null> {
  if (blob.size > LARGEST_BYTES) return null;
  // An offline context needs no gesture and plays nothing; its length does not matter.
  const context = new OfflineAudioContext(1, 1, DECODE_RATE);
  const sound = await context.decodeAudioData(await blob.arrayBuffer());
  return peaksOf(
    Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel)),
  );
}

/** Resolves when the browser is idle, or at once where it does not tell. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve());
    else setTimeout(resolve);
  });
}
