import type { Calibration, EncoderSpec } from "./encoder";

/** One way of running an encoder, with its steady rate. */
export type Trial = Calibration["tried"][number];

/** A smaller batch answers Stop and queries sooner, so a larger one must be this much faster. */
const BATCH_GAIN = 1.05;

/** Threads are cores the other encoder and the page cannot use, so more must be worth them. */
const THREADS_GAIN = 1.15;

/**
 * The setting to encode with: fewest milliseconds per item; among near equals fewer threads, then
 * the smaller batch.
 *
 * @returns undefined when nothing was tried, or nothing gave a finite time.
 */
export function bestTrial(trials: readonly Trial[]): Trial | undefined {
  const cost = ({ msPerItem, threads, batchSize }: Trial) =>
    msPerItem * THREADS_GAIN ** Math.log2(threads) * BATCH_GAIN ** Math.log2(batchSize);
  return trials
    .filter(({ msPerItem }) => Number.isFinite(msPerItem) && msPerItem > 0)
    .reduce<Trial | undefined>(
      (best, trial) => (best === undefined || cost(trial) < cost(best) ? trial : best),
      undefined,
    );
}

/**
 * Name under which a calibration is remembered: the files and preprocessing of the encoder (a speed
 * is the network's, whatever pooling or layer is read from it) and where it ran.
 *
 * @param place the adapter in words, or `CPU × 8`.
 */
export function calibrationName(spec: EncoderSpec, place: string): string {
  const files = spec.files.map(({ role, sha256 }) => `${role}:${sha256}`).sort();
  const network = [spec.id, spec.revision, ...files, spec.preprocessingVersion].join(" ");
  return `calibration/${network}/${place}`;
}

/**
 * wasm threads that usually pay where nothing was measured: all cores but one, at most 4, and one
 * where sharing memory is not allowed.
 */
export function wasmThreads(isIsolated: boolean, cores: number): number {
  return isIsolated && cores > 2 ? Math.min(4, cores - 1) : 1;
}
