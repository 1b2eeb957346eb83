import { AppError } from "../errors";
import { rng } from "../math/rng";
import { quantile, tallyClusters } from "./bootstrap";

const RESAMPLES = 2_000; // a p of 0.05 is then ± 0.01
const TAIL = 0.025;

/** How much better one run answered the same queries than another. */
export interface PairedDifference {
  /** Mean of `a` minus mean of `b`. */
  readonly difference: number;
  /** 95 % percentile interval. */
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided: how often resampling alone moves the difference as far from the one observed as 0 is.
   * Never 0, at least 1 / 2,001; 1 when the runs do not differ.
   */
  readonly p: number;
}

/** What is compared: recall@k, or the mean reciprocal rank. */
export type RankScore = { readonly recallAt: number } | "reciprocal";

/**
 * Compares two runs query by query: the paired bootstrap of the difference of recall@k or of MRR.
 *
 * Queries are resampled with replacement, both runs' answers to a query together, so what is hard
 * for both cancels out: a difference shows that overlapping intervals of the two would hide. With
 * `clusters`, whole clusters are drawn instead: captions of one picture succeed and fail together.
 * The order of the queries changes nothing. p as in Efron and Tibshirani 1993, chapter 16: the share
 * of resampled differences, shifted to mean 0, at least as large in size as the observed one.
 *
 * @param a ranks [Q], 0 = best, of one run; `b` [Q] of the other, query by query.
 * @param clusters [Q] equal numbers for queries that are not independent; each its own if left out.
 * @throws AppError `data/shape` when the lengths differ: the runs did not answer the same queries.
 * @throws AppError `data/too-few` without queries.
 *
 * Source: Efron and Tibshirani 1993, chapters 13 and 16; Koehn, EMNLP 2004 (paired resampling).
 */
export function pairedBootstrap(
  a: Uint32Array,
  b: Uint32Array,
  score: RankScore,
  { seed, clusters }: { readonly seed: number; readonly clusters?: ArrayLike<number> | undefined },
): PairedDifference {
  const n = a.length;
  if (b.length !== n || (clusters && clusters.length !== n)) {
    throw new AppError("data/shape", `ranks of ${n} queries beside ${b.length}`);
  }
  if (n === 0) throw new AppError("data/too-few", "no queries to compare");
  const scoreOf = scorer(score);
  const differences = Float64Array.from(a, (rank, i) => scoreOf(rank) - scoreOf(b[i]!));
  const {
    sums: [sums = differences],
    sizes,
  } = tallyClusters([differences], clusters);
  const observed = mean(sums, sizes);
  const resampled = resampledMeans(sums, sizes, seed);
  const far = Math.abs(observed) - 1e-12; // sums in another order may differ in the last bit
  const extreme = resampled.reduce((k, d) => k + Number(Math.abs(d - observed) >= far), 0);
  const ascending = resampled.sort();
  return {
    difference: observed,
    low: quantile(ascending, TAIL),
    high: quantile(ascending, 1 - TAIL),
    p: (extreme + 1) / (RESAMPLES + 1),
  };
}

/** What one rank (0 = best) counts. */
function scorer(score: RankScore): (rank: number) => number {
  if (score === "reciprocal") return (rank) => 1 / (rank + 1);
  return (rank) => Number(rank < score.recallAt);
}

function mean(sums: Float64Array, sizes: Float64Array): number {
  return total(sums) / total(sizes);
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

function resampledMeans(sums: Float64Array, sizes: Float64Array, seed: number): Float64Array {
  const n = sums.length;
  const random = rng(seed);
  return Float64Array.from({ length: RESAMPLES }, () => {
    let [sum, size] = [0, 0];
    for (let i = 0; i < n; i++) {
      const drawn = Math.floor(random() * n);
      sum += sums[drawn]!;
      size += sizes[drawn]!;
    }
    return sum / size;
  });
}
