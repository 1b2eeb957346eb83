import { embeddingWidth, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
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
  /** [B] first tokens of each sound that reach into its clip, where the rest is what follows it. */
  readonly kept?: readonly number[];
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
      : pooledHere(tensor, options, output.hasCls));
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
  { spec, choice, rows, mask, kept }: ReadOptions,
  hasCls: boolean,
): Matrix | undefined {
  const [batch, tokens = 0, width = 0] = dims;
  if (batch !== rows) return undefined;
  // A convolutional network's [B, D, H, W]: there is no token that stands for the whole.
  if (dims.length === 4) return choice.pooling === "mean" ? poolMap(data, rows, tokens) : undefined;
  if (dims.length !== 3 || tokens === 0 || (mask && mask.length !== rows * tokens)) {
    return undefined;
  }
  const withoutFirst = hasCls && spec.modality === "image";
  const counted = mask ?? (kept && firstTokens(kept, tokens));
  return poolTokens(
    { data, rows, tokens, width, withoutFirst, ...(counted && { mask: counted }) },
    choice.pooling,
  );
}

/** [B, T], 1 for the first `kept` tokens of each row. */
function firstTokens(kept: readonly number[], tokens: number): Uint8Array {
  const mask = new Uint8Array(kept.length * tokens);
  kept.forEach((count, b) => mask.fill(1, b * tokens, b * tokens + Math.min(count, tokens)));
  return mask;
}
