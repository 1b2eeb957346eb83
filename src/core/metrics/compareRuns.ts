import type { QueryRanks } from "../domain/evaluation";
import type { Run } from "../domain/run";
import { pairedBootstrap, type PairedDifference, type RankScore } from "./pairedBootstrap";

/** What two runs' answers to the same test queries say about each other. */
export type RunComparison =
  | {
      readonly kind: "compared";
      /** Test queries of both directions. */
      readonly queries: Readonly<Record<keyof QueryRanks, number>>;
      readonly differences: readonly ScoreDifference[];
    }
  /** The runs were tested on different queries or galleries. */
  | { readonly kind: "other-queries" }
  /** One of them has no test ranks: it has not ended, or an earlier version evaluated it. */
  | { readonly kind: "no-ranks"; readonly runs: readonly string[] };

/** One number of both runs, compared query by query. */
export interface ScoreDifference extends PairedDifference {
  readonly direction: keyof QueryRanks;
  /** k of a recall as text, or `mrr`. */
  readonly score: string;
  /** p times what Holm's correction for all compared numbers asks for, at most 1. */
  readonly adjustedP: number;
}

const SEED = 0; // the same two runs give the same intervals every time

/**
 * Every recall that both runs report, and the MRR, both ways: after minus before, by the paired
 * bootstrap over queries. Costs 2,000 draws per query and number.
 *
 * @param breathe awaited before each number, so that others are served during a long comparison.
 */
export async function compareRuns(
  before: Run,
  after: Run,
  breathe: () => Promise<void> = () => Promise.resolve(),
): Promise<RunComparison> {
  if (!before.report || !after.report) {
    const missing = [before, after].filter(({ report }) => !report);
    return { kind: "no-ranks", runs: missing.map(({ name }) => name) };
  }
  const [a, b] = [after.report, before.report];
  if (a.queries !== b.queries) return { kind: "other-queries" };
  const ks = after.recipe.evaluate.retrieval.filter((k) =>
    before.recipe.evaluate.retrieval.includes(k),
  );
  const scores: [string, RankScore][] = [
    ...ks.map((k): [string, RankScore] => [String(k), { recallAt: k }]),
    ["mrr", "reciprocal"],
  ];
  const compared: Omit<ScoreDifference, "adjustedP">[] = [];
  for (const direction of ["imageToText", "textToImage"] as const) {
    for (const [score, of] of scores) {
      await breathe();
      const options = { seed: SEED, clusters: a.clusters[direction] };
      const difference = pairedBootstrap(a.ranks[direction], b.ranks[direction], of, options);
      compared.push({ direction, score, ...difference });
    }
  }
  const adjusted = holm(compared.map(({ p }) => p));
  return {
    kind: "compared",
    queries: {
      imageToText: a.ranks.imageToText.length,
      textToImage: a.ranks.textToImage.length,
    },
    differences: compared.map((each, i) => ({ ...each, adjustedP: adjusted[i] ?? 1 })),
  };
}

/**
 * p values corrected for how many there are: the smallest times n, the next times n − 1, and so
 * on, never below one that was smaller before.
 *
 * Source: Holm, Scandinavian Journal of Statistics 1979.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => (ps[i] ?? 1) - (ps[j] ?? 1));
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  order.forEach((i, rank) => {
    least = Math.max(least, Math.min(1, (ps[i] ?? 1) * (ps.length - rank)));
    adjusted[i] = least;
  });
  return adjusted;
}
