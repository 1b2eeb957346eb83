import type {
  Classification,
  ClassifyRequest,
  ClassifyVectorsRequest,
  CompareLabelRequest,
  LabelComparison,
} from "../core/domain/classification";
import type { MapPlaces, MapScores, MapVectors } from "../core/domain/jointMap";
import type { MissReport } from "../core/domain/missReport";
import type {
  MissRequest,
  OpenRequest,
  ScoreVectorsRequest,
  SearchRequest,
  SearchResult,
  SpaceRequest,
  SpaceStatus,
  VectorScores,
} from "../core/domain/search";
import type { ScoreEffects } from "../core/metrics/scoreEffects";
import type { RunComparison } from "../core/metrics/compareRuns";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/search.worker.ts. The gallery lives in the worker. */
export type SearchContract = {
  /**
   * Loads a run's projectors and projects the gallery; later calls refresh it if newer ones are
   * stored. With `projectors` it uses these, which a training has just made and nobody has stored.
   */
  open: { params: OpenRequest; progress: Progress; result: SpaceStatus };
  /**
   * Ranks the gallery for the weighted sum of vectors (raw encoder outputs) and gallery items. Reports
   * only what a first query with CSLS has to prepare: stage `neighbours`, once per run, step and side.
   */
  search: { params: SpaceRequest & SearchRequest; progress: Progress; result: SearchResult };
  /** What centring and CSLS do to recall on the held-out test. @throws `data/too-few` without one. */
  effects: { params: SpaceRequest; progress: Progress; result: ScoreEffects };
  /** Zero-shot classification of the images of some splits, by embedded label prompts. */
  classify: { params: SpaceRequest & ClassifyRequest; progress: never; result: Classification };
  /** One label of a classification against all others; costs one label after `classify`. */
  compareLabel: {
    params: SpaceRequest & CompareLabelRequest;
    progress: never;
    result: LabelComparison;
  };
  /** Probabilities of labels for pictures that are not of the project: [images × labels]. */
  classifyVectors: {
    params: SpaceRequest & ClassifyVectorsRequest;
    progress: never;
    result: { probabilities: Float64Array<ArrayBuffer> };
  };
  /** Where every item lies, by principal components; `isCentred`: without the modality gap. */
  mapPlaces: { params: SpaceRequest & { isCentred: boolean }; progress: never; result: MapPlaces };
  /** Every item along the first 50 principal components, for `layOut` of the explore worker. */
  mapVectors: {
    params: SpaceRequest & { isCentred: boolean };
    progress: never;
    result: MapVectors;
  };
  /** Ranks of held-out partners and cosines of pairs, for every item. */
  mapScores: { params: SpaceRequest; progress: Progress; result: MapScores };
  /** Scores in the shared space of any queries with any rows: what explanations are made of. */
  scoreVectors: {
    params: SpaceRequest & ScoreVectorsRequest;
    progress: never;
    result: VectorScores;
  };
  /** Why an item that was expected is not first. */
  explainMiss: { params: SpaceRequest & MissRequest; progress: never; result: MissReport };
  /** Two runs' test results beside each other, query by query: after minus before. */
  compareRuns: {
    params: { before: string; after: string };
    progress: never;
    result: RunComparison;
  };
};
