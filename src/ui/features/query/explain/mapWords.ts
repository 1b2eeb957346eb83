import type { ExplanationCheck } from "../../../../core/metrics/explanationCheck";
import type { PartsMethod, PictureMap } from "../../../../core/domain/pictureMap";
import { extentOf } from "./heatScale";

/** How a map was made, in words. */
export const METHOD_WORDS: Readonly<Record<PartsMethod, string>> = {
  tokens: "Patch tokens through the projector",
  occlusion: "Occlusion",
};

/** What the numbers of a map are. */
export const VALUE_WORDS: Readonly<Record<PartsMethod, string>> = {
  tokens: "score of each patch with the query",
  occlusion: "what the score loses when a window there is covered",
};

const ROWS = ["top", "middle", "bottom"] as const;
const COLUMNS = ["left", "centre", "right"] as const;

/** A number with a minus sign of the width of a figure: `−0.054`. */
export function decimal(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** `highest at the top right (row 2, column 6: 0.412), lowest 0.031`. */
export function mapSummary({ rows, cols, values }: PictureMap): string {
  const { low, high } = extentOf(values);
  if (high - low < 1e-6) return `the same everywhere (${decimal(high)})`;
  const at = values.indexOf(high);
  const [row, column] = [Math.floor(at / cols), at % cols];
  const third = (place: number, of: number) => Math.min(2, Math.floor(((place + 0.5) / of) * 3));
  const place = `${ROWS[third(row, rows)]} ${COLUMNS[third(column, cols)]}`;
  const name = place === "middle centre" ? "in the middle" : `at the ${place}`;
  return `highest ${name} (row ${row + 1}, column ${column + 1}: ${decimal(high)}), lowest ${decimal(low)}`;
}

/**
 * How much the explanation depends on the query.
 *
 * @param what is explained, `map` or `words`.
 */
export function checkWords(
  { correlation, controls, isParticular }: ExplanationCheck,
  what: string,
): string {
  if (isParticular === null) {
    return `Not checked against random queries: there is too little to compare.`;
  }
  const found = `rank correlation ${decimal(correlation, 2)} with ${controls} random queries`;
  return isParticular
    ? `It depends on the query: ${found}.`
    : `Nearly the same ${what} for any query (${found}): it says nothing about this one.`;
}
