import {
  ADTS,
  AudioSampleSink,
  BufferSource,
  FLAC,
  Input,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
  type AudioSample,
  type InputAudioTrack,
} from "mediabunny";
import { mixDown } from "../../core/audio/mixDown";
import { HIGHEST_RATE, LOWEST_RATE } from "../../core/audio/resample";
import { readAudioHeader, type AudioHeader } from "../../core/formats/audioHeader";
import { AppError } from "../../core/errors";
import { joinFloats } from "../../core/math/joinFloats";

/** A recording as samples. */
export interface DecodedSound {
  /** One channel, full scale is 1. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** Hz */
  readonly rate: number;
}

interface DecodeOptions {
  /** Longest wait for the next piece of sound, ms. */
  readonly stallMs?: number;
}

/** Nothing that could load further files: a playlist names addresses. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS];

// What is wrong with a file is said in its own row, not on the console.
Logging.level = LogLevel.Silent;

/** Ten minutes at 48 kHz are 115 MB of samples. */
const LONGEST_SECONDS = 600;

/** Ten frames of 25 ms: less cannot be told from a click. */
const SHORTEST_SECONDS = 0.1;

/** A decoder that says nothing for so long says nothing more. */
const STALL_MS = 20_000;

/**
 * The sound of a recording, or of a film: its first or default track, all channels averaged, without
 * the silence a codec puts before it. WAV is read here; every other codec is the browser's.
 *
 * @throws AppError `sound/unreadable`, `sound/no-sound`, `sound/too-long` (10 min; by its header
 *   before anything is decoded), `sound/too-short` (0.1 s).
 */
export async function decodeSound(
  blob: Blob,
  { stallMs = STALL_MS }: DecodeOptions = {},
): Promise<DecodedSound> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (bytes.length === 0) throw new AppError("sound/unreadable", "the file is empty");
  const header = readAudioHeader(bytes);
  if (header?.durationMs) refuseLong(header.durationMs / 1000);
  const input = new Input({ formats: FORMATS, source: new BufferSource(bytes) });
  const wait = <T>(task: Promise<T>) => unlessStalled(task, stallMs);
  try {
    const track = await wait(soundTrack(input));
    refuseLong((await wait(track.getDurationFromMetadata())) ?? 0);
    const all = await allSamples(track, wait);
    return finished({ ...all, samples: withoutFilling(all, header) });
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("sound/unreadable", String(thrown), { cause: thrown });
  } finally {
    input.dispose();
  }
}

async function soundTrack(input: Input): Promise<InputAudioTrack> {
  if (!(await input.canRead())) {
    throw new AppError("sound/unreadable", "no kind of recording that is known here");
  }
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new AppError("sound/no-sound");
  const [codec, config] = [await track.getCodec(), await track.getDecoderConfig()];
  if (codec === null || !config) {
    const name = codec ?? String((await track.getInternalCodecId()) ?? "unknown");
    throw new AppError("sound/unreadable", `codec “${name}”`);
  }
  const isPcm = config.codec.startsWith("pcm-") || ["ulaw", "alaw"].includes(config.codec);
  if (!isPcm) await refuseCodec(config);
  return track;
}

/** @throws AppError `sound/unreadable` that names the codec, where this browser does not know it. */
async function refuseCodec(config: AudioDecoderConfig): Promise<void> {
  if (!("AudioDecoder" in globalThis)) {
    throw new AppError("sound/unreadable", `this browser decodes WAV only, not “${config.codec}”`);
  }
  const { supported } = await AudioDecoder.isConfigSupported(config);
  if (supported) return;
  throw new AppError("sound/unreadable", `this browser does not decode “${config.codec}”`);
}

/** @throws AppError `sound/too-long`. */
function refuseLong(seconds: number): void {
  if (seconds <= LONGEST_SECONDS) return;
  throw new AppError("sound/too-long", `${Math.round(seconds / 60)} minutes`);
}

type Wait = <T>(task: Promise<T>) => Promise<T>;

/** Everything the track decodes to, piece by piece. */
async function allSamples(track: InputAudioTrack, wait: Wait): Promise<DecodedSound> {
  const pieces: Float32Array<ArrayBuffer>[] = [];
  const decoding = new AudioSampleSink(track).samples();
  let rate = 0;
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await wait(decoding.next());
      if (done) break;
      const piece = monoOf(value);
      if (rate !== 0 && value.sampleRate !== rate) {
        throw new AppError("sound/unreadable", "its sample rate changes midway");
      }
      rate = value.sampleRate;
      length += piece.length;
      pieces.push(piece);
      refuseLong(length / rate);
    }
  } finally {
    // Not awaited: a decoder that hangs would hold this up too. What it still has is dropped.
    void decoding.return().catch(() => undefined);
  }
  return { samples: joinFloats(pieces), rate };
}

/** What of a piece belongs to the sound: codecs start before time 0. */
function monoOf(sample: AudioSample): Float32Array<ArrayBuffer> {
  try {
    const skipped = Math.max(0, Math.round(-sample.timestamp * sample.sampleRate));
    if (skipped >= sample.numberOfFrames) return new Float32Array(0);
    const frames = { frameOffset: skipped, frameCount: sample.numberOfFrames - skipped };
    const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
      const channel = new Float32Array(frames.frameCount);
      sample.copyTo(channel, { planeIndex, format: "f32-planar", ...frames });
      return channel;
    });
    return mixDown(channels);
  } finally {
    sample.close();
  }
}

/** The longest packet there is: Opus', RFC 6716 §2.1.4. */
const PACKET_SECONDS = 0.12;

/**
 * An Ogg states to the sample where its sound ends (RFC 7845 §4.4); the browser gives the whole last
 * packet. Where more is missing than a packet, the statement is not believed.
 */
function withoutFilling(
  { samples, rate }: DecodedSound,
  header: AudioHeader | undefined,
): DecodedSound["samples"] {
  if (header?.type !== "audio/ogg" || header.durationMs === null) return samples;
  const stated = Math.round((header.durationMs / 1000) * rate);
  const isFilled = stated < samples.length && samples.length - stated <= PACKET_SECONDS * rate;
  return isFilled ? samples.slice(0, stated) : samples;
}

/** @throws AppError for what cannot be worked with, however well it was decoded. */
function finished({ samples, rate }: DecodedSound): DecodedSound {
  const seconds = samples.length === 0 ? 0 : samples.length / rate;
  if (seconds < SHORTEST_SECONDS) {
    throw new AppError("sound/too-short", `${seconds.toFixed(3)} s`);
  }
  if (!Number.isInteger(rate) || rate < LOWEST_RATE || rate > HIGHEST_RATE) {
    throw new AppError("sound/unreadable", `a sample rate of ${rate} Hz`);
  }
  if (!samples.every(Number.isFinite)) {
    throw new AppError("sound/unreadable", "it holds samples that are no numbers");
  }
  return { samples, rate };
}

async function unlessStalled<T>(task: Promise<T>, stallMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const why = `the decoder gave nothing for ${stallMs / 1000} s`;
    timer = setTimeout(() => reject(new AppError("sound/unreadable", why)), stallMs);
  });
  try {
    return await Promise.race([task, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
