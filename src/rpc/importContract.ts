import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  Inspection,
  SplitSpec,
} from "../core/domain/dataset";
import type { DataCheck, EditRequest } from "../core/domain/edit";
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
  /** Looks for copies, leaks and the like; every check answers, also with nothing. */
  check: { params: { projectId: string }; progress: Progress; result: DataCheck[] };
  /** Makes a change that `undoEdit` takes back. `words` is null when nothing had to change. */
  edit: {
    params: { projectId: string; request: EditRequest };
    progress: never;
    result: { words: string | null };
  };
  /** Takes the latest change back and says which it was. */
  undoEdit: { params: { projectId: string }; progress: never; result: { words: string | null } };
  /** Indices of all pairs with the picture or sound of one. */
  relatedPairs: { params: { projectId: string; pair: number }; progress: never; result: number[] };
};
