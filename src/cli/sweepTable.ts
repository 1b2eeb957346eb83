import type { RetrievalPair } from "../core/domain/evaluation";
import type { SweepResults, SweepRunResults } from "../core/domain/recipeResults";
import { aligned, spreadPercent } from "./resultTable";

const SIDES = [
  { name: "i→t", of: (pair: RetrievalPair) => pair.imageToText },
  { name: "t→i", of: (pair: RetrievalPair) => pair.textToImage },
] as const;

/**
 * The results of a sweep as lines of text: a row per run, mean ± sample standard deviation where a
 * run has several seeds; the means over `align.seed` where the sweep varies that; what failed.
 */
export function sweepTable({ sweep }: SweepResults): string {
  const { name, axes, runs, failed } = sweep;
  const keys = axes.map(({ key }) => key);
  const total = runs.length + failed.length;
  const lines = [`${name}: ${runs.length} of ${total} runs`, ...testLine(runs)];
  if (runs.length > 0)
    lines.push(
      "",
      ...table(
        keys,
        runs.map((run) => [run]),
      ),
    );
  const others = keys.filter((key) => key !== SEED);
  if (others.length < keys.length && runs.length > 1) {
    const groups = grouped(runs, others);
    lines.push("", "mean ± standard deviation over seeds", ...table(others, groups, "seeds"));
  }
  if (failed.length > 0) lines.push("", "failed:");
  for (const { at, message } of failed) {
    lines.push(`  ${Object.values(at).map(String).join(", ")}: ${message}`);
  }
  return `${lines.join("\n")}\n`;
}

const SEED = "align.seed";

function testLine(runs: readonly SweepRunResults[]): string[] {
  const test = runs[0]?.test;
  if (!test) return [];
  const sides = SIDES.map(({ name, of }) => `${name} ${of(test).queries} queries, gallery of ${of(test).gallery}`); // prettier-ignore
  return [`held-out test recall: ${sides.join("; ")}`];
}

/** A row per group of runs: the values of `keys`, then recalls over everything in the group. */
function table(
  keys: readonly string[],
  groups: readonly (readonly SweepRunResults[])[],
  counted?: string,
): string[] {
  const ks = groups[0]?.[0]?.recipe.evaluate.retrieval.map(String) ?? [];
  const head = [
    keys.map((key) => key.slice(key.indexOf(".") + 1)).join(", "),
    ...(counted === undefined ? [] : [counted]),
    ...SIDES.flatMap(({ name }) => ks.map((k) => `${name} @${k}`)),
    ...SIDES.map(({ name }) => `${name} MRR`),
  ];
  const rows = groups.map((group) => {
    const tests = group.flatMap(testsOf);
    return [
      keys.map((key) => String(group[0]?.at[key] ?? null)).join(", "),
      ...(counted === undefined ? [] : [String(tests.length)]),
      ...SIDES.flatMap(({ of }) =>
        ks.map((k) => spreadPercent(tests.flatMap((test) => of(test).recall[k]?.value ?? []))),
      ),
      ...SIDES.map(({ of }) => meanOf(tests.map((test) => of(test).meanReciprocalRank))),
    ];
  });
  return aligned([head, ...rows]);
}

/** Every training of a run: its seeds, or the run itself. */
function testsOf({ seeds, test }: SweepRunResults): RetrievalPair[] {
  const each = seeds.flatMap((seed) => (seed.test ? [seed.test] : []));
  return each.length > 0 ? each : [test];
}

function meanOf(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Number.isFinite(mean) ? mean.toFixed(3) : "–";
}

/** Runs with equal values of `keys`, in order of appearance. */
function grouped(runs: readonly SweepRunResults[], keys: readonly string[]): SweepRunResults[][] {
  const groups = new Map<string, SweepRunResults[]>();
  for (const run of runs) {
    const name = JSON.stringify(keys.map((key) => run.at[key]));
    const group = groups.get(name);
    if (group) group.push(run);
    else groups.set(name, [run]);
  }
  return [...groups.values()];
}
