import { matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { fillBits, seedFrom } from "../../../src/core/math/rng";

/** Width of the shared space. */
export const WIDTH = 512;

/** `random`: any direction; `clustered`: a hundred items around each of many directions. */
export type Shape = "random" | "clustered";

const PER_CLUSTER = 100;
const SPREAD = 0.6; // of an item around its centre: cosines of about 0.7 within a cluster

/** Unit vectors [rows, 512], made in place: a million take 2 GB. */
export function makeGallery(rows: number, shape: Shape): Matrix {
  const gallery = matrix(rows, WIDTH);
  for (let r = 0; r < rows; r++) fillItem(row(gallery, r), shape, rows, r);
  return gallery;
}

/** A query made like an item, but none of them. [512] */
export function makeQuery(rows: number, shape: Shape, i: number): Float32Array {
  const query = new Float32Array(WIDTH);
  fillItem(query, shape, rows, rows + 37 * i);
  return query;
}

const bits = new Uint32Array(WIDTH);

function fillItem(into: Float32Array, shape: Shape, rows: number, item: number): void {
  into.fill(0);
  if (shape === "clustered") {
    addNoise(into, seedFrom("centre", item % Math.ceil(rows / PER_CLUSTER)), 1);
  }
  addNoise(into, seedFrom("item", item), shape === "clustered" ? SPREAD : 1);
  let squares = 0;
  for (let d = 0; d < WIDTH; d++) squares += into[d]! ** 2;
  const inverse = 1 / Math.sqrt(squares);
  for (let d = 0; d < WIDTH; d++) into[d] = into[d]! * inverse;
}

/** Uniform: in 512 dimensions the direction is as good as that of normal noise. */
function addNoise(into: Float32Array, seed: number, size: number): void {
  fillBits(bits, seed);
  for (let d = 0; d < WIDTH; d++) into[d] = into[d]! + size * (bits[d]! / 2 ** 32 - 0.5);
}
