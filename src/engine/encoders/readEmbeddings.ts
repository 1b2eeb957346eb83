import type { Heard } from "../../core/audio/fitLength";
import {
  embeddingWidth,
  type EmbeddingChoice,
  type EncoderOutput,
  type EncoderSpec,
} from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { matrix, type Matrix } from "../../core/math/matrix";
import { outputOf } from "../encoding/encoderKey";
import { poolMap, poolTokens } from "./pool";
import type { Outputs, OutputTensor } from "./session";

/** Session outputs the choices come out of, each once. @throws AppError `encoder/missing`. */
export function outputNames(spec: EncoderSpec, choices: readonly EmbeddingChoice[]): string[] {
  const names = choices.map((choice) => {
    const { output } = outputOf(spec, choice);
    return typeof output === "string" ? output : output.tokens;
  });
  return [...new Set(names)];
}

interface ReadOptions {
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  /** B */
  readonly rows: number;
  /** [B, T] of a text batch. */
  readonly mask?: BigInt64Array;
  /** [B] how much of what was fed is the clip, where the rest is the silence after it. */
  readonly heard?: readonly Heard[];
}

/**
 * The chosen embedding of every item of a batch: [B, D], pooled here where the network does not.
 *
 * @throws AppError `encoder/failed` when the output has not the shape the encoder's entry promises.
 */
export function readEmbeddings(outputs: Outputs, options: ReadOptions): Matrix {
  const { spec, choice, rows } = options;
  const { output, index } = outputOf(spec, choice);
  const width = embeddingWidth(spec, choice);
  const name = typeof output === "string" ? output : output.tokens;
  const tensor = outputs[name];
  const embeddings =
    tensor &&
    (typeof output === "string"
      ? pooled(tensor, rows, index)
      : pooledHere(tensor, options, output));
  if (embeddings?.cols === width) return embeddings;
  const shape = tensor ? `[${tensor.dims.join(", ")}]` : "absent";
  throw new AppError(
    "encoder/failed",
    `output “${name}” is ${shape}; expected ${rows} items, width ${width}`,
  );
}

/** [B, D] or [B, D, 1, 1] as it is; of [B, L, D] row `index` of each. */
function pooled({ data, dims }: OutputTensor, rows: number, index?: number): Matrix | undefined {
  if (dims[0] !== rows) return undefined;
  if (index === undefined) {
    const isFlat = dims.length >= 2 && dims.slice(2).every((size) => size === 1);
    return isFlat ? matrix(rows, dims[1]!, data) : undefined;
  }
  const [, layers = 0, width = 0] = dims;
  if (dims.length !== 3 || index >= layers) return undefined;
  const out = matrix(rows, width);
  for (let b = 0; b < rows; b++) {
    const start = (b * layers + index) * width;
    out.data.set(data.subarray(start, start + width), b * width);
  }
  return out;
}

function pooledHere(
  { data, dims }: OutputTensor,
  { spec, choice, rows, mask, heard }: ReadOptions,
  { hasCls, channelsFirst = false }: Exclude<EncoderOutput, string>,
): Matrix | undefined {
  if (dims[0] !== rows) return undefined;
  // A convolutional network's [B, D, H, W]: there is no token that stands for the whole.
  if (dims.length === 4) {
    return choice.pooling === "mean" ? poolMap(data, rows, dims[1] ?? 0) : undefined;
  }
  const [, tokens = 0, width = 0] = channelsFirst ? [rows, dims[2], dims[1]] : dims;
  if (dims.length !== 3 || tokens === 0 || (mask && mask.length !== rows * tokens)) {
    return undefined;
  }
  const withoutFirst = hasCls && spec.modality !== "text";
  const counted = mask ?? (heard && tokensOf(heard, tokens, withoutFirst ? 1 : 0));
  const features = channelsFirst ? transposedEach(data, rows, width) : data;
  return poolTokens(
    { data: features, rows, tokens, width, withoutFirst, ...(counted && { mask: counted }) },
    choice.pooling,
  );
}

/** [B, T], 1 for the tokens of each row that reach into its clip, and for the `special` before them. */
function tokensOf(heard: readonly Heard[], tokens: number, special: number): Uint8Array {
  const mask = new Uint8Array(heard.length * tokens);
  heard.forEach(({ samples, of }, b) => {
    const reached = Math.max(1, Math.ceil(((tokens - special) * samples) / of));
    mask.fill(1, b * tokens, b * tokens + Math.min(special + reached, tokens));
  });
  return mask;
}

/** [B, D, T] → [B, T, D] */
function transposedEach(data: Float32Array, rows: number, width: number): Float32Array {
  const out = new Float32Array(data.length);
  const tokens = data.length / (rows * width);
  for (let i = 0; i < data.length; i++) {
    const [b, d, t] = [
      Math.floor(i / (width * tokens)),
      Math.floor(i / tokens) % width,
      i % tokens,
    ];
    out[(b * tokens + t) * width + d] = data[i]!;
  }
  return out;
}
