import type { Progress } from "../progress";
import type { AlignedModality } from "./modality";

/** The items a map shows, by index in the project; images stand before texts in every array. */
export type MapItems = Readonly<Record<AlignedModality, Uint32Array<ArrayBuffer>>>;

/** How many points a map of these items has. */
export function pointsOf({ image, text }: MapItems): number {
  return image.length + text.length;
}

/** Where each item lies in the plane, from principal components of the shared space. */
export interface MapPlaces {
  readonly items: MapItems;
  /** [points, 2] */
  readonly places: Float32Array<ArrayBuffer>;
  /** Share of the variance each axis shows, in [0, 1]. */
  readonly explained: readonly [number, number];
  /** Of the checkpoint the items were projected with. */
  readonly step: number;
}

/** The shared space reduced to few dimensions, for a layout that looks at neighbours. */
export interface MapVectors {
  readonly items: MapItems;
  /** [points, width] */
  readonly data: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly step: number;
}

/** How well each item finds its partner. */
export interface MapScores {
  readonly items: MapItems;
  /**
   * [points] rank (1 = best) of the true partner among all held-out items of its own split and the
   * other modality; 0 where the item was trained on or has no partner.
   */
  readonly ranks: Uint32Array<ArrayBuffer>;
  /** [points] lowest cosine of the item with a partner of its own; NaN without one. */
  readonly cosines: Float32Array<ArrayBuffer>;
  readonly step: number;
}

/** What is known of a project's items besides their vectors, as columns one can colour by. */
export interface ItemFacts {
  /** Index into SPLITS of each item, as `itemSplits`. */
  readonly splits: Readonly<Record<AlignedModality, Uint8Array<ArrayBuffer>>>;
  readonly labels: readonly LabelFacts[];
  /** Pairs in use, by index in the project, and the items of each. */
  readonly pairs: Readonly<Record<"index" | AlignedModality, Uint32Array<ArrayBuffer>>>;
  readonly tags: readonly TagFacts[];
}

/** One label column. A text has the label of the first picture it is paired with. */
export interface LabelFacts {
  readonly column: string;
  /** Most frequent first. */
  readonly values: readonly string[];
  /** Index into `values` of each item; -1 without a label. */
  readonly codes: Readonly<Record<AlignedModality, Int32Array<ArrayBuffer>>>;
}

/** One tag and its pairs, by position in `ItemFacts.pairs`. */
export interface TagFacts {
  readonly name: string;
  readonly pairs: Uint32Array<ArrayBuffer>;
}

/** Points to be placed in the plane so that near neighbours stay near. */
export interface LayoutRequest {
  /** [points, width], as `MapVectors`. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly width: number;
  /** [points, 2] where they start from. */
  readonly start: Float32Array<ArrayBuffer>;
  /** Of everything random. */
  readonly seed: number;
}

/** Progress of a layout, now and then with where the points are by then, [points, 2]. */
export interface LayoutProgress extends Progress {
  readonly places?: Float32Array<ArrayBuffer>;
}

export interface LayoutResult {
  /** [points, 2] */
  readonly places: Float32Array<ArrayBuffer>;
  /** How many of the points were laid out; the others stand beside their nearest of these. */
  readonly sampled: number;
  readonly elapsedMs: number;
}
