/** A finished file on its way to the visitor. */
export interface ExportedFile {
  /** Name to save it under. */
  readonly name: string;
  readonly blob: Blob;
}

/** Which embeddings a model folder carries besides its projectors, and how exact. */
export type EmbeddingExport = "none" | "f32" | "f16" | "parquet";

/** Embeddings as a file of their own. */
export interface EmbeddingFileChoice {
  readonly side: "image" | "text";
  /** `encoder`: as the frozen encoder gave them. `shared`: through the run's projector. */
  readonly space: "encoder" | "shared";
  readonly format: "npy" | "npy-f16" | "parquet";
}

/** A file as a list shows it before it is written. */
export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** How the exported numbers compare with the browser's own. */
export interface ParityFigure {
  /** Largest |Δ| of any coordinate of a projected vector. */
  readonly largest: number;
  /** Vectors compared. */
  readonly vectors: number;
}

/** What can leave of a project and one of its runs. */
export interface TakeAwayListing {
  /** Null: no run, or none that has projectors yet; `why` says which. */
  readonly model: ListedModel | null;
  readonly why: string | null;
  readonly embeddings: Readonly<Record<"image" | "text", ListedEmbeddings | null>>;
  /** Pairs not excluded, and their first rows as they will stand in pairs.csv. */
  readonly pairs: { readonly rows: number; readonly preview: string };
}

export interface ListedModel {
  readonly name: string;
  /** Without embeddings. */
  readonly files: readonly ListedFile[];
  readonly parity: ParityFigure;
  readonly step: number;
}

export interface ListedEmbeddings {
  readonly rows: number;
  /** Width as the encoder gives them, and in the shared space where there is one. */
  readonly width: number;
  readonly sharedWidth: number | null;
  /** `float32 [3246, 1280]`, then the first numbers of the first row. */
  readonly preview: string;
}
