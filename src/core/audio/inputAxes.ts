import type {
  AudioAxis,
  AudioFeatureKind,
  AudioFeatures,
  AudioPreprocessing,
} from "../domain/audioPreprocessing";
import { CLAP_BANDS, CLAP_FRAMES } from "./clapFeatures";
import { FBANK_BANDS, FBANK_FRAMES } from "./kaldiFbank";
import { WHISPER_BANDS, WHISPER_FRAMES } from "./whisperFeatures";

/** The shape of a network's input as its file declares it, batch first; a text names a free axis. */
export type InputShape = readonly (number | string)[];

/** Axes of the features as they are made, without the batch. */
export const FEATURE_AXES: Readonly<Record<AudioFeatureKind, readonly AudioAxis[]>> = {
  "log-mel": ["bands", "time"],
  whisper: ["bands", "time"],
  "kaldi-fbank": ["time", "bands"],
  clap: ["one", "time", "bands"],
  waveform: ["time"],
  samples: ["time"],
};

/** Orders in which networks take a waveform, and a spectrogram. */
const WAVEFORM_ORDERS: readonly (readonly AudioAxis[])[] = [
  ["time"],
  ["one", "time"],
  ["time", "one"],
];
const SPECTROGRAM_ORDERS: readonly (readonly AudioAxis[])[] = [
  ["bands", "time"],
  ["time", "bands"],
  ["one", "bands", "time"],
  ["one", "time", "bands"],
  ["bands", "time", "one"],
  ["time", "bands", "one"],
];

/** Fewer samples than this are no sound: some other vector goes in. */
const FEWEST_SAMPLES = 1_000;

/** Whether features are samples rather than a spectrogram. */
export function isWaveform({ kind }: Pick<AudioFeatures, "kind">): boolean {
  return kind === "waveform" || kind === "samples";
}

/** Sizes the features have whatever the clip; absent: they follow it. */
export function featureSizes(features: AudioFeatures): { bands?: number; time?: number } {
  switch (features.kind) {
    case "log-mel":
      return { bands: features.bands };
    case "whisper":
      return { bands: WHISPER_BANDS, time: WHISPER_FRAMES };
    case "kaldi-fbank":
      return { bands: FBANK_BANDS, time: FBANK_FRAMES };
    case "clap":
      return { bands: CLAP_BANDS, time: CLAP_FRAMES };
    case "waveform":
    case "samples":
      return {};
  }
}

/** Axes of what a network is fed, without the batch. */
export function axesOf({ features, axes }: Pick<AudioPreprocessing, "features" | "axes">) {
  return axes ?? FEATURE_AXES[features.kind];
}

/** Every order in which an input of this shape could take the features, the likeliest first. */
export function possibleAxes(features: AudioFeatures, shape: InputShape): (readonly AudioAxis[])[] {
  const orders = isWaveform(features) ? WAVEFORM_ORDERS : SPECTROGRAM_ORDERS;
  const natural = FEATURE_AXES[features.kind].join();
  const fixesBands = (axes: readonly AudioAxis[]) =>
    typeof shape[axes.indexOf("bands") + 1] === "number" && axes.includes("bands");
  const possible = orders
    .filter((axes) => axes.length === shape.length - 1)
    .filter((axes) => axes.every((axis, i) => couldBe(axis, shape[i + 1], features)))
    .sort((a, b) => Number(b.join() === natural) - Number(a.join() === natural));
  // Where the right number of bands stands, no other axis is bands.
  return possible.some(fixesBands) ? possible.filter(fixesBands) : possible;
}

function couldBe(
  axis: AudioAxis,
  size: number | string | undefined,
  features: AudioFeatures,
): boolean {
  if (typeof size === "number") {
    if (axis === "one") return size === 1;
    const own = featureSizes(features)[axis];
    return own === undefined ? size >= (isWaveform(features) ? FEWEST_SAMPLES : 2) : own === size;
  }
  const name = size ?? "";
  if (axis === "bands") return !/time|frame|seq|len|sample/i.test(name);
  if (axis === "time") return !/mel|band|freq|bin|feat/i.test(name);
  return !isWaveform(features); // [N, a, b] with both free is a spectrogram
}

/** How long the input is along `time`; undefined where it takes any length. */
export function fixedTime(shape: InputShape, axes: readonly AudioAxis[]): number | undefined {
  const size = shape[axes.indexOf("time") + 1];
  return typeof size === "number" ? size : undefined;
}

/** Whether features of these sizes may go into an input of this shape. */
export function fitsInput(dims: readonly number[], shape: InputShape): boolean {
  if (shape.length === 0) return true; // the file does not say
  return (
    dims.length === shape.length - 1 &&
    dims.every((size, i) => typeof shape[i + 1] === "string" || shape[i + 1] === size)
  );
}

/**
 * The same values in another order of axes, row-major, and the sizes they have then.
 *
 * @param dims sizes along `from`.
 */
export function arrange(
  { data, dims }: { readonly data: Float32Array<ArrayBuffer>; readonly dims: readonly number[] },
  from: readonly AudioAxis[],
  to: readonly AudioAxis[],
): { data: Float32Array<ArrayBuffer>; dims: number[] } {
  const size = (axis: AudioAxis) => (axis === "one" ? 1 : (dims[from.indexOf(axis)] ?? 1));
  const order = (axes: readonly AudioAxis[]) => axes.filter((axis) => axis !== "one").join();
  if (order(from) === order(to)) return { data, dims: to.map(size) };
  const [rows, cols] = from.filter((axis) => axis !== "one").map(size);
  return { data: transposed(data, rows ?? 1, cols ?? 1), dims: to.map(size) };
}

/** [rows, cols] → [cols, rows] */
function transposed(
  data: Float32Array<ArrayBuffer>,
  rows: number,
  cols: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) out[c * rows + r] = data[r * cols + c]!;
  }
  return out;
}
