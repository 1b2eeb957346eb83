import type { FormatCandidate, FormatId } from "./importFormat";
import type { MediaModality, Modality } from "./modality";
import type { SensorLayout } from "./sensor";

/** Which part of the data a pair belongs to. Chosen per group, never per pair. */
export type Split = "train" | "validation" | "test";

export const SPLITS = ["train", "validation", "test"] as const satisfies readonly Split[];

/** One picture file or one caption. Equal captions are one item; `digest` names the content. */
export interface Item {
  readonly modality: Modality;
  /** SHA-256 (hex) of the file's bytes, or of the caption's UTF-8 text. Names the content everywhere. */
  readonly digest: string;
  /** Where it came from: a file path inside the import, or `metadata.csv:17`. */
  readonly source: string;
  /** The caption itself; absent for other modalities, whose bytes are in `blobs` under `digest`. */
  readonly text?: string;
  /** Pixels; images only. */
  readonly width?: number;
  readonly height?: number;
  /** Audio only; absent where the header does not say. */
  readonly durationMs?: number;
  /** 64-bit difference hash (hex) of a picture that was decoded at import: near-duplicates are close. */
  readonly look?: string;
  /** Values of the label columns (`category` → `animals & nature`). */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Two items that belong together, each by its index in the project's items of its modality. */
export interface Pair extends Readonly<Partial<Record<Modality, number>>> {
  /** Pairs of one group never straddle a split. */
  readonly group: string;
  readonly split: Split;
  /** The metadata row it came from, e.g. `metadata.csv:17`. */
  readonly row: string;
  /** Why the user took it out; absent while it is in. An excluded pair is nowhere used. */
  readonly excluded?: string;
  /** What the user calls it, sorted; absent: nothing. Tags change no number. */
  readonly tags?: readonly string[];
}

/**
 * What a column of the metadata means. `label` columns serve zero-shot classification and filters.
 * An array of precomputed embeddings is a column too; its rows are vectors of images or of texts.
 */
export type ColumnRole =
  "file" | "caption" | "group" | "split" | "label" | "ignore" | "image-vectors" | "text-vectors";

/** Every column of the metadata with its role, in file order. */
export type ColumnMapping = readonly { readonly column: string; readonly role: ColumnRole }[];

/** How pairs are divided. `group`: a column name, or `auto` (the recognised column, else the item). */
export interface SplitSpec {
  readonly group: string;
  /** Shares of groups in [0, 1); the rest trains. Ignored where the data has its own split column. */
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
}

/** One thing the import did not use, or used with a doubt. Bad rows are data, not exceptions. */
export interface ImportIssue {
  /** `skipped`: not used. `flagged`: used, with a doubt. `unpaired`: a file no row mentions. */
  readonly kind: "skipped" | "flagged" | "unpaired";
  /** File and row, e.g. `metadata.csv:17` or `images/cat.png`. */
  readonly where: string;
  /** What is wrong, in words: `caption is empty`. */
  readonly reason: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

/** Accounts for every row of an import: rows === used + skipped. */
export interface ImportReport {
  readonly rows: number;
  readonly used: number;
  readonly skipped: number;
  readonly items: Readonly<Record<Modality, number>>;
  readonly pairs: number;
  readonly groups: number;
  readonly splits: Readonly<Record<Split, number>>;
  /** Where the splits came from: the data's own column, or drawn from the seed. */
  readonly splitSource: "column" | "drawn";
  readonly issues: readonly ImportIssue[];
  readonly elapsedMs: number;
}

/** What an import looks like before anything is stored: layout, columns, guesses, a preview. */
export interface Inspection {
  /** The layout it was read as, and every layout that fits, best first. */
  readonly format: FormatId;
  readonly candidates: readonly FormatCandidate[];
  /** What the files are; `image` where vectors do not say. */
  readonly media: MediaModality;
  /** In words: `Image folder with metadata.csv: 3,246 rows, 3,246 images`. */
  readonly summary: string;
  readonly files: number;
  readonly rows: number;
  readonly columns: readonly ColumnPreview[];
  /** Of windows: what they have in common, and how long those cut from recordings are. */
  readonly sensor?: SensorLayout & { readonly cut?: WindowCut };
  /** Faults already visible at this point (broken metadata rows are reported on import). */
  readonly warnings: readonly string[];
}

/** How recordings are cut into windows, in readings. */
export interface WindowCut {
  readonly readings: number;
  readonly hop: number;
}

export interface ColumnPreview {
  readonly column: string;
  readonly role: ColumnRole;
  /** The first few values, as text. */
  readonly examples: readonly string[];
  readonly distinct: number;
  /** Only of an array of embeddings, which can be image vectors or text vectors and nothing else. */
  readonly vectors?: VectorShape;
}

/** Size of an array of embeddings: [rows, width]. */
export interface VectorShape {
  readonly rows: number;
  readonly width: number;
}

/** One file of an import, with its path inside the dropped folder (`/`-separated). */
export interface SourceFile {
  readonly path: string;
  readonly file: File;
}

/** Where an import's bytes come from. A sample is fetched from this site, then read like a file. */
export type ImportSource =
  | { readonly kind: "files"; readonly files: readonly SourceFile[] }
  | { readonly kind: "sample"; readonly sampleId: string };
