import { readAudioHeader } from "../../core/formats/audioHeader";
import type { Examined } from "./checkMedia";
import { NOT_A_SOUND, tooLong, type Fault } from "./faults";
import { AUDIO_SAMPLES_MAX } from "./limits";

/** Assumed where a header does not say: what most recordings are. */
const USUAL_RATE = 48_000;
const USUAL_CHANNELS = 2;

/**
 * A recording by its header; nothing is decoded. What would decode to more than `AUDIO_SAMPLES_MAX`
 * is refused by what it states.
 */
export function checkSound(bytes: Uint8Array): Examined | { readonly fault: Fault } {
  const header = readAudioHeader(bytes);
  if (!header) return { fault: NOT_A_SOUND };
  const { type, durationMs, rate, channels } = header;
  if (durationMs === null) return { type, facts: {} };
  const perSecond = (rate ?? USUAL_RATE) * (channels ?? USUAL_CHANNELS);
  if ((durationMs / 1000) * perSecond > AUDIO_SAMPLES_MAX) return { fault: tooLong(durationMs) };
  return { type, facts: { durationMs: Math.round(durationMs) } };
}
