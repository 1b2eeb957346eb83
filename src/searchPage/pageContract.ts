import type { SearchPageManifest, SearchPagePart } from "../core/domain/searchPage";

/** What the best items of a query are, best first. */
export interface PageHits {
  /** Indices into the manifest's items. */
  readonly items: Uint32Array<ArrayBuffer>;
  /** Their scores: cosines, or products where the projectors' lengths count. */
  readonly scores: Float64Array<ArrayBuffer>;
  readonly encodeMs: number;
  readonly rankMs: number;
}

/** The page <-> its worker. */
export type PageContract = {
  /** A script's bytes, as they came. */
  part: {
    params: { name: SearchPagePart; index: number; base64: string };
    progress: never;
    result: void;
  };
  /** Makes the encoder and the gallery ready, once every part is here. */
  open: {
    params: Pick<SearchPageManifest, "text" | "run"> & { items: number };
    progress: never;
    result: { openMs: number };
  };
  search: { params: { text: string; limit: number }; progress: never; result: PageHits };
};
