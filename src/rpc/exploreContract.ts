import type { ItemFacts } from "../core/domain/jointMap";

/** Main thread <-> workers/explore.worker.ts: looking at data and space, apart from searching. */
export type ExploreContract = {
  /** Splits, labels, tags and pairs of a project's items, as columns. */
  itemFacts: {
    params: { projectId: string };
    progress: never;
    result: ItemFacts;
  };
};
