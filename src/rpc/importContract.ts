import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  Inspection,
  SplitSpec,
} from "../core/domain/dataset";
import type { ImportSettings } from "../core/domain/importFormat";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/import.worker.ts. Files cross as handles, never as bytes. */
export type ImportContract = {
  /** Recognises the layout and guesses the columns; stores nothing. */
  inspect: {
    params: { source: ImportSource; settings: ImportSettings };
    progress: Progress;
    result: Inspection;
  };
  /** Reads everything and commits it to the project in one go. */
  importPairs: {
    params: {
      projectId: string;
      source: ImportSource;
      settings: ImportSettings;
      mapping: ColumnMapping;
      split: SplitSpec;
    };
    progress: Progress;
    result: ImportReport;
  };
};
