import { clipFeatures, featureBatch, type ClipFeatures } from "../../core/audio/features";
import { isClipped, isSilent } from "../../core/audio/loudness";
import { resampler, type Resampler } from "../../core/audio/resample";
import { trimSilence } from "../../core/audio/trimSilence";
import {
  embeddingWidth,
  type AudioPreprocessing,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../core/domain/encoder";
import { matrix, type Matrix } from "../../core/math/matrix";
import type { DecodedSound } from "./decodeSound";
import { queryableEncoder, type QueryableEncoder } from "./queryableEncoder";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { Feeds, Session } from "./session";

/** A recording; one just `recorded` is encoded without the silence before and after it. */
export type SoundInput = Blob | { readonly recorded: Blob };

/** An encoder of recordings that also tells which of them sound wrong. */
export interface SoundEncoder extends QueryableEncoder<SoundInput> {
  /** What there is to doubt about a recording that was encoded: that it is silent, or cut off. */
  doubtOf(recording: Blob): string | undefined;
}

/** What a sound encoder is made of. */
export interface SoundEncoderOptions {
  readonly session: Session;
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly preprocessing: AudioPreprocessing;
  /** How bytes become samples; a test without a browser passes its own. */
  readonly decode?: (blob: Blob) => Promise<DecodedSound>;
}

/** Recordings decoded at once: one of ten minutes takes 115 MB. */
const DECODERS = 2;

/** Rates a project has files of, at most, whose filters are worth keeping. */
const KEPT_RESAMPLERS = 8;

/** Values of one tensor, at most: 80 s of 40 log-mel bands, two clips of a spectrogram transformer. */
const MOST_VALUES = 320_000;

/**
 * Recordings to embeddings. Decoding starts at once, so the next batch's clips are ready when the
 * session is free. Clips of similar length share a pass; padded to the longest only where the network
 * is told each clip's own length, so an embedding never depends on what else is in the batch. `encode`
 * throws `sound/…` as `decodeSound` does.
 */
export function soundEncoder(options: SoundEncoderOptions): SoundEncoder {
  const { session, spec, choice, preprocessing } = options;
  const doubts = new WeakMap<Blob, string>();
  const featuresOf = featureMaker(options, doubts);
  const encodeEach: QueryableEncoder<SoundInput>["encodeEach"] = async (
    batch,
    choices,
    priority,
  ) => {
    const names = outputNames(spec, choices);
    const clips = await twoAtOnce(batch, featuresOf);
    const results = choices.map((each) => matrix(batch.length, embeddingWidth(spec, each)));
    for (const places of sharedPasses(clips, preprocessing.lengths !== undefined)) {
      const together = places.map((place) => clips[place]!);
      const outputs = await session.run(soundFeeds(together, preprocessing), names, priority);
      const kept = keptTokens(together);
      choices.forEach((each, c) => {
        const rows = places.length;
        const own = readEmbeddings(outputs, { spec, choice: each, rows, ...(kept && { kept }) });
        putRows(results[c]!, own, places);
      });
    }
    return results;
  };
  return {
    ...queryableEncoder({ session, spec, choice, encodeEach }),
    doubtOf: (recording) => doubts.get(recording),
  };
}

/** Bytes to features: decoded, at the network's rate, as it asks for them. */
function featureMaker(
  { preprocessing, decode = decodeInBrowser }: SoundEncoderOptions,
  doubts: WeakMap<Blob, string>,
) {
  const resamplers = new Map<number, Resampler>();
  const resamplerFrom = (rate: number) => {
    const known = resamplers.get(rate);
    if (known) return known;
    if (resamplers.size >= KEPT_RESAMPLERS) resamplers.clear();
    const made = resampler(rate, preprocessing.sampleRate);
    resamplers.set(rate, made);
    return made;
  };
  return async (input: SoundInput): Promise<ClipFeatures> => {
    const isRecorded = "recorded" in input;
    const file = isRecorded ? input.recorded : input;
    const { samples, rate } = await decode(file);
    const doubt = doubtAbout(samples);
    if (doubt) doubts.set(file, doubt);
    const clip = resamplerFrom(rate)(samples);
    const kept = isRecorded ? trimSilence(clip, preprocessing.sampleRate) : clip;
    return clipFeatures(kept, preprocessing);
  };
}

function doubtAbout(samples: Float32Array): string | undefined {
  if (isSilent(samples)) return "it is silent, so nothing can tell it from other silence";
  return isClipped(samples) ? "it is too loud: its peaks are cut off" : undefined;
}

/** The decoder with its parsers is loaded with the first sound. */
async function decodeInBrowser(blob: Blob): Promise<DecodedSound> {
  const { decodeSound } = await import("./decodeSound");
  return decodeSound(blob);
}

async function twoAtOnce<From, To>(
  from: readonly From[],
  make: (value: From) => Promise<To>,
): Promise<To[]> {
  const made: To[] = [];
  let at = 0;
  const makeRest = async () => {
    try {
      while (at < from.length) {
        const i = at++;
        made[i] = await make(from[i]!);
      }
    } finally {
      at = from.length; // where one failed, the rest would be made in vain
    }
  };
  await Promise.all(Array.from({ length: DECODERS }, makeRest));
  return made;
}

/**
 * Places of clips that go through the network together, shortest first: of equal shape, or of any
 * length where it `mayPad`, while the padded tensor stays small.
 */
export function sharedPasses(
  clips: readonly Pick<ClipFeatures, "data" | "dims">[],
  mayPad: boolean,
): number[][] {
  const length = (place: number) => clips[place]!.data.length;
  const order = clips.map((_, place) => place).sort((a, b) => length(a) - length(b));
  const passes: number[][] = [];
  for (const place of order) {
    const last = passes.at(-1);
    const fits =
      last !== undefined &&
      (mayPad || clips[last[0]!]!.dims.join() === clips[place]!.dims.join()) &&
      (last.length + 1) * length(place) <= MOST_VALUES;
    if (fits) last.push(place);
    else passes.push([place]);
  }
  return passes;
}

/** What a network is fed for clips: their features, and the frames of each where it asks for them. */
export function soundFeeds(clips: readonly ClipFeatures[], options: AudioPreprocessing): Feeds {
  const { data, dims, lengths } = featureBatch(clips);
  return {
    [options.input]: { kind: "float32", data, dims },
    ...(options.lengths !== undefined && {
      [options.lengths]: { kind: "int64", data: lengths, dims: [clips.length] },
    }),
  };
}

function keptTokens(clips: readonly ClipFeatures[]): number[] | undefined {
  const kept = clips.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens]));
  return kept.length === clips.length ? kept : undefined;
}

function putRows(target: Matrix, rows: Matrix, places: readonly number[]): void {
  places.forEach((place, r) => {
    target.data.set(rows.data.subarray(r * rows.cols, (r + 1) * rows.cols), place * target.cols);
  });
}
