import { PLAIN_SCORES } from "../../core/domain/query";
import type {
  ScoreControls,
  ScoredRows,
  ScoreVectorsRequest,
  VectorScores,
} from "../../core/domain/search";
import { AppError } from "../../core/errors";
import { dot, matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { permutation, rng } from "../../core/math/rng";
import { queryVector, rowOfItem } from "./queryVector";
import type { Space } from "./space";

/**
 * Dot products in the shared space of any queries with any rows: what explanations are made of.
 *
 * @throws AppError `embeddings/missing` for an item without an embedding, `query/empty`,
 *   `data/non-finite`.
 */
export async function scoreVectors(
  space: Space,
  { queries, rows, controls }: ScoreVectorsRequest,
): Promise<VectorScores> {
  const extra = controls ? controlItems(space, controls, { queries, rows }) : [];
  const asked = [...queries];
  let scored = await rowsOf(space, rows);
  if (controls?.as === "queries") {
    for (const item of extra) asked.push([{ modality: controls.modality, weight: 1, item }]);
  } else if (controls) {
    const more = await rowsOf(space, { modality: controls.modality, items: extra });
    scored = stacked(scored, more);
  }
  const scores = new Float32Array(asked.length * scored.rows);
  for (const [q, terms] of asked.entries()) {
    const query = await queryVector(space, terms, PLAIN_SCORES);
    for (let r = 0; r < scored.rows; r++) scores[q * scored.rows + r] = dot(query, row(scored, r));
  }
  if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "explanation scores");
  return { scores, queries: asked.length, rows: scored.rows, step: space.step };
}

function rowsOf(space: Space, rows: ScoredRows): Matrix | Promise<Matrix> {
  const { modality } = rows;
  if ("items" in rows) {
    const places = rows.items.map((item) => rowOfItem(space, modality, item));
    return takeRows(space.vectors(modality), places);
  }
  const { vectors, count } = rows;
  return space.project(modality, matrix(count, vectors.length / Math.max(count, 1), vectors));
}

/** Random items that take no part in the question itself. */
function controlItems(
  space: Space,
  { modality, count, seed }: ScoreControls,
  { queries, rows }: Pick<ScoreVectorsRequest, "queries" | "rows">,
): number[] {
  const taken = new Set<number>();
  for (const term of queries.flat()) {
    if ("item" in term && term.modality === modality) taken.add(term.item);
  }
  if ("items" in rows && rows.modality === modality) for (const item of rows.items) taken.add(item);
  const { items } = space.gallery.galleries[modality];
  return Array.from(permutation(items.length, rng(seed)), (place) => items[place]!)
    .filter((item) => !taken.has(item))
    .slice(0, count);
}

function stacked(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows + b.rows, a.cols);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}
