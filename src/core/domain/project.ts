import type { ColumnMapping, ImportReport, SplitSpec } from "./dataset";
import type { Edit } from "./edit";
import type { EmbeddingChoice } from "./encoder";
import type { FormatId } from "./importFormat";
import type { AlignedModality, MediaModality, Modality } from "./modality";
import type { SavedQuery } from "./query";
import type { SensorLayout } from "./sensor";

/** Everything about one project that is small enough to list. Its data lies in other stores. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null until the first import has been committed whole. */
  readonly data: ProjectData | null;
  /** The embedding chosen for each modality. */
  readonly encoders: ChosenEncoders;
  /** The run the Query screen searches with, or null for the newest. */
  readonly queryRunId: string | null;
  /** Queries kept by the visitor, newest last. Absent: none. */
  readonly savedQueries?: readonly SavedQuery[];
}

/** Image and text always have one; sounds once they are encoded, sensors once one is made for them. */
export type ChosenEncoders = Readonly<
  Record<AlignedModality, EmbeddingChoice> &
    Partial<Record<Exclude<Modality, AlignedModality>, EmbeddingChoice>>
>;

/** The encoders a run trains between. */
export function alignedEncoders({
  encoders: { image, text },
}: Pick<Project, "encoders">): Readonly<Record<AlignedModality, EmbeddingChoice>> {
  return { image, text };
}

export interface ProjectData {
  /** Digest of items, pairs and splits: the identity of the data in a run's record. */
  readonly digest: string;
  readonly source: string;
  readonly format: FormatId;
  /** What the captions describe. */
  readonly media: MediaModality;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
  readonly report: ImportReport;
  /** Columns with role `label`, offered for zero-shot classification. */
  readonly labelColumns: readonly string[];
  /** Bytes of the originals. */
  readonly sizeBytes: number;
  /** Pairs the user took out; `report` counts those still in. Absent: none. */
  readonly excludedPairs?: number;
  /** Ids of the encoders that stand for the embeddings which came with the data, if any did. */
  readonly vectors?: Readonly<Record<AlignedModality, string>>;
  /** Of windows only: their channels, and the readings per second where time tells. */
  readonly sensor?: SensorLayout;
  /** What the user changed since the import, oldest first; undo takes the last. */
  readonly edits: readonly Edit[];
}
