import type { Estimate, RetrievalPair, ZeroShotResult } from "../../../core/domain/evaluation";
import type { Run } from "../../../core/domain/run";
import type { StoredSweep } from "../../../core/domain/storedSweep";
import {
  formatCount,
  formatDate,
  formatNumberOf,
  formatPercent,
} from "../../components/formatting";
import type { LearningCurveData } from "./curveData";
import type { OverlayChoice } from "./overlay";
import { meanRecall, type RecallCurve } from "./runCurve";
import { methodWords } from "./runFacts";

/** Which run a saved chart is of: `Run “first”, linear projector, 21 Nov 2026, 13:07.` */
export function runLine(run: Run): string {
  return `Run “${run.name}”, ${methodWords(run)}, ${formatDate(run.updatedAt)}.`;
}

/** What the saved curve of held-out recall says below itself. */
export function recallAbout(run: Run, { history, baselines, k }: RecallCurve): string[] {
  const measured = history.findLast(({ validation }) => validation)?.validation;
  const chance = baselines.find(({ id }) => id === "chance");
  const level = chance && meanRecall(chance.validation, k);
  return [
    runLine(run),
    ...(measured ? [`Held-out validation: ${queriesOf(measured)}.`] : []),
    `Band: 95 % bootstrap interval over queries. Dashed levels: closed forms and chance${
      level === undefined ? "" : ` (${formatPercent(level)})`
    }, mean of both directions.`,
  ];
}

/** What a saved learning curve says below itself. */
export function curveAbout(sweep: StoredSweep, curve: LearningCurveData): string[] {
  const { ended, asked, test, chance } = curve;
  const newest = Math.max(0, ...sweep.runs.map(({ updatedAt }) => updatedAt));
  return [
    `“${sweep.name}”, ${formatCount(ended)} of ${formatNumberOf(asked, "run")}, ${formatDate(newest)}.`,
    ...(test ? [`Held-out test: ${queriesOf(test)}.`] : []),
    `Line: mean over seeds. Band: lowest to highest of the seeds.${
      chance === null ? "" : ` Chance ${formatPercent(chance)}.`
    }`,
  ];
}

/** What saved curves of several runs say below themselves. */
export function overlayAbout(runs: readonly Run[], { value, smoothing }: OverlayChoice): string[] {
  const newest = Math.max(0, ...runs.map(({ updatedAt }) => updatedAt));
  const measured = runs[0]?.history.findLast(({ validation }) => validation)?.validation;
  const isRecall = value !== "loss";
  return [
    `Runs ${runs.map(({ name }) => `“${name}”`).join(", ")}; newest ${formatDate(newest)}.`,
    ...(isRecall && measured ? [`Held-out validation: ${queriesOf(measured)}.`] : []),
    ...(smoothing > 0 ? [`Smoothed by ${smoothing}; the faint lines are as measured.`] : []),
  ];
}

/** What a saved confusion matrix of a run's test says below itself. */
export function confusionAbout(run: Run, { label, queries, classes, top1 }: ZeroShotResult) {
  const images = formatNumberOf(queries, "test image");
  return [
    `Zero-shot “${label}”: ${images}, top 1 ${interval(top1)}, chance ${formatPercent(1 / classes)}.`,
    runLine(run),
  ];
}

/** `41.0 % (95 % interval 35.0 to 47.0)`. */
function interval({ value, low, high }: Estimate): string {
  const bound = (share: number) => (share * 100).toFixed(1);
  return `${formatPercent(value)} (95 % interval ${bound(low)} to ${bound(high)})`;
}

/** Queries and gallery of each direction. */
function queriesOf({ imageToText, textToImage }: RetrievalPair): string {
  const words = ({ queries, gallery }: RetrievalPair["imageToText"]) =>
    `${formatNumberOf(queries, "query", "queries")} in a gallery of ${formatCount(gallery)}`;
  return `image → text ${words(imageToText)}, text → image ${words(textToImage)}`;
}
