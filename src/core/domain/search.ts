import type { Split } from "./dataset";
import type { AlignedModality } from "./modality";
import type { ProjectorPair } from "./projector";
import type { GalleryFilter, ScoreSettings } from "./query";

/** One part of a query, as numbers: a raw encoder output, or an item; a negative weight takes it away. */
export type VectorTerm = { readonly modality: AlignedModality; readonly weight: number } & (
  { readonly vector: Float32Array<ArrayBuffer> } | { readonly item: number }
);

/** The run whose space is asked. */
export interface SpaceRequest {
  readonly projectId: string;
  readonly runId: string;
}

export interface OpenRequest extends SpaceRequest {
  /** Of a training that goes on; else the newest that are stored. */
  readonly projectors?: ProjectorPair;
}

/** What is asked of a run's gallery: a weighted sum of vectors and items. */
export interface SearchRequest {
  readonly terms: readonly VectorTerm[];
  readonly target: AlignedModality;
  readonly limit: number;
  readonly filter: GalleryFilter;
  readonly scores: ScoreSettings;
}

/** Why an item is asked about: it was expected to be first. */
export interface MissRequest extends Omit<SearchRequest, "limit"> {
  readonly expected: number;
}

/** Which projectors the gallery in memory was made with. */
export interface SpaceStatus {
  readonly runId: string;
  readonly step: number;
  readonly dimension: number;
  readonly gallery: Readonly<Record<AlignedModality, number>>;
}

/** An item that was found. */
export interface Hit {
  /** Index of the item in the project's items of the target modality. */
  readonly item: number;
  /** 1 = best. */
  readonly rank: number;
  /** What ranks: the cosine, or with CSLS 2 · cosine − r(item), from about −2 to 2. */
  readonly score: number;
  /** Cosine with the query, in the space as set: of centred vectors if centred (CSA: weighted). */
  readonly cosine: number;
  readonly split: Split;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** Items ranked: those the filter leaves. */
  readonly gallery: number;
  readonly step: number;
  /** Time in the worker after the query was encoded. */
  readonly elapsedMs: number;
}

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
  /** [queries, rows], the controls last in either; dot products, as an uncorrected search ranks. */
  readonly scores: Float32Array<ArrayBuffer>;
  readonly queries: number;
  readonly rows: number;
  readonly step: number;
}
