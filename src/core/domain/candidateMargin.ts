import type { RetrievalPair } from "./evaluation";

/**
 * How much better a less simple method must score on validation to replace a simpler one: half the
 * standard error a score can have, 0.25 / √queries. (Two methods hit and miss together for the
 * larger part, so their difference is known better than either score.)
 *
 * On a few hundred queries most differences between methods are noise, and the winner's lead is
 * luck for the larger part; the simpler method is the better guess then. The one-standard-error rule
 * of Breiman et al., Classification and Regression Trees, 1984, section 3.4.3.
 */
export function candidateMargin(validation: RetrievalPair): number {
  return 0.25 / Math.sqrt(Math.max(validationQueries(validation), 1));
}

/** Queries of both directions. */
export function validationQueries({ imageToText, textToImage }: RetrievalPair): number {
  return imageToText.queries + textToImage.queries;
}
