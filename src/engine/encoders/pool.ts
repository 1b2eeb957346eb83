import type { Pooling } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { matrix, type Matrix } from "../../core/math/matrix";

/** Token features of a batch. */
export interface TokenFeatures {
  /** [B, T, D] */
  readonly data: Float32Array;
  readonly rows: number;
  /** T */
  readonly tokens: number;
  /** D */
  readonly width: number;
  /** [B, T], 1 for a token and 0 for padding; absent: every token counts. */
  readonly mask?: ArrayLike<number | bigint>;
  /**
   * Pictures: whether token 0 stands for the whole, so that the mean leaves it out. Texts: false,
   * their mean runs over every unpadded token, special ones too, as sentence-transformers' does.
   */
  readonly withoutFirst: boolean;
}

/**
 * One vector per item: [B, D], or [B, 2D] for `cls+mean`.
 *
 *   cls  = first unpadded token        last = last unpadded token
 *   mean = average of the unpadded tokens (of the patches only, where token 0 stands for the whole)
 *
 * Padding is stepped over, never multiplied by zero, so NaN in it does not leak; NaN in a token does.
 *
 * @throws AppError `encoder/input` for an item of padding only, `encoder/failed` when there is
 *   nothing but the first token to average.
 */
export function poolTokens(features: TokenFeatures, pooling: Pooling): Matrix {
  const { rows, width } = features;
  const out = matrix(rows, pooling === "cls+mean" ? 2 * width : width);
  for (let b = 0; b < rows; b++) {
    const target = out.data.subarray(b * out.cols, (b + 1) * out.cols);
    const kept = keptTokens(features, b);
    if (pooling === "last") target.set(tokenAt(features, b, kept.at(-1)!));
    else if (pooling === "cls") target.set(tokenAt(features, b, kept[0]!));
    else if (pooling === "mean") target.set(meanOf(features, b, kept));
    else {
      target.set(tokenAt(features, b, kept[0]!));
      target.set(meanOf(features, b, kept), width);
    }
  }
  return out;
}

/**
 * Average over the positions of a feature map, as convolutional networks give it: [B, D].
 *
 * @param data [B, D, H, W], channels first.
 */
export function poolMap(data: Float32Array, rows: number, width: number): Matrix {
  const positions = data.length / (rows * width);
  const out = matrix(rows, width);
  for (let i = 0; i < rows * width; i++) {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += data[i * positions + p]!;
    out.data[i] = sum / positions;
  }
  return out;
}

function keptTokens({ tokens, mask }: TokenFeatures, b: number): number[] {
  const kept: number[] = [];
  for (let t = 0; t < tokens; t++) if (!mask || Number(mask[b * tokens + t]) > 0) kept.push(t);
  if (kept.length === 0) throw new AppError("encoder/input", "not one token is left to pool");
  return kept;
}

function tokenAt({ data, tokens, width }: TokenFeatures, b: number, t: number): Float32Array {
  return data.subarray((b * tokens + t) * width, (b * tokens + t + 1) * width);
}

function meanOf(features: TokenFeatures, b: number, kept: readonly number[]): Float64Array {
  const averaged = features.withoutFirst ? kept.slice(1) : kept;
  if (averaged.length === 0) {
    throw new AppError("encoder/failed", "the output has one token only, so there is no mean");
  }
  const sum = new Float64Array(features.width);
  for (const t of averaged) {
    const token = tokenAt(features, b, t);
    for (let d = 0; d < sum.length; d++) sum[d] = sum[d]! + token[d]!;
  }
  return sum.map((value) => value / averaged.length);
}
