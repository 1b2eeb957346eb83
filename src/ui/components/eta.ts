import type { Progress } from "../../core/progress";

/** One report of progress with the moment it came. */
export interface ProgressSample {
  readonly atMs: number;
  readonly progress: Progress;
}

/** How fast a stage goes and how long it still takes. */
export interface Eta {
  readonly perSecond: number;
  readonly remainingMs: number;
}

const WINDOW_MS = 30_000; // long enough to smooth batches, short enough to follow a slowdown
const MIN_SAMPLES = 3; // fewer say nothing about the rate

/**
 * Appends a report; a new stage starts over, and samples older than half a minute are dropped.
 * A repeated report changes nothing.
 */
export function addSample(
  samples: readonly ProgressSample[],
  sample: ProgressSample,
): readonly ProgressSample[] {
  const last = samples.at(-1)?.progress;
  if (last === sample.progress) return samples;
  const { stage, total, done } = sample.progress;
  if (!last || last.stage !== stage || last.total !== total || done < last.done) return [sample];
  const from = sample.atMs - WINDOW_MS;
  const recent = samples.filter(({ atMs }) => atMs >= from);
  return [...(recent.length >= MIN_SAMPLES - 1 ? recent : samples.slice(-2)), sample];
}

/** Rate and time left over the samples of one stage; undefined before the third. */
export function etaOf(samples: readonly ProgressSample[]): Eta | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || samples.length < MIN_SAMPLES) return undefined;
  const done = last.progress.done - first.progress.done;
  const elapsedMs = last.atMs - first.atMs;
  if (done <= 0 || elapsedMs <= 0) return undefined;
  const perMs = done / elapsedMs;
  const left = last.progress.total - last.progress.done;
  // Under a second nobody can read it before it is over.
  return { perSecond: perMs * 1000, remainingMs: Math.max(1_000, left / perMs) };
}
