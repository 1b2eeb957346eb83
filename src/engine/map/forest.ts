import type { Matrix } from "../../core/math/matrix";
import { rng, seedFrom, type Rng } from "../../core/math/rng";

/** Random projection trees over the rows of a matrix. */
export interface Forest {
  readonly trees: readonly Tree[];
}

interface Tree {
  /** Rows, leaf after leaf; leaf l is `order[starts[l]]` to `order[starts[l + 1] - 1]`. */
  readonly order: Int32Array;
  readonly starts: readonly number[];
  readonly nodes: readonly Node[];
}

/** A cut between two sides, or a leaf. */
type Node =
  | { readonly normal: Float32Array; readonly offset: number; left: number; right: number }
  | { readonly leaf: number };

interface ForestOptions {
  readonly trees: number;
  /** Rows a leaf may hold. */
  readonly leaf: number;
  readonly seed: number;
}

/**
 * Trees that cut the rows again and again half-way between two random ones, until at most `leaf`
 * are together. Equal rows that no plane can part are parted by order.
 */
export function growForest(points: Matrix, { trees, leaf, seed }: ForestOptions): Forest {
  return {
    trees: Array.from({ length: trees }, (_, t) =>
      growTree(points, leaf, rng(seedFrom(seed, "tree", t))),
    ),
  };
}

/** The leaf a query would lie in, of every tree: the tree's order, and where in it. */
export function* leavesOf(
  { trees }: Forest,
  queries: Matrix,
  query: number,
): Generator<readonly [Int32Array, number, number]> {
  for (const { nodes, order, starts } of trees) {
    let node = nodes[0];
    while (node && !("leaf" in node)) {
      node = nodes[sideOf(queries, query, node) < 0 ? node.left : node.right];
    }
    if (node) yield [order, starts[node.leaf]!, starts[node.leaf + 1]!];
  }
}

function growTree(points: Matrix, leaf: number, random: Rng): Tree {
  const order = Int32Array.from({ length: points.rows }, (_, i) => i);
  const starts: number[] = [];
  const nodes: Node[] = [];
  const grow = (start: number, end: number): number => {
    const at = nodes.length;
    if (end - start <= leaf) {
      nodes.push({ leaf: starts.length });
      starts.push(start);
      return at;
    }
    const cut = cutBetween(points, order, start, end, random);
    const node = { ...cut, left: -1, right: -1 };
    nodes.push(node);
    const middle = partition(points, order, start, end, cut);
    node.left = grow(start, middle);
    node.right = grow(middle, end);
    return at;
  };
  grow(0, points.rows);
  return { order, nodes, starts: [...starts, points.rows] };
}

interface Cut {
  readonly normal: Float32Array;
  readonly offset: number;
}

function cutBetween(
  { data, cols }: Matrix,
  order: Int32Array,
  start: number,
  end: number,
  random: Rng,
): Cut {
  const count = end - start;
  const first = Math.floor(random() * count);
  const second = (first + 1 + Math.floor(random() * (count - 1))) % count;
  const a = order[start + first]! * cols;
  const b = order[start + second]! * cols;
  const normal = new Float32Array(cols);
  let offset = 0;
  for (let d = 0; d < cols; d++) {
    normal[d] = data[a + d]! - data[b + d]!;
    offset += (normal[d]! * (data[a + d]! + data[b + d]!)) / 2;
  }
  return { normal, offset };
}

/** Negative rows first; where all lie on one side, half of them. @returns where the others start. */
function partition(
  points: Matrix,
  order: Int32Array,
  start: number,
  end: number,
  cut: Cut,
): number {
  let low = start;
  let high = end - 1;
  while (low <= high) {
    if (sideOf(points, order[low]!, cut) < 0) {
      low++;
    } else {
      const held = order[low]!;
      order[low] = order[high]!;
      order[high] = held;
      high--;
    }
  }
  return low === start || low === end ? (start + end) >> 1 : low;
}

function sideOf({ data, cols }: Matrix, row: number, { normal, offset }: Cut): number {
  let sum = -offset;
  for (let d = 0; d < cols; d++) sum += normal[d]! * data[row * cols + d]!;
  return sum;
}
