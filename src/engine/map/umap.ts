import { rng, seedFrom, type Rng } from "../../core/math/rng";
import { breathe } from "../align/breathe";
import type { NearestPoints } from "./neighbours";

/** Neighbours looked at besides the point itself; umap-learn's default of 15 counts it too. */
export const NEIGHBOURS = 14;

// Of the curve 1 / (1 + a d^2b) fitted to min_dist 0.1 and spread 1, as umap-learn's
// find_ab_params gives it.
const A = 1.5769434603;
const B = 0.8950608779;

const NEGATIVE_SAMPLES = 5; // per edge drawn, umap-learn's default
const LARGEST_MOVE = 4; // a coordinate may not move farther by one edge; umap-learn's clip
const EXTENT = 10; // the start is scaled to ±10, as umap-learn does
const BISECTIONS = 64;

/** Edges of the neighbour graph, both directions of each, with how often each is drawn. */
export interface NeighbourGraph {
  readonly points: number;
  readonly heads: Int32Array<ArrayBuffer>;
  readonly tails: Int32Array<ArrayBuffer>;
  /** In (0, 1], the largest 1. */
  readonly weights: Float64Array<ArrayBuffer>;
}

/**
 * The fuzzy neighbour graph: w_ij = exp(−(d_ij − ρ_i)/σ_i) with ρ_i the distance of the nearest and
 * σ_i such that Σ_j w_ij = log2(k + 1), joined as w_ij + w_ji − w_ij·w_ji.
 *
 * Source: McInnes, Healy and Melville 2018 (UMAP), section 3.1.
 */
export function neighbourGraph(near: NearestPoints): NeighbourGraph {
  const { k, indices } = near;
  const points = indices.length / k;
  const one = memberships(near);
  const heads: number[] = [];
  const tails: number[] = [];
  const joined: number[] = [];
  let largest = 0;
  for (let i = 0; i < points; i++) {
    for (let p = i * k; p < (i + 1) * k; p++) {
      const j = indices[p]!;
      if (j < 0) break;
      const there = one[p]!;
      const back = membershipOf(one, near, j, i);
      if (back > 0 && j < i) continue; // the other direction has it
      const weight = there + back - there * back;
      if (!(weight > 0)) continue;
      heads.push(i, j);
      tails.push(j, i);
      joined.push(weight, weight);
      largest = Math.max(largest, weight);
    }
  }
  return {
    points,
    heads: Int32Array.from(heads),
    tails: Int32Array.from(tails),
    weights: Float64Array.from(joined, (weight) => weight / largest),
  };
}

/** How strongly each point counts each of its neighbours as one, in (0, 1], as the indices lie. */
function memberships({ k, indices, distances }: NearestPoints): Float64Array {
  const out = new Float64Array(indices.length);
  const mean = finiteMean(distances);
  for (let start = 0; start < indices.length; start += k) {
    const end = start + k;
    const nearest = distances[start]!;
    const sigma = bandwidth(distances, start, end, mean);
    for (let p = start; p < end && indices[p]! >= 0; p++) {
      out[p] = Math.exp(-Math.max(0, distances[p]! - nearest) / sigma);
    }
  }
  return out;
}

/** σ by bisection, at least a thousandth of the mean distance, so that equal ones do not divide by 0. */
function bandwidth(distances: Float32Array, start: number, end: number, mean: number): number {
  const target = Math.log2(end - start + 1);
  let low = 0;
  let high = Infinity;
  let sigma = 1;
  for (let n = 0; n < BISECTIONS; n++) {
    let sum = 0;
    for (let p = start; p < end; p++) {
      sum += Math.exp(-Math.max(0, distances[p]! - distances[start]!) / sigma);
    }
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) high = sigma;
    else low = sigma;
    sigma = high === Infinity ? sigma * 2 : (low + high) / 2;
  }
  return Math.max(sigma, 1e-3 * mean, 1e-12);
}

function membershipOf(
  weights: Float64Array,
  { k, indices }: NearestPoints,
  of: number,
  neighbour: number,
): number {
  for (let p = of * k; p < (of + 1) * k; p++) if (indices[p] === neighbour) return weights[p]!;
  return 0;
}

function finiteMean(values: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === Infinity) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : 1;
}

interface LayoutOptions {
  readonly epochs: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** After every epoch, with the layout as it stands (the array goes on changing). */
  readonly onEpoch?: (done: number, layout: Float64Array) => void;
}

/** Epochs that suffice from a start that is ordered already; umap-learn draws 200 to 500. */
export function epochsFor(points: number): number {
  return points <= 10_000 ? 300 : 200;
}

/**
 * Moves points so that edges become short and other points keep apart, by sampled gradient steps on
 * the cross-entropy of both graphs. One epoch costs about 6 pairs of points per edge drawn.
 *
 * @param start [points, 2] finite; scaled to ±10 first.
 * @returns [points, 2] the same on every run with the same seed.
 * @throws AppError `cancelled`.
 *
 * Source: McInnes, Healy and Melville 2018 (UMAP), section 3.2 and algorithm 5.
 */
export async function optimizeLayout(
  graph: NeighbourGraph,
  start: Float32Array,
  { epochs, seed, signal, onEpoch }: LayoutOptions,
): Promise<Float64Array> {
  const layout = startFrom(start, rng(seedFrom(seed, "start")));
  const random = rng(seedFrom(seed, "negatives"));
  const due = Float64Array.from(graph.weights, (weight) => 1 / weight);
  for (let epoch = 0; epoch < epochs; epoch++) {
    await breathe(signal);
    stepLayout(layout, graph, { due, epoch, rate: 1 - epoch / epochs, random });
    onEpoch?.(epoch + 1, layout);
  }
  return layout;
}

/** Scaled to ±10, with a ten-thousandth of noise, so that equal starts can part. */
function startFrom(start: Float32Array, random: Rng): Float64Array {
  let largest = 0;
  for (const value of start) largest = Math.max(largest, Math.abs(value));
  const scale = largest > 0 ? EXTENT / largest : 0;
  return Float64Array.from(start, (value) => value * scale + (random() - 0.5) * 2e-3);
}

interface Step {
  /** Epoch at which each edge is drawn next. */
  readonly due: Float64Array;
  readonly epoch: number;
  readonly rate: number;
  readonly random: Rng;
}

/** One epoch; every edge whose turn it is pulls, and pushes five random points. */
function stepLayout(
  layout: Float64Array,
  { points, heads, tails, weights }: NeighbourGraph,
  { due, epoch, rate, random }: Step,
): void {
  for (let e = 0; e < heads.length; e++) {
    if (due[e]! > epoch + 1) continue;
    due[e] = due[e]! + 1 / weights[e]!;
    const i = heads[e]! * 2;
    attract(layout, i, tails[e]! * 2, rate);
    for (let n = 0; n < NEGATIVE_SAMPLES; n++) {
      const j = Math.floor(random() * points) * 2;
      if (j !== i) repel(layout, i, j, rate);
    }
  }
}

function attract(layout: Float64Array, i: number, j: number, rate: number): void {
  const dx = layout[i]! - layout[j]!;
  const dy = layout[i + 1]! - layout[j + 1]!;
  const squared = dx * dx + dy * dy;
  if (squared === 0) return;
  const power = Math.pow(squared, B);
  const pull = (-2 * A * B * (power / squared)) / (A * power + 1);
  const x = clipped(pull * dx) * rate;
  const y = clipped(pull * dy) * rate;
  layout[i] = layout[i]! + x;
  layout[i + 1] = layout[i + 1]! + y;
  layout[j] = layout[j]! - x;
  layout[j + 1] = layout[j + 1]! - y;
}

function repel(layout: Float64Array, i: number, j: number, rate: number): void {
  const dx = layout[i]! - layout[j]!;
  const dy = layout[i + 1]! - layout[j + 1]!;
  const squared = dx * dx + dy * dy;
  if (squared === 0) {
    layout[i] = layout[i]! + LARGEST_MOVE * rate;
    layout[i + 1] = layout[i + 1]! + LARGEST_MOVE * rate;
    return;
  }
  const push = (2 * B) / ((0.001 + squared) * (A * Math.pow(squared, B) + 1));
  layout[i] = layout[i]! + clipped(push * dx) * rate;
  layout[i + 1] = layout[i + 1]! + clipped(push * dy) * rate;
}

function clipped(move: number): number {
  return move > LARGEST_MOVE ? LARGEST_MOVE : move < -LARGEST_MOVE ? -LARGEST_MOVE : move;
}
