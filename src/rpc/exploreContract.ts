import type { Diagnosis } from "../core/domain/diagnosis";
import type {
  ItemFacts,
  LayoutProgress,
  LayoutRequest,
  LayoutResult,
} from "../core/domain/jointMap";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/explore.worker.ts: looking at data and space, apart from searching. */
export type ExploreContract = {
  /** Judges a project's pairs with the embeddings it has. */
  examine: { params: { projectId: string }; progress: Progress; result: Diagnosis };
  /** Splits, labels, tags and pairs of a project's items, as columns. */
  itemFacts: { params: { projectId: string }; progress: never; result: ItemFacts };
  /** Places points in the plane so that near neighbours stay near (UMAP). */
  layOut: { params: LayoutRequest; progress: LayoutProgress; result: LayoutResult };
};
