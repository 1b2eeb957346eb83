import { featureBatch, type ClipFeatures } from "../../core/audio/features";
import type { Heard } from "../../core/audio/fitLength";
import { axesOf } from "../../core/audio/inputAxes";
import type { AudioPreprocessing } from "../../core/domain/audioPreprocessing";
import { embeddingWidth, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
import { matrix, type Matrix } from "../../core/math/matrix";
import type { DecodedSound } from "./decodeSound";
import { queryableEncoder, type QueryableEncoder } from "./queryableEncoder";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { Feeds, Session } from "./session";
import { soundListener, type SoundInput } from "./soundFeatures";

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
  const listen = soundListener(preprocessing, options.decode);
  const featuresOf = async (input: SoundInput) => {
    const { features, file, doubt } = await listen(input);
    if (doubt !== undefined) doubts.set(file, doubt);
    return features;
  };
  const encodeEach: QueryableEncoder<SoundInput>["encodeEach"] = async (
    batch,
    choices,
    priority,
  ) => {
    const names = outputNames(spec, choices);
    const clips = await twoAtOnce(batch, featuresOf);
    const results = choices.map((each) => matrix(batch.length, embeddingWidth(spec, each)));
    for (const places of sharedPasses(clips, preprocessing)) {
      const together = places.map((place) => clips[place]!);
      const outputs = await session.run(soundFeeds(together, preprocessing), names, priority);
      const heard = heardIn(together);
      choices.forEach((each, c) => {
        const rows = places.length;
        const own = readEmbeddings(outputs, { spec, choice: each, rows, ...(heard && { heard }) });
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
 * length where it is told the lengths of clips, while the padded tensor stays small.
 */
export function sharedPasses(
  clips: readonly Pick<ClipFeatures, "data" | "dims">[],
  preprocessing: Pick<AudioPreprocessing, "features" | "axes" | "lengths" | "oneByOne">,
): number[][] {
  const { lengths, oneByOne = false } = preprocessing;
  // Batches are padded at the end of the last axis.
  const mayPad = lengths !== undefined && axesOf(preprocessing).at(-1) === "time";
  const length = (place: number) => clips[place]!.data.length;
  const order = clips.map((_, place) => place).sort((a, b) => length(a) - length(b));
  const passes: number[][] = [];
  for (const place of order) {
    const last = passes.at(-1);
    const fits =
      last !== undefined &&
      !oneByOne &&
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

/** How much of each clip's input is the clip; undefined where all of it is. */
function heardIn(clips: readonly ClipFeatures[]): Heard[] | undefined {
  if (clips.every(({ heard }) => heard === undefined)) return undefined;
  return clips.map(({ heard }) => heard ?? { samples: 1, of: 1 });
}

function putRows(target: Matrix, rows: Matrix, places: readonly number[]): void {
  places.forEach((place, r) => {
    target.data.set(rows.data.subarray(r * rows.cols, (r + 1) * rows.cols), place * target.cols);
  });
}
