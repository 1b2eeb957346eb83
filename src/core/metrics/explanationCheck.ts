import { rankCorrelation } from "./rankCorrelation";

/** Whether an explanation is of this query, or would be the same for any. */
export interface ExplanationCheck {
  /** Mean rank correlation with the explanations of random queries, in [-1, 1]; NaN: none. */
  readonly correlation: number;
  /** Random queries that had an explanation to compare with. */
  readonly controls: number;
  /** False: the same for any query. Null: too little to compare. */
  readonly isParticular: boolean | null;
}

/**
 * Above this the explanation is taken to be the same for any query. On the sample, with 8 random
 * captions, no map of 480 came above 0.42; when all queries were given half of their length in
 * common the median was 0.60, at 98 % in common 0.98 and the map no better than chance
 * (docs/explain.md).
 */
const SAME_FOR_ANY = 0.5;

const FEWEST_CONTROLS = 4; // one correlation of 49 smooth cells scatters by 0.4
const FEWEST_PARTS = 3; // two parts correlate to 1 or -1 whatever they are

/**
 * Compares an explanation with those of random queries. A control of which every part counts the
 * same says nothing and is left out.
 *
 * @param own      [parts] what each part counts for.
 * @param controls [parts] each, of random queries.
 * @throws AppError as `rankCorrelation`.
 *
 * Source: after Adebayo et al., NeurIPS 2018, arXiv 1810.03292, who randomise the model.
 */
export function checkExplanation(
  own: ArrayLike<number>,
  controls: readonly ArrayLike<number>[],
): ExplanationCheck {
  const correlations = controls
    .map((control) => rankCorrelation(own, control))
    .filter((value) => !Number.isNaN(value));
  const count = correlations.length;
  const correlation = correlations.reduce((sum, value) => sum + value, 0) / count;
  const isEnough = count >= FEWEST_CONTROLS && own.length >= FEWEST_PARTS;
  return {
    correlation,
    controls: count,
    isParticular: isEnough ? correlation <= SAME_FOR_ANY : null,
  };
}
