import { methodById } from "../../../core/catalogue/methods";
import type { EncoderSpec } from "../../../core/domain/encoder";
import type { Estimate } from "../../../core/domain/evaluation";
import type { Run, RunStatus } from "../../../core/domain/run";
import { spreadOf, type Spread } from "../../../core/math/spread";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { type Direction } from "../../components/directions";

const STATUS_NAMES: Readonly<Record<RunStatus, string>> = {
  queued: "not started",
  running: "interrupted",
  paused: "paused",
  done: "done",
  stopped: "stopped early",
  failed: "failed",
};

/** A run in the words of the table. */
export interface RunFacts {
  readonly run: Run;
  readonly method: string;
  readonly data: string;
  readonly encoders: string;
  readonly seeds: string;
  readonly status: string;
  readonly sweep: string;
  readonly isActive: boolean;
}

/** A run as the table tells it. */
export function factsOf(
  run: Run,
  { encoders, isActive }: { encoders: readonly EncoderSpec[]; isActive: boolean },
): RunFacts {
  const { image, text } = run.recipe.encoders;
  const nameOf = (id: string) => encoders.find((encoder) => encoder.id === id)?.name ?? id;
  return {
    run,
    method: methodWords(run),
    data: dataWords(run),
    encoders: `${nameOf(image.id)} + ${nameOf(text.id)}`,
    seeds: seedWords(run),
    status: isActive ? "training" : STATUS_NAMES[run.status],
    sweep: run.sweep?.name ?? "",
    isActive,
  };
}

/** `freeze-align head`, `Automatic: CSA (regularised CCA)` once it has chosen. */
export function methodWords({ recipe, method }: Run): string {
  const nameOf = (id: Run["recipe"]["align"]["method"]) => methodById(id)?.name ?? id;
  const asked = nameOf(recipe.align.method);
  return recipe.align.method === "auto" && method ? `${asked}: ${nameOf(method)}` : asked;
}

/** Training pairs: `1,284`, `300 of 1,284`; what is asked for where nothing is known yet. */
function dataWords({ coverage, splits, recipe }: Run): string {
  if (coverage && coverage.pairs !== coverage.of) {
    return `${formatCount(coverage.pairs)} of ${formatNumberOf(coverage.of, "pair")}`;
  }
  if (splits.train > 0) return formatNumberOf(splits.train, "pair");
  const { trainOn } = recipe.align;
  if (trainOn === "all") return "all pairs";
  return typeof trainOn === "number" ? formatNumberOf(trainOn, "pair") : "balanced concepts";
}

/** `0`, or `0 to 2` with how many of them have ended. */
function seedWords({ recipe: { align }, seedResults }: Run): string {
  if (align.seeds === 1) return String(align.seed);
  const range = `${align.seed} to ${align.seed + align.seeds - 1}`;
  return seedResults.length < align.seeds ? `${range} (${seedResults.length} done)` : range;
}

/** One number of a run's test results with what is known of its certainty. */
export type Metric =
  | { readonly kind: "interval"; readonly value: number; readonly estimate: Estimate }
  | { readonly kind: "seeds"; readonly value: number; readonly spread: Spread }
  | { readonly kind: "plain"; readonly value: number };

/** Recall@k of a run: mean over its seeds where it has several, else with its interval. */
export function recallOf(run: Run, direction: Direction, k: string): Metric | null {
  const overSeeds = seedValues(run, (test) => test[direction].recall[k]?.value);
  if (overSeeds) return overSeeds;
  const estimate = run.test?.[direction].recall[k];
  return estimate ? { kind: "interval", value: estimate.value, estimate } : null;
}

/** Mean reciprocal rank of a run: mean over its seeds where it has several. */
export function reciprocalRankOf(run: Run, direction: Direction): Metric | null {
  const overSeeds = seedValues(run, (test) => test[direction].meanReciprocalRank);
  if (overSeeds) return overSeeds;
  return run.test ? { kind: "plain", value: run.test[direction].meanReciprocalRank } : null;
}

function seedValues(
  { seedResults }: Run,
  valueOf: (test: NonNullable<Run["test"]>) => number | undefined,
): Metric | null {
  const values = seedResults.flatMap(({ test }) => (test ? (valueOf(test) ?? []) : []));
  if (values.length < 2) return null;
  const spread = spreadOf(values);
  return { kind: "seeds", value: spread.mean, spread };
}

/** Every k any of the runs was tested at, ascending. */
export function testedKs(runs: readonly Run[]): string[] {
  const ks = new Set(runs.flatMap(({ test }) => Object.keys(test?.imageToText.recall ?? {})));
  const known = ks.size > 0 ? [...ks] : ["1", "5", "10"];
  return known.sort((a, b) => Number(a) - Number(b));
}
