import { possibleAxes } from "../../../core/audio/inputAxes";
import {
  audioSettings,
  fixedRate,
  possibleKinds,
  USUAL_RATE,
  type KnownInput,
} from "../../../core/audio/inputGuess";
import type { AudioFeatureKind, AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { TensorInfo } from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import type { Guess } from "./guessImage";

type Settings = Readonly<Record<string, unknown>> | undefined;

/** Which of our features a `feature_extractor_type` of transformers means. */
const EXTRACTORS: Readonly<Record<string, AudioFeatureKind>> = {
  WhisperFeatureExtractor: "whisper",
  ASTFeatureExtractor: "kaldi-fbank",
  ClapFeatureExtractor: "clap",
  Wav2Vec2FeatureExtractor: "waveform",
};

const ASSUMED: Readonly<Record<AudioFeatureKind, string>> = {
  samples: "the samples as they are",
  waveform: "the samples at mean 0 and variance 1",
  "log-mel": "a log-mel spectrogram of 25 ms every 10 ms, each band standardised",
  whisper: "Whisper’s log-mel spectrogram",
  "kaldi-fbank": "the Audio Spectrogram Transformer’s filter bank",
  clap: "CLAP’s log-mel spectrogram",
};

/** The two inputs of a sound network, as far as it has them. */
export interface SoundInputs {
  readonly features: TensorInfo;
  /** The frames of each clip. */
  readonly lengths: TensorInfo | undefined;
}

/**
 * How sounds become the input, from its shape and transformers' `preprocessor_config.json`; what is
 * assumed beyond that the visitor must confirm. The network's own input shape wins.
 *
 * @throws AppError `encoder/unsupported` for an input that takes none of our features.
 */
export function guessSound(
  settings: Settings,
  { features: input, lengths }: SoundInputs,
): Guess<AudioPreprocessing> {
  const reasons: string[] = [];
  const { shape } = input;
  const possible = possibleKinds(shape);
  const [likeliest] = possible;
  if (!likeliest) return refuse(input);
  const known: KnownInput = {
    input: input.name,
    ...(lengths && { lengths: lengths.name }),
    ...(shape[0] === 1 && { oneByOne: true }),
    ...rateIn(settings),
  };
  const named = kindIn(settings, reasons);
  const fits = named !== undefined && possible.includes(named);
  if (named !== undefined && !fits) {
    reasons.push(
      `preprocessor_config.json asks for ${ASSUMED[named]}, but [${shape.join(", ")}] does not take it.`,
    );
  }
  const kind = fits ? named : plainKind(likeliest, input);
  if (!fits) {
    const where = settings ? "From" : "No preprocessor_config.json: from";
    const verb = kind === "samples" || kind === "waveform" ? "are" : "is";
    reasons.push(`${where} its input, ${ASSUMED[kind]} ${verb} assumed.`);
  }
  const preprocessing = audioSettings(kind, shape, known);
  reasons.push(...reasonsOf(preprocessing, { settings, input }));
  return { preprocessing, reasons, isCertain: reasons.length === 0 };
}

/** `input_values` is what wav2vec2 and its like call samples at mean 0 and variance 1. */
function plainKind(kind: AudioFeatureKind, { name }: TensorInfo): AudioFeatureKind {
  return kind === "samples" && name === "input_values" ? "waveform" : kind;
}

function kindIn(settings: Settings, reasons: string[]): AudioFeatureKind | undefined {
  const type = settings?.["feature_extractor_type"];
  if (typeof type !== "string") return undefined;
  const kind = EXTRACTORS[type];
  if (!kind) reasons.push(`Features of “${type}” are not made here.`);
  return kind === "waveform" && settings?.["do_normalize"] === false ? "samples" : kind;
}

function rateIn(settings: Settings): { sampleRate?: number } {
  const rate = settings?.["sampling_rate"];
  return typeof rate === "number" && Number.isInteger(rate) && rate > 0 ? { sampleRate: rate } : {};
}

interface ReasonOptions {
  readonly settings: Settings;
  readonly input: TensorInfo;
}

function reasonsOf(
  { features, sampleRate, length, oneByOne }: AudioPreprocessing,
  { settings, input }: ReasonOptions,
): string[] {
  const reasons: string[] = [];
  const stated = rateIn(settings).sampleRate;
  const own = fixedRate(features);
  if (own === undefined && stated === undefined) {
    reasons.push(`No file names the sample rate: ${USUAL_RATE / 1000} kHz is assumed.`);
  }
  if (own !== undefined && stated !== undefined && stated !== own) {
    reasons.push(
      `preprocessor_config.json says ${stated} Hz; these features are made at ${own} Hz.`,
    );
  }
  if (possibleAxes(features, input.shape).length > 1) {
    reasons.push("Which axis is time cannot be told from its input: check the order of the axes.");
  }
  if (length) {
    const seconds = (length.samples / sampleRate).toFixed(2);
    reasons.push(
      `It takes ${seconds} s of every clip: silence follows a shorter one, the start is taken of a longer one.`,
    );
  }
  if (oneByOne) reasons.push("It takes one clip at a time, which is slower.");
  return reasons;
}

/** @throws AppError `encoder/unsupported`. */
function refuse({ name, shape }: TensorInfo): never {
  throw new AppError(
    "encoder/unsupported",
    `its input ${name} is [${shape.join(", ")}], neither a waveform [N, T] nor a spectrogram [N, bands, T]`,
  );
}
