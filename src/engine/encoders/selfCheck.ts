import { AppError } from "../../core/errors";
import { dot, row } from "../../core/math/matrix";
import type { Encoder } from "../../core/ports";

/** What an encoder gives for an input when computed by the reference implementation (fp32). */
export interface ParityCase<Input> {
  readonly input: Input;
  /** [D] */
  readonly vector: readonly number[];
}

/**
 * Cosine every reference input must exceed. The shipped weights (fp16, int8) reach 0.9999 and
 * 0.998; a device that computes an operator wrongly falls far below (microsoft/onnxruntime #32578).
 */
const MIN_COSINE = 0.99;

/**
 * Lowest cosine between what the encoder computes here and the reference vectors.
 *
 * @throws AppError `encoder/self-check` when it is not above 0.99 (NaN is not).
 */
export async function selfCheck<Input>(
  encoder: Pick<Encoder<Input>, "encode" | "device">,
  cases: readonly ParityCase<Input>[],
): Promise<number> {
  if (cases.length === 0) throw new AppError("encoder/self-check", "no reference inputs");
  const outputs = await encoder.encode(cases.map(({ input }) => input));
  const lowest = lowestCosine(
    cases.map((_, i) => row(outputs, i)),
    cases.map(({ vector }) => vector),
  );
  if (!isSameNumbers(lowest)) {
    const detail = `cosine ${lowest.toFixed(4)} to the reference on ${encoder.device}`;
    throw new AppError("encoder/self-check", detail);
  }
  return lowest;
}

/** Whether a lowest cosine says that two computations agree; NaN does not. */
export function isSameNumbers(cosine: number): boolean {
  return cosine > MIN_COSINE;
}

/** Lowest cosine between vectors of equal place; NaN where a length differs or one is all zeros. */
export function lowestCosine(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): number {
  const cosines = expected.map((b, i) => {
    const a = actual[i];
    return a?.length === b.length ? dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) : NaN;
  });
  return cosines.some(Number.isNaN) ? NaN : Math.min(...cosines);
}
