import type { BatchTime, Measurement, MeasureRequest } from "../../core/domain/encodeRequest";
import type { EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { Encoder } from "../../core/ports";
import type { Progress } from "../../core/progress";
import type { OpenedEncoder } from "./openEncoder";
import { probeSounds, probeWindows } from "./probeItems";
import { noisePictures, plainSentences } from "./syntheticItems";

interface MeasureOptions extends MeasureRequest {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

/**
 * Times an open encoder on made-up items of usual size: decoding, preprocessing and network, with
 * the next batch prepared during the current one, as a job does it.
 *
 * @throws AppError `cancelled`; as the encoder fails.
 */
export async function measureEncoder(
  opened: OpenedEncoder,
  spec: EncoderSpec,
  options: MeasureOptions,
): Promise<Measurement> {
  const largest = Math.max(...options.batchSizes);
  const trials =
    opened.modality === "text"
      ? await timeBatches(opened.encoder, plainSentences(largest), options)
      : await timeBatches(opened.encoder, await usualFiles(opened, spec), options);
  const { device, threads, adapter } = opened;
  return { device, threads, adapter, trials };
}

async function usualFiles({ modality }: OpenedEncoder, spec: EncoderSpec): Promise<Blob[]> {
  if (modality === "audio") return probeSounds();
  return modality === "sensor" ? probeWindows(spec) : noisePictures();
}

/** Stop and queries wait for the batch in flight, so one must not take longer. */
const LONGEST_BATCH_MS = 1_000;

/** Plainly slower than the best so far: larger batches will not turn it round. */
const CLEARLY_SLOWER = 1.15;

/** Timed after the warm-up; more where a batch is short and the clock coarse. */
const FEWEST_ROUNDS = 3;
const MOST_ROUNDS = 12;
const ROUNDS_MS = 400;

/**
 * Median time per item for ascending batch sizes. Ends early at a size that is clearly slower than
 * the best, would take over a second per batch, or does not fit into what is left of the budget.
 *
 * @param samples items to repeat as often as a batch needs.
 */
export async function timeBatches<Input>(
  encoder: Encoder<Input>,
  samples: readonly Input[],
  options: Omit<MeasureOptions, "choice" | "device">,
): Promise<BatchTime[]> {
  const { batchSizes, budgetMs, signal, report, clock } = options;
  const started = clock();
  const trials: BatchTime[] = [];
  const total = batchSizes.length;
  const say = (done: number) => report({ stage: "calibrate", done, total, unit: "steps" });
  say(0);
  for (const [i, batchSize] of batchSizes.entries()) {
    const best = Math.min(...trials.map(({ msPerItem }) => msPerItem));
    const expectedMs = trials.length > 0 ? batchSize * best : 0;
    const leftMs = budgetMs - (clock() - started);
    const isTooLong = expectedMs > LONGEST_BATCH_MS || expectedMs * (1 + FEWEST_ROUNDS) > leftMs;
    if (trials.length > 0 && isTooLong) break;
    const batch = Array.from({ length: batchSize }, (_, k) => samples[k % samples.length]!);
    const msPerItem = (await medianBatchMs(encoder, batch, { signal, clock })) / batchSize;
    trials.push({ batchSize, msPerItem });
    say(i + 1);
    if (msPerItem > best * CLEARLY_SLOWER) break;
  }
  say(total);
  return trials;
}

async function medianBatchMs<Input>(
  encoder: Encoder<Input>,
  batch: readonly Input[],
  { signal, clock }: Pick<MeasureOptions, "signal" | "clock">,
): Promise<number> {
  const unlessStopped = () => {
    if (signal.aborted) throw new AppError("cancelled");
  };
  unlessStopped();
  const warmUp = clock();
  await encoder.encode(batch); // shaders are compiled and buffers grow with the first of a shape
  const warmMs = clock() - warmUp;
  const rounds = Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, Math.ceil(ROUNDS_MS / warmMs)));
  const times: number[] = [];
  let before = clock();
  let next: Promise<unknown> | undefined = encoder.encode(batch);
  try {
    for (let round = 0; next; round++) {
      const current: Promise<unknown> = next;
      next = round + 1 < rounds && !signal.aborted ? encoder.encode(batch) : undefined;
      await current;
      const now = clock();
      times.push(now - before);
      before = now;
    }
  } finally {
    // If one failed, the other may still run and must not fail unheard.
    await next?.catch(() => undefined);
  }
  unlessStopped();
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
