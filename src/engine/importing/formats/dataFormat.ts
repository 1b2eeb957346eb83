import type { FormatId, ImportSettings, KnownRoles } from "../../../core/domain/importFormat";
import type { MediaModality } from "../../../core/domain/modality";
import type { WindowCut } from "../../../core/domain/dataset";
import type { SensorLayout } from "../../../core/domain/sensor";
import type { Progress } from "../../../core/progress";
import type { MetadataTable } from "../metadataTable";
import type { VectorArray } from "../vectors/vectorArray";
import type { OpenedSource } from "../openSource";
import type { SourceEntry } from "../sourceEntry";

/** One layout of paired data. Whatever it is on disk, it becomes tables of rows and files. */
export interface DataFormat {
  readonly id: FormatId;
  /**
   * How well the files fit, from names and at most the beginnings of a few small files.
   *
   * @returns null when they are not this format.
   */
  recognise(source: OpenedSource, signal: AbortSignal): Promise<Recognition | null>;
  /**
   * Reads the metadata. Bad rows are values (`MetadataTable.broken`).
   *
   * @throws AppError `import/metadata`, `import/archive`, `import/unrecognised`.
   */
  read(source: OpenedSource, options: ReadOptions): Promise<Metadata>;
}

export interface Recognition {
  /**
   * 1: nothing else it could be (a COCO file); 0.5: fits, as much else may (a folder of pictures).
   * The highest wins; `table` is the last resort at 0.1.
   */
  readonly score: number;
  /** For the list of candidates: `COCO captions: annotations/captions_val2017.json`. */
  readonly summary: string;
}

export interface ReadOptions {
  readonly settings: ImportSettings;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** The metadata of an import and what was odd about it. */
export interface Metadata {
  readonly tables: readonly MetadataTable[];
  /** Every column of every table, in order of first appearance. */
  readonly columns: readonly string[];
  /** Columns whose role the format itself defines; the others are guessed. */
  readonly roles: KnownRoles;
  /** Every file, those inside the metadata included (pictures in a Parquet column). */
  readonly entries: readonly SourceEntry[];
  /** Paths that are metadata or packaging: no row is expected to mention them. */
  readonly metadataPaths: ReadonlySet<string>;
  readonly media: MediaModality;
  /** In words, for the user: `COCO captions: 5,000 images, 25,010 captions`. */
  readonly summary: string;
  readonly warnings: readonly string[];
  /**
   * Embeddings that came with the data, by column. Rows of `tables`, in order and across tables, are
   * rows of each array; `entries` need not hold any picture.
   */
  readonly vectors?: ReadonlyMap<string, VectorArray>;
  /** Of windows: what each must have, and how those of recordings were cut. */
  readonly sensor?: SensorLayout & { readonly cut?: WindowCut };
}
