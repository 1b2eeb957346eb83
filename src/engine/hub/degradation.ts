import type { DegradationCurve, DegradeRequest } from "../../core/domain/hubQuery";
import { AppError } from "../../core/errors";
import { dot, row, takeRows, type Matrix } from "../../core/math/matrix";
import { normal } from "../../core/math/normal";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import { chanceOfGroups, heldOutGroups, scoreQueries, type HeldOutGroups } from "./heldOutGroups";
import type { HubSpace } from "./hubSpace";
import { queriesOf, sumOfParts, type MeasureContext, type PartOf } from "./missingTable";

const AMOUNTS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
const MOST_NOISE = 2; // times the length of the embeddings: little of what was there is left

/**
 * Recall of held-out queries while one of their parts is made worse:
 *
 * - `noise`: σ = 2 · amount · (mean ‖x‖ / √D) is added to every value of the raw embedding x, before
 *   the projector, as a worse recording would; at 0.5 the noise is as long as the embedding.
 * - `drop`: that share of the queries lacks the part; the rest of the query stays as it is.
 * - `swap`: that share has the part of another query, whose item differs.
 *
 * A greater amount worsens the queries of a smaller one and more. Amount 0 is exactly the
 * untouched query, and all dropped is exactly `without`.
 *
 * @throws AppError as `heldOutGroups`, `query/sources` when the worsened part is not asked with,
 *   `data/too-few` for a swap with no other item, `cancelled`.
 */
export async function degradationCurve(
  space: HubSpace,
  request: Omit<DegradeRequest, "hubId">,
  { signal, report }: MeasureContext,
): Promise<DegradationCurve> {
  const { sources, worsened, how, seed } = request;
  if (!sources.includes(worsened)) {
    throw new AppError("query/sources", "the part to be worsened is not asked with");
  }
  const groups = heldOutGroups(space, request);
  const others = sources.filter((id) => id !== worsened);
  const total = AMOUNTS.length + Number(others.length > 0);
  const progress = (done: number) => report({ stage: "evaluate", done, total, unit: "runs" });
  progress(0);
  const worse = worsening(space, groups, { worsened, how, seed, signal });
  const points: DegradationCurve["points"][number][] = [];
  for (const amount of AMOUNTS) {
    const part = await worse(amount);
    const parts = sources.map((id) => (id === worsened ? part : partOf(space, groups, id)));
    const queries = sumOfParts(groups.queries, space.hub.dimension, parts);
    points.push({ amount, result: await scoreQueries(groups, queries, signal) });
    progress(points.length);
  }
  const without =
    others.length > 0 ? await scoreQueries(groups, queriesOf(groups, space, others), signal) : null;
  progress(total);
  return { points, without, chance: chanceOfGroups(groups) };
}

interface Worsening extends Pick<DegradeRequest, "worsened" | "how" | "seed"> {
  readonly signal: AbortSignal;
}

/** The worsened part of every query, by amount. */
function worsening(
  space: HubSpace,
  groups: HeldOutGroups,
  { worsened, how, seed, signal }: Worsening,
): (amount: number) => Promise<PartOf> {
  const own = partOf(space, groups, worsened);
  const order = permutation(groups.queries, rng(seedFrom(seed, how)));
  const place = new Uint32Array(order.length);
  order.forEach((q, at) => (place[q] = at));
  const isHit = (q: number, amount: number) => (place[q] ?? 0) < Math.round(amount * order.length);
  if (how === "drop") return async (amount) => (q) => (isHit(q, amount) ? null : own(q));
  if (how === "swap") {
    const partner = swapPartners(groups.rows.get(worsened) ?? new Uint32Array(), order);
    return async (amount) => (q) => own(isHit(q, amount) ? (partner[q] ?? q) : q);
  }
  const raw = takeRows(space.member(worsened).raw, groups.rows.get(worsened) ?? []);
  return async (amount) => {
    if (amount === 0) return own;
    const noisy = addNoise(raw, MOST_NOISE * amount, rng(seedFrom(seed, how)));
    const vectors = await space.project(worsened, noisy, { signal });
    return (q) => row(vectors, q);
  };
}

/** For every query the next one of the order that has another item. [Q] */
function swapPartners(rows: Uint32Array, order: Uint32Array): Uint32Array {
  const partners = new Uint32Array(rows.length);
  order.forEach((q, at) => {
    let step = 1;
    const next = () => order[(at + step) % order.length] ?? q;
    while (step < order.length && rows[next()] === rows[q]) step++;
    if (step >= order.length) throw new AppError("data/too-few", "no other item to swap with");
    partners[q] = next();
  });
  return partners;
}

/** Rows plus Gaussian noise whose mean length is `times` that of the rows. The same draws for any. */
function addNoise(raw: Matrix, times: number, random: () => number): Matrix {
  let length = 0;
  for (let r = 0; r < raw.rows; r++) length += Math.sqrt(dot(row(raw, r), row(raw, r))) / raw.rows;
  const sigma = (times * length) / Math.sqrt(raw.cols);
  return { ...raw, data: raw.data.map((value) => value + sigma * normal(random)) };
}

function partOf(space: HubSpace, groups: HeldOutGroups, id: string): PartOf {
  const { vectors } = space.member(id);
  const rows = groups.rows.get(id);
  return (q) => row(vectors, rows?.[q] ?? 0);
}
