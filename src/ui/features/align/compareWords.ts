import type { RunComparison, ScoreDifference } from "../../../core/metrics/compareRuns";
import { DIRECTION_NAMES } from "../../components/directions";
import { formatCount } from "../../components/formatting";

const LEVEL = 0.05;

/** `image → text recall@10`, `text → image MRR`. */
export function scoreName({ direction, score }: Pick<ScoreDifference, "direction" | "score">) {
  const name = score === "mrr" ? "MRR" : `recall@${score}`;
  return `${DIRECTION_NAMES[direction].toLowerCase()} ${name}`;
}

/** `+3.1 points`, `−0.012`: a difference with its sign. */
export function formatDifference(value: number, score: string): string {
  const size = Math.abs(score === "mrr" ? value : value * 100);
  const text = size.toFixed(score === "mrr" ? 3 : 1);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** `0.031`, `< 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** What a comparison shows, in one plain sentence. */
export function verdict(
  comparison: Extract<RunComparison, { kind: "compared" }>,
  names: { readonly before: string; readonly after: string },
): string {
  const { differences, queries } = comparison;
  const counts = [...new Set([queries.imageToText, queries.textToImage])].map(formatCount);
  const shown = differences.filter(({ adjustedP }) => adjustedP < LEVEL);
  const [better, worse] = [
    shown.filter(({ difference }) => difference > 0),
    shown.filter(({ difference }) => difference < 0),
  ];
  const list = (some: readonly ScoreDifference[]) => some.map(scoreName).join(", ");
  const asked = `${counts.join(" and ")} queries`;
  const level = `${asked}, at the 5 % level, corrected for ${differences.length} comparisons`;
  if (differences.every(({ difference }) => difference === 0)) {
    return `Both runs score the same on all ${asked}.`;
  }
  if (shown.length === 0) {
    return `No difference can be shown (${level}).`;
  }
  const { before, after } = names;
  if (worse.length === 0)
    return `“${after}” is better than “${before}” in ${list(better)} (${level}).`;
  if (better.length === 0)
    return `“${after}” is worse than “${before}” in ${list(worse)} (${level}).`;
  return `“${after}” is better than “${before}” in ${list(better)}, and worse in ${list(worse)} (${level}).`;
}
