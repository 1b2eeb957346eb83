import type { Split } from "./dataset";
import type { EmbeddingChoice, EncoderSpec } from "./encoder";
import type { Estimate } from "./evaluation";

/** What of a project a search page shows. */
export interface SearchPageOptions {
  /** Pictures of these splits. */
  readonly splits: readonly Split[];
  /** Only pictures with one of these tags; empty: tags do not matter. */
  readonly tags: readonly string[];
  /** Also the files as they were imported, for the enlarged view. */
  readonly originals: boolean;
}

/** What a search page would be, before it is written. */
export interface SearchPageSize {
  readonly items: number;
  /** Shown by their captions alone: only their embeddings were imported. */
  readonly withoutPicture: number;
  /** About what the unpacked folder takes, within a few per cent. */
  readonly sizeBytes: number;
  /** Of that, what searching needs to load: text encoder and runtime. */
  readonly encoderBytes: number;
}

/** Where the bytes of a page lie: `data/<name>-<n>.js`, or `app/<name>.js` for the app's own. */
export type SearchPagePart =
  | "worker"
  | "runtime"
  | "vectors"
  | "projector"
  | "model"
  | "model-data"
  | "tokenizer"
  | "tokenizer-config"
  | "thumbnails";

/** One picture of the gallery. */
export interface SearchPageItem {
  readonly captions: readonly string[];
  readonly split: Split;
  /** Pixels; absent where unknown. */
  readonly width?: number;
  readonly height?: number;
  /** Its small picture: which script, and where in it. Absent: there is none. */
  readonly thumbnail?: {
    readonly part: number;
    readonly start: number;
    readonly end: number;
    readonly type: string;
  };
  /** Path of the imported file inside the folder. */
  readonly original?: string;
}

/** A network as the page names it. */
export interface SearchPageEncoder {
  readonly name: string;
  readonly source: string;
  readonly revision: string;
  readonly license: string;
}

/** All that a search page knows besides arrays and pictures. Written to `data/manifest.js`. */
export interface SearchPageManifest {
  readonly version: 1;
  readonly title: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly madeWith: string;
  readonly run: {
    readonly name: string;
    readonly method: string;
    readonly step: number;
    readonly dimension: number;
    readonly dataDigest: string;
  };
  readonly image: SearchPageEncoder;
  readonly text: SearchPageEncoder & {
    readonly spec: EncoderSpec;
    readonly choice: EmbeddingChoice;
    /** Outputs are brought to length 1 before they are projected. */
    readonly unitLength: boolean;
  };
  /** Held-out text to image, or null for a run without a test. */
  readonly recall: {
    readonly k: number;
    readonly estimate: Estimate;
    readonly queries: number;
    readonly gallery: number;
    /** Of a random ranking; null where the run did not compute it. */
    readonly chance: number | null;
  } | null;
  /** Held-out captions to try. */
  readonly examples: readonly string[];
  readonly items: readonly SearchPageItem[];
  /** How many scripts each part has, and the bytes they carry. */
  readonly parts: Readonly<
    Partial<Record<SearchPagePart, { readonly count: number; readonly sizeBytes: number }>>
  >;
}

/** The app's own files of a search page, by their path in the site; the same in the page's folder. */
export const SEARCH_PAGE_FILES = ["page.js", "page.css", "worker.js", "runtime.js"] as const;

/** Folder of `SEARCH_PAGE_FILES`, relative to the site's base. */
export const SEARCH_PAGE_FOLDER = "search-page";
