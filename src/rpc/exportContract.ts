import type { SearchPageOptions, SearchPageSize } from "../core/domain/searchPage";
import type {
  EmbeddingExport,
  EmbeddingFileChoice,
  ExportedFile,
  TakeAwayListing,
} from "../core/domain/takeAway";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/export.worker.ts. Files come back as blobs, which cost no copy. */
export type ExportContract = {
  /** What can leave: names, sizes, first lines, and the measured parity of the projectors. */
  list: {
    params: { projectId: string; runId: string | null };
    progress: never;
    result: TakeAwayListing;
  };
  /** `<project>-aligned.zip`: both projectors and all that is needed to use and judge them. */
  exportModel: {
    params: { projectId: string; runId: string; embeddings: EmbeddingExport; isRaw: boolean };
    progress: Progress;
    result: ExportedFile;
  };
  /** `<project>-data.zip`: pairs, splits and embeddings, for projects without a run. */
  exportData: {
    params: { projectId: string; embeddings: EmbeddingExport; isRaw: boolean };
    progress: Progress;
    result: ExportedFile;
  };
  /** The embeddings of one side as one file. */
  exportEmbeddings: {
    params: { projectId: string; runId: string | null; choice: EmbeddingFileChoice };
    progress: Progress;
    result: ExportedFile;
  };
  /** Pairs with their splits as CSV. `isRaw`: without the guard against formulas. */
  exportPairs: {
    params: { projectId: string; isRaw: boolean };
    progress: never;
    result: ExportedFile;
  };
  /** What a search page of these options would hold and weigh. */
  sizeSearchPage: {
    params: SearchPageOptions & { projectId: string; runId: string };
    progress: never;
    result: SearchPageSize;
  };
  /** `<project>-search.zip`: a folder that finds the pictures by words, from any host or file. */
  exportSearchPage: {
    params: SearchPageOptions & { projectId: string; runId: string };
    progress: Progress;
    result: ExportedFile;
  };
};
