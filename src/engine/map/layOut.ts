import type { LayoutProgress, LayoutRequest, LayoutResult } from "../../core/domain/jointMap";
import { AppError } from "../../core/errors";
import { firstEqualRows } from "../../core/math/distinctRows";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import { indexPoints, nearestOfQueries, nearestPoints } from "./neighbours";
import { epochsFor, neighbourGraph, NEIGHBOURS, optimizeLayout } from "./umap";

/** Points that are laid out; more would take minutes, and show no more on a screen. */
const LARGEST_SAMPLE = 20_000;

const ANCHORS = 5; // laid-out points that say where another one stands
const FRAME_MS = 200; // between two pictures of a layout on its way
const FEWEST = 5; // below, neighbours say nothing: points stay where principal components put them

interface LayoutJob {
  readonly signal?: AbortSignal;
  readonly report: (progress: LayoutProgress) => void;
  readonly now?: () => number;
  /** Instead of `LARGEST_SAMPLE`, for tests. */
  readonly largestSample?: number;
}

/**
 * Places points so that near neighbours stay near. Equal points get one place; of more than 20,000
 * different ones a sample is laid out, and the others stand among their nearest of it. Fewer than
 * 5 stay where they started.
 *
 * @throws AppError `data/shape`, `data/non-finite`, `cancelled`.
 */
export async function layOut(request: LayoutRequest, job: LayoutJob): Promise<LayoutResult> {
  const { start, seed } = request;
  const { now = () => performance.now(), largestSample = LARGEST_SAMPLE, signal } = job;
  const began = now();
  const points = checkedPoints(request);
  const first = firstEqualRows(points);
  const distinct = Uint32Array.from(first.keys()).filter((i) => first[i] === i);
  if (distinct.length < FEWEST) {
    return { places: start.slice(), sampled: points.rows, elapsedMs: now() - began };
  }
  const { sample, rest } = drawSample(distinct, largestSample, seed);
  const sampled = takeRows(points, sample);
  const count = counting(job.report, distinct.length);
  const index = indexPoints(sampled, seed);
  const k = Math.min(NEIGHBOURS, sample.length - 1);
  const near = await nearestPoints(index, { k, signal, onPoints: count });
  const anchors = await nearestOfQueries(index, takeRows(points, rest), {
    ...{ k: Math.min(ANCHORS, sample.length), signal, onPoints: count },
  });
  const weights = anchorWeights(anchors.distances, anchors.k);
  const spread = (layout: Float64Array) => {
    const places = new Float32Array(points.rows * 2);
    sample.forEach((point, s) => places.set(layout.subarray(2 * s, 2 * s + 2), 2 * point));
    rest.forEach((point, r) => putAmong(places, point, { layout, anchors, weights, at: r }));
    first.forEach((same, i) => {
      if (same !== i) places.set(places.subarray(2 * same, 2 * same + 2), 2 * i);
    });
    return places;
  };
  const epochs = epochsFor(sample.length);
  let shownAt = -Infinity;
  const startOfSample = takeRows(matrix(points.rows, 2, start), sample).data;
  const layout = await optimizeLayout(neighbourGraph(near), startOfSample, {
    ...{ epochs, seed, signal },
    onEpoch(done, halfway) {
      const isDue = now() - shownAt >= FRAME_MS;
      if (!isDue && done < epochs) return;
      shownAt = now();
      const progress = { stage: "lay-out", done, total: epochs, unit: "steps" } as const;
      job.report({ ...progress, places: spread(halfway) });
    },
  });
  const laidOut = rest.length === 0 ? points.rows : sample.length;
  return { places: spread(layout), sampled: laidOut, elapsedMs: now() - began };
}

function checkedPoints({ data, width, start }: LayoutRequest): Matrix {
  const rows = start.length / 2;
  if (data.length !== rows * width) {
    throw new AppError("data/shape", `${data.length} values and ${rows} places of width ${width}`);
  }
  const points = matrix(rows, width, data);
  if (!start.every(Number.isFinite)) throw new AppError("data/non-finite", "start of a layout");
  if (!data.every(Number.isFinite)) throw new AppError("data/non-finite", "points of a map");
  return points;
}

/** `most` of the points at random, and the others; both ascending. */
function drawSample(points: Uint32Array, most: number, seed: number) {
  if (points.length <= most) return { sample: points, rest: new Uint32Array() };
  const order = permutation(points.length, rng(seedFrom(seed, "sample")));
  const take = (from: number, to?: number) =>
    Uint32Array.from(order.subarray(from, to), (i) => points[i]!).sort();
  return { sample: take(0, most), rest: take(most) };
}

function counting(report: LayoutJob["report"], total: number) {
  let done = 0;
  let sent = -1;
  return (more: number) => {
    done += more;
    const percent = Math.floor((100 * done) / total);
    if (percent === sent) return;
    sent = percent;
    report({ stage: "neighbours", done, total, unit: "items" });
  };
}

/** Of each row's anchors, summing to 1: the nearest counts most, those twice as far off little. */
function anchorWeights(distances: Float32Array, k: number): Float64Array {
  const weights = new Float64Array(distances.length);
  for (let start = 0; start < distances.length; start += k) {
    const nearest = distances[start]!;
    let sum = 0;
    for (let p = start; p < start + k; p++) {
      const excess = (distances[p]! - nearest) / Math.max(nearest, 1e-12);
      weights[p] = Number.isFinite(excess) ? Math.exp(-8 * excess) : p === start ? 1 : 0;
      sum += weights[p]!;
    }
    for (let p = start; p < start + k; p++) weights[p] = weights[p]! / sum;
  }
  return weights;
}

interface Among {
  readonly layout: Float64Array;
  readonly anchors: { readonly k: number; readonly indices: Int32Array };
  readonly weights: Float64Array;
  /** Row of the point among those that were not laid out. */
  readonly at: number;
}

function putAmong(places: Float32Array, point: number, { layout, anchors, weights, at }: Among) {
  let [x, y] = [0, 0];
  for (let p = at * anchors.k; p < (at + 1) * anchors.k; p++) {
    const anchor = anchors.indices[p]!;
    if (anchor < 0) break;
    x += weights[p]! * layout[2 * anchor]!;
    y += weights[p]! * layout[2 * anchor + 1]!;
  }
  places[2 * point] = x;
  places[2 * point + 1] = y;
}
