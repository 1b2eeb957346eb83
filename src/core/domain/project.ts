import type { ColumnMapping, ImportReport, SplitSpec } from "./dataset";

/** Everything about one project that is small enough to list. Its data lies in other stores. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null until the first import has been committed whole. */
  readonly data: ProjectData | null;
  /** The encoder chosen for each modality. */
  readonly encoders: { readonly image: string; readonly text: string };
  /** The run the Query screen searches with, or null for the newest. */
  readonly queryRunId: string | null;
}

export interface ProjectData {
  /** Digest of items, pairs and splits: the identity of the data in a run's record. */
  readonly digest: string;
  readonly source: string;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
  readonly report: ImportReport;
  /** Columns with role `label`, offered for zero-shot classification. */
  readonly labelColumns: readonly string[];
  /** Bytes of the originals. */
  readonly sizeBytes: number;
}
