import { AppError } from "../../../../core/errors";
import { peaksOf } from "../../../components/waveform";

/** What a recording holds. */
export interface Heard {
  readonly durationMs: number;
  /** [PEAKS] of the waveform, the loudest 1. */
  readonly peaks: Float32Array;
}

/** Loudest sample of what counts as silence: −46 dB of full scale, above a room's hiss. */
export const SILENCE = 0.005;

/**
 * Listens to a recording before it is asked with.
 *
 * @throws AppError `microphone/silent` where no sample is louder than a room without speech;
 *   `microphone/failed` where it cannot be decoded.
 */
export async function listen(recording: Blob): Promise<Heard> {
  const bytes = await recording.arrayBuffer();
  // An offline context needs no gesture and plays nothing; its length does not matter.
  const sound = await new OfflineAudioContext(1, 1, 16_000)
    .decodeAudioData(bytes)
    .catch((cause: unknown) => {
      throw new AppError("microphone/failed", "what was recorded cannot be decoded", { cause });
    });
  return heardIn(
    Array.from({ length: sound.numberOfChannels }, (_, c) => sound.getChannelData(c)),
    sound.duration * 1000,
  );
}

/** The same of samples. @param channels [C] of [T] in −1 to 1. */
export function heardIn(channels: readonly Float32Array[], durationMs: number): Heard {
  const loudest = channels
    .flatMap((samples) => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0))
    .reduce((a, b) => Math.max(a, b), 0);
  if (!(loudest >= SILENCE)) throw new AppError("microphone/silent", levelOf(loudest));
  return { durationMs, peaks: peaksOf(channels) };
}

const levelOf = (loudest: number) =>
  loudest > 0 ? `loudest ${(20 * Math.log10(loudest)).toFixed(0)} dB of full scale` : "no signal";
