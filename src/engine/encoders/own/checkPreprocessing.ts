import type { ImagePreprocessing, TextPreprocessing } from "../../../core/domain/encoder";
import { AppError } from "../../../core/errors";

/** The smallest and largest side a network is likely to take: 1,024² pixels are 12 MB per item. */
const SIDES = { min: 8, max: 1024 } as const;
const TOKENS = { min: 3, max: 4096 } as const;

/**
 * Refuses settings no network can be fed with, before memory is asked for.
 *
 * @throws AppError `encoder/unsupported`, naming the setting.
 */
export function checkPreprocessing(preprocessing: ImagePreprocessing | TextPreprocessing): void {
  if (preprocessing.kind === "text") {
    const { maxTokens, padTo } = preprocessing;
    within("the number of tokens", maxTokens, TOKENS);
    if (padTo !== undefined) within("the padded length", padTo, TOKENS);
    return;
  }
  const { size, resize, mean, std } = preprocessing;
  within("the size", size, SIDES);
  if (resize !== undefined) within("the size before the crop", resize, { min: size, max: 2048 });
  if (!mean.every(Number.isFinite)) refuse("the mean must be three numbers");
  if (!std.every((value) => Number.isFinite(value) && value > 0)) {
    refuse("the deviation must be three numbers above 0");
  }
}

function within(what: string, value: number, { min, max }: { min: number; max: number }): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  refuse(`${what} is ${value}; a whole number from ${min} to ${max} was expected`);
}

function refuse(why: string): never {
  throw new AppError("encoder/unsupported", why);
}
