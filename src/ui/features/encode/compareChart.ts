import type { Comparison, SimilarityMeasure } from "../../../core/domain/comparison";
import { gridSvg } from "../../charts/gridSvg";
import type { ChartFile } from "../../charts/svgPage";
import { formatCount, formatDate, formatNumberOf } from "../../components/formatting";
import { formatSimilarity, MEASURE_NAMES, rankCells } from "./compareWords";

/** The heat map of a comparison as a file. */
export function similarityChart(
  comparison: Comparison,
  measure: SimilarityMeasure,
  projectName: string,
): ChartFile {
  const { sets, cells, pairs, available, settings, createdAt, familyCutoff } = comparison;
  const [best] = rankCells(comparison, measure);
  const values = cells.map((cell) => cell[measure].value);
  const top = Math.max(...values.filter(Number.isFinite), 1e-9);
  const grid = {
    rows: sets.image.map(({ name }) => name),
    columns: sets.text.map(({ name }) => name),
    corner: "image ↓ text →",
    cells: values.map((value, at) => ({
      words: formatSimilarity(value),
      share: Number.isFinite(value) ? Math.max(0, value / top) : 0,
      isStrong: at === best,
    })),
  };
  const sample = `${formatNumberOf(pairs, "pair")}, one of each of ${formatCount(available)} connected groups of training pairs`;
  return gridSvg(grid, {
    title: `${MEASURE_NAMES[measure]} of image and text embeddings`,
    lines: [
      `Project “${projectName}”, ${formatDate(createdAt)}.`,
      measure === "mutualKnn" ? `${sample}; k = ${settings.neighbours}.` : `${sample}.`,
      `In ${formatCount(settings.permutations)} shuffles of the pairs the best of all cells reaches ${formatSimilarity(familyCutoff[measure])} in 5 %: above that it is not chance.`,
    ],
  });
}
