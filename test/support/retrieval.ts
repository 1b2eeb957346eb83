import type {
  BaselineResult,
  Estimate,
  EvaluationReport,
  RetrievalPair,
} from "../../src/core/domain/evaluation";
import type { HistoryPoint } from "../../src/core/domain/run";

export const estimate = (value: number): Estimate => ({
  value,
  low: Math.max(0, value - 0.05),
  high: Math.min(1, value + 0.05),
});

/** Recall@1, 5 and 10 of `value`, half as much more for the other direction. */
export function retrieval(value: number, queries = 60): RetrievalPair {
  const direction = (v: number) => ({
    gallery: queries,
    queries,
    medianRank: 3,
    meanRank: 4,
    meanReciprocalRank: v,
    recall: { "1": estimate(v / 2), "5": estimate(v * 0.8), "10": estimate(v) },
  });
  return { imageToText: direction(value), textToImage: direction(value * 0.5) };
}

export const baseline = (id: BaselineResult["id"], value: number): BaselineResult => ({
  id,
  validation: retrieval(value),
  test: retrieval(value),
  chosen: {},
  elapsedMs: 1,
});

export function point(step: number, validation?: RetrievalPair): HistoryPoint {
  return {
    step,
    loss: 5 / step,
    logitScale: 14,
    learningRate: 0.001,
    elapsedMs: step,
    ...(validation ? { validation } : {}),
  };
}

/** A report with the same ranks (0 = best) both ways, every query a cluster of its own. */
export function sampleReport(
  ranks: readonly number[],
  change: Partial<EvaluationReport> = {},
): EvaluationReport {
  const both = (values: readonly number[]) => ({
    imageToText: Uint32Array.from(values),
    textToImage: Uint32Array.from(values),
  });
  return {
    ranks: both(ranks),
    clusters: both(ranks.map((_, i) => i)),
    queries: "q",
    geometry: {
      pairs: ranks.length,
      modalityGap: 0.4,
      alignment: 0.9,
      uniformity: { image: -2.5, text: -3 },
      positiveCosine: 0.55,
      negativeCosine: 0.02,
      separation: 3.1,
      effectiveRank: { image: 60, text: 72 },
      hubness: { imageToText: 1.2, textToImage: 0.8 },
    },
    csls: null,
    ...change,
  };
}
