import { dot, row } from "../../src/core/math/matrix";
import type { Stream } from "../../src/core/metrics/lagAgreement";

const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;

/** The moments that have an item; a partner of t at an offset is t + lag. */
const timesOf = ({ present }: Stream) => Array.from(present.keys()).filter((t) => present[t] === 1);

const partnersAt = (from: Stream, to: Stream, lag: number) =>
  timesOf(from).filter((t) => to.present[t + lag] === 1);

/** Mean over aligned moments of cosines less their row and column means: the definition, in loops. */
export function cosineScore(from: Stream, to: Stream, lag: number): number {
  const [asked, all] = [timesOf(from), timesOf(to)];
  const cosine = (t: number, u: number) => dot(row(from.rows, t), row(to.rows, u));
  const whole = mean(asked.flatMap((t) => all.map((u) => cosine(t, u))));
  const values = partnersAt(from, to, lag).map(
    (t) =>
      cosine(t, t + lag) -
      mean(all.map((u) => cosine(t, u))) -
      mean(asked.map((v) => cosine(v, t + lag))) +
      whole,
  );
  const pairs = asked.length * all.length;
  return (mean(values) * pairs) / (pairs - Math.min(asked.length, all.length));
}

/** Sum over aligned pairs of moments of U-centred products, over what the streams have of their own. */
export function ckaScore(from: Stream, to: Stream, lag: number): number {
  const [a, b] = [uCentred(from), uCentred(to)];
  const times = partnersAt(from, to, lag);
  const between = pairSum(times, (i, j) => a(i, j) * b(i + lag, j + lag));
  const own = (stream: Stream, gram: typeof a) =>
    pairSum(timesOf(stream), (i, j) => gram(i, j) ** 2);
  return between / Math.sqrt(own(from, a) * own(to, b));
}

/** Σ over i ≠ j, divided by n (n − 3). */
function pairSum(times: readonly number[], of: (i: number, j: number) => number): number {
  const n = times.length;
  const sum = times.flatMap((i) => times.map((j) => (i === j ? 0 : of(i, j))));
  return (mean(sum) * n * n) / (n * (n - 3));
}

function uCentred(stream: Stream): (i: number, j: number) => number {
  const times = timesOf(stream);
  const n = times.length;
  const product = (i: number, j: number) =>
    i === j ? 0 : dot(row(stream.rows, i), row(stream.rows, j));
  const sums = new Map(
    times.map((i) => [i, times.reduce((sum, j) => sum + product(i, j), 0)] as const),
  );
  const total = [...sums.values()].reduce((sum, value) => sum + value, 0);
  const sumOf = (i: number) => sums.get(i) ?? NaN;
  return (i, j) => product(i, j) - (sumOf(i) + sumOf(j)) / (n - 2) + total / ((n - 1) * (n - 2));
}
