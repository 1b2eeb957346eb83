import type { Comparison, Similarity, SimilarityMeasure } from "../../../core/domain/comparison";

/** What a measure is called. */
export const MEASURE_NAMES: Readonly<Record<SimilarityMeasure, string>> = {
  mutualKnn: "mutual kNN",
  cka: "unbiased CKA",
};

/** `0.194`, with a real minus sign; `n/a` where it is not defined. */
export function formatSimilarity(value: number): string {
  if (!Number.isFinite(value)) return "n/a";
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) > 0 ? `−${text}` : text;
}

/** `p = 0.005`: with 200 shuffles the smallest there is. */
export function formatP(p: number): string {
  return Number.isFinite(p) ? `p = ${p.toFixed(3)}` : "p n/a";
}

/** One cell in words: value, null, cut-off and p. */
export function similarityWords(
  { value, nullMean, cutoff, p, familyP, calibrated }: Similarity,
  measure: SimilarityMeasure,
  cells: number,
): string {
  if (!Number.isFinite(value)) {
    return `${MEASURE_NAMES[measure]} is not defined: one of the two does not vary over the sample.`;
  }
  return [
    `${MEASURE_NAMES[measure]} ${formatSimilarity(value)}`,
    `shuffled pairs give ${formatSimilarity(nullMean)} on average and stay under ${formatSimilarity(cutoff)} in 95 % of shuffles`,
    `${formatP(p)}, as the best of ${cells} ${formatP(familyP)}`,
    `calibrated ${formatSimilarity(calibrated)}`,
  ].join("; ");
}

/** Numbers of the cells, best first by the measure; those without a value come last. */
export function rankCells({ cells }: Comparison, measure: SimilarityMeasure): number[] {
  const key = (cell: number) => {
    const { value } = cells[cell]![measure];
    return Number.isFinite(value) ? value : -Infinity;
  };
  return [...cells.keys()].sort((a, b) => key(b) - key(a) || a - b);
}
