import type { Diagnosis } from "../core/domain/diagnosis";
import type { ItemFacts } from "../core/domain/jointMap";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/explore.worker.ts: looking at data and space, apart from searching. */
export type ExploreContract = {
  /** Judges a project's pairs with the embeddings it has. */
  examine: {
    params: { projectId: string };
    progress: Progress;
    result: Diagnosis;
  };
  /** Splits, labels, tags and pairs of a project's items, as columns. */
  itemFacts: {
    params: { projectId: string };
    progress: never;
    result: ItemFacts;
  };
  /** Places points in the plane so that near neighbours stay near (UMAP). */
  layOut: {
    params: {
      /** [points, width], as `MapVectors`. */
      data: Float32Array<ArrayBuffer>;
      width: number;
      /** [points, 2] where they start from. */
      start: Float32Array<ArrayBuffer>;
      seed: number;
    };
    progress: LayoutProgress;
    result: LayoutResult;
  };
};

/** Progress of a layout, now and then with where the points are by then, [points, 2]. */
export interface LayoutProgress extends Progress {
  readonly places?: Float32Array<ArrayBuffer>;
}

export interface LayoutResult {
  /** [points, 2] */
  readonly places: Float32Array<ArrayBuffer>;
  /** How many of the points were laid out; the others stand beside their nearest of these. */
  readonly sampled: number;
  readonly elapsedMs: number;
}
