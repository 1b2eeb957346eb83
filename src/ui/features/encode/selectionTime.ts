import { embeddingChoices, embeddingWidth, type EncoderSpec } from "../../../core/domain/encoder";
import type { AlignedModality } from "../../../core/domain/modality";

const PERMUTATIONS = 200;
/** Directions looked at in a shuffle, at most. */
const RANK = 32;
/** Nanoseconds per multiply-add: float32 in WebAssembly, float64 in JavaScript (one laptop core). */
const SINGLE_NS = 0.15;
const DOUBLE_NS = 0.9;

/**
 * About how long comparing takes on one core once everything is encoded, in milliseconds: the
 * multiply-adds of docs/choosing-encoders.md at a measured pace.
 */
export function comparisonMs(
  pairs: number,
  encoders: Readonly<Record<AlignedModality, readonly EncoderSpec[]>>,
): number {
  const widths = (modality: AlignedModality) =>
    encoders[modality].flatMap((spec) =>
      embeddingChoices(spec).map((choice) => embeddingWidth(spec, choice)),
    );
  const [image, text] = [widths("image"), widths("text")];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const ranks = (values: readonly number[]) => sum(values.map((width) => Math.min(width, RANK)));
  const all = [...image, ...text];
  const neighbours = pairs * pairs * sum(all) * SINGLE_NS;
  const moments = ((pairs * sum(all.map((width) => width * width))) / 2) * DOUBLE_NS;
  const products = pairs * sum(image) * sum(text) * DOUBLE_NS;
  const shuffles = PERMUTATIONS * pairs * ranks(image) * ranks(text) * SINGLE_NS;
  return (neighbours + moments + products + shuffles) / 1e6;
}

/** About how long encoding the sample takes where nothing of it is encoded yet, in milliseconds. */
export function sampleMs(pairs: number, encoders: readonly EncoderSpec[]): number {
  return encoders.reduce((total, { wasmMsPerItem }) => total + pairs * wasmMsPerItem, 0);
}
