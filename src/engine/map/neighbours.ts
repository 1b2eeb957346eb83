import { AppError } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import { breathe } from "../align/breathe";
import { growForest, leavesOf, type Forest } from "./forest";

const TREES = 8; // with two rounds of refinement 97 % of true neighbours at 20,000 points
const LEAF = 48; // candidates a tree offers; a few times k, so that most neighbours share a leaf
const EXACT = 1_024; // up to here every pair is looked at: one leaf holds all
const ROUNDS = 2; // of looking at neighbours of neighbours
const BLOCK = 512; // points between two looks at the message queue: about 10 ms

/** The k nearest of each of n points, nearest first. */
export interface NearestPoints {
  readonly k: number;
  /** [n, k] rows of the points searched; -1 where fewer than k were found. */
  readonly indices: Int32Array<ArrayBuffer>;
  /** [n, k] Euclidean distances; Infinity beside -1. */
  readonly distances: Float32Array<ArrayBuffer>;
}

export interface NearestOptions {
  readonly k: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how many more points have their neighbours. */
  readonly onPoints?: (points: number) => void;
}

/** Points one can look for neighbours in. */
export interface NearestIndex {
  readonly points: Matrix;
  readonly forest: Forest;
}

/** Plants random projection trees over points [n, D]; exact up to 1,024 points. */
export function indexPoints(points: Matrix, seed: number): NearestIndex {
  const isExact = points.rows <= EXACT;
  const options = { trees: isExact ? 1 : TREES, leaf: isExact ? EXACT : LEAF, seed };
  return { points, forest: growForest(points, options) };
}

/**
 * The k nearest others of every point by Euclidean distance: candidates from shared leaves of a
 * forest, then neighbours of neighbours. Exact up to 1,024 points, else nearly (docs/map.md).
 *
 * @throws AppError `data/non-finite`, `cancelled`.
 *
 * Source: Dasgupta and Freund, STOC 2008 (random projection trees); Dong, Moses and Li, WWW 2011
 * (neighbours of neighbours).
 */
export async function nearestPoints(
  index: NearestIndex,
  { k, signal, onPoints }: Omit<NearestOptions, "seed">,
): Promise<NearestPoints> {
  const { points, forest } = index;
  const found = roomFor(points.rows, k);
  const offer = offering(found, points, points);
  let looked = 0;
  for (const tree of forest.trees) {
    for (let l = 0; l + 1 < tree.starts.length; l++) {
      const start = tree.starts[l]!;
      const end = tree.starts[l + 1]!;
      for (let a = start; a < end; a++) {
        for (let b = a + 1; b < end; b++) offer.both(tree.order[a]!, tree.order[b]!);
      }
      looked += end - start;
      if (looked >= BLOCK) {
        looked = 0;
        await breathe(signal);
      }
    }
  }
  const rounds = forest.trees.length > 1 ? ROUNDS : 0;
  for (let i = 0; i < points.rows * rounds; i++) {
    if (i % BLOCK === 0) await breathe(signal);
    offerNeighboursOfNeighbours(i % points.rows, found, offer.both);
    if ((i + 1) % rounds === 0) onPoints?.(1);
  }
  if (rounds === 0) onPoints?.(points.rows);
  return withRoots(found);
}

/** The k nearest points of the index for each query [q, D], as near as the forest finds them. */
export async function nearestOfQueries(
  { points, forest }: NearestIndex,
  queries: Matrix,
  { k, signal, onPoints }: Omit<NearestOptions, "seed">,
): Promise<NearestPoints> {
  const found = roomFor(queries.rows, k);
  const offer = offering(found, queries, points);
  for (let i = 0; i < queries.rows; i++) {
    if (i % BLOCK === 0) await breathe(signal);
    for (const [order, start, end] of leavesOf(forest, queries, i)) {
      for (let a = start; a < end; a++) offer.one(i, order[a]!);
    }
    onPoints?.(1);
  }
  return withRoots(found);
}

function roomFor(rows: number, k: number): NearestPoints {
  return {
    k,
    indices: new Int32Array(rows * k).fill(-1),
    distances: new Float32Array(rows * k).fill(Infinity),
  };
}

/** Commands that keep a candidate if it is nearer than the farthest kept. */
function offering(found: NearestPoints, from: Matrix, to: Matrix) {
  const { k, indices, distances } = found;
  const keep = (i: number, j: number, distance: number) => {
    const start = i * k;
    const end = start + k;
    if (distance >= distances[end - 1]!) return;
    let place = end - 1;
    for (let p = start; p < end; p++) if (indices[p] === j) return;
    for (; place > start && distance < distances[place - 1]!; place--) {
      distances[place] = distances[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    distances[place] = distance;
    indices[place] = j;
  };
  return {
    one(i: number, j: number) {
      keep(i, j, squaredDistance(from, i, to, j));
    },
    both(i: number, j: number) {
      if (i === j) return;
      const distance = squaredDistance(from, i, to, j);
      keep(i, j, distance);
      keep(j, i, distance);
    },
  };
}

function offerNeighboursOfNeighbours(
  i: number,
  { k, indices }: NearestPoints,
  offer: (i: number, j: number) => void,
): void {
  for (let p = 0; p < k; p++) {
    const near = indices[i * k + p]!;
    if (near < 0) return;
    for (let q = 0; q < k; q++) {
      const farther = indices[near * k + q]!;
      if (farther < 0) break;
      offer(i, farther);
    }
  }
}

function squaredDistance(a: Matrix, i: number, b: Matrix, j: number): number {
  const x = a.data;
  const y = b.data;
  const width = a.cols;
  let p = i * width;
  let q = j * width;
  let sum = 0;
  for (const end = p + width; p < end; p++, q++) {
    const difference = x[p]! - y[q]!;
    sum += difference * difference;
  }
  // Every comparison with NaN is false, so a NaN would silently be nobody's neighbour.
  if (!(sum < Infinity)) throw new AppError("data/non-finite", `points ${i} and ${j}`);
  return sum;
}

function withRoots(found: NearestPoints): NearestPoints {
  const { distances } = found;
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]!);
  return found;
}
