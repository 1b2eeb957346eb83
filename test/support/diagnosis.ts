import { DEFAULT_ENCODERS } from "../../src/core/catalogue/encoders";
import type { Diagnosis, SelfTest } from "../../src/core/domain/diagnosis";

/** A self-test that allows a judgement, with `change`. */
export const selfTest = (change: Partial<SelfTest> = {}): SelfTest => ({
  share: 0.05,
  repeats: 3,
  planted: 486,
  auc: 0.92,
  low: 0.9,
  high: 0.94,
  threshold: 1,
  nominalRate: 0.02,
  recall: 0.44,
  precision: 0.69,
  wrongShare: 0.001,
  swapPrecision: 0.7,
  ...change,
});

/**
 * What the doctor says of `size` pairs whose captions have their own index: pair 0 is the worst, the
 * first `flagged` are flagged, and each fits the next one's caption best.
 */
export function diagnosisOf(
  projectId: string,
  size: number,
  { flagged = 2, ...change }: Partial<Diagnosis> & { readonly flagged?: number } = {},
): Diagnosis {
  const each = Uint32Array.from({ length: size }, (_, p) => p);
  const floats = Float32Array.from(each, (p) => (p < flagged ? 2 - p / size : -p));
  return {
    projectId,
    dataDigest: "d1",
    encoders: DEFAULT_ENCODERS,
    leftOut: 0,
    selfTest: selfTest(),
    ranking: {
      pair: each,
      caption: each,
      mismatch: floats,
      cosine: floats,
      csls: floats,
      captionMargin: floats,
      imageMargin: floats,
      captionRank: each.map((p) => p + 1),
      imageRank: each.map((p) => p + 1),
      bestCaption: each.map((p) => (p + 1) % size),
      bestCosine: floats,
    },
    swaps: [],
    shift: null,
    predictions: {
      width: 2,
      rows: Float32Array.from({ length: 2 * size }, (_, at) => Number(at % 2 === 0)),
      mean: new Float32Array(2),
      basis: null,
    },
    createdAt: 1,
    elapsedMs: 9_000,
    ...change,
  };
}
