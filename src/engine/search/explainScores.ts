import type { AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { dot, matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { permutation, rng } from "../../core/math/rng";
import { combineTerms } from "./combineTerms";
import type { VectorTerm } from "./rankGallery";
import type { Space } from "./space";

/** What queries are scored with: raw encoder outputs, or items of the gallery. */
export type ScoredRows = { readonly modality: AlignedModality } & (
  | { readonly vectors: Float32Array<ArrayBuffer>; readonly count: number }
  | { readonly items: readonly number[] }
);

/** Random items of the gallery that join the queries or the rows, to compare with. */
export interface ScoreControls {
  readonly as: "queries" | "rows";
  readonly modality: AlignedModality;
  readonly count: number;
  readonly seed: number;
}

export interface ScoreVectorsRequest {
  readonly queries: readonly (readonly VectorTerm[])[];
  readonly rows: ScoredRows;
  readonly controls: ScoreControls | null;
}

export interface VectorScores {
  /** [queries, rows], the controls last in either. */
  readonly scores: Float32Array<ArrayBuffer>;
  readonly queries: number;
  readonly rows: number;
  readonly step: number;
}

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
    const query = await queryVector(space, terms);
    for (let r = 0; r < scored.rows; r++) scores[q * scored.rows + r] = dot(query, row(scored, r));
  }
  if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "explanation scores");
  return { scores, queries: asked.length, rows: scored.rows, step: space.step };
}

/** The query's vector in the shared space. [P] */
export async function queryVector(space: Space, terms: readonly VectorTerm[]) {
  const vectors = await Promise.all(
    terms.map(async (term) => {
      const { modality, weight } = term;
      if ("item" in term) {
        return {
          vector: row(space.vectors(modality), rowOfItem(space, modality, term.item)),
          weight,
        };
      }
      const raw = matrix(1, term.vector.length, term.vector);
      return { vector: row(await space.project(modality, raw), 0), weight };
    }),
  );
  return combineTerms(vectors);
}

/** Row of an item in the gallery of its modality. @throws AppError `embeddings/missing`. */
export function rowOfItem(space: Space, modality: AlignedModality, item: number): number {
  const place = space.gallery.galleries[modality].items.indexOf(item);
  if (place < 0) throw new AppError("embeddings/missing", `${modality} ${item}`);
  return place;
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
