import type { Split } from "./dataset";
import type { AlignedModality } from "./modality";

/**
 * One part of a query that can be kept and sent: words, or an item of the data by its digest. A
 * negative weight takes the part away: `cat - grass` is `cat` at 1 and `grass` at -1.
 */
export type QueryTerm =
  | { readonly kind: "words"; readonly text: string; readonly weight: number }
  | {
      readonly kind: "item";
      readonly modality: AlignedModality;
      readonly digest: string;
      readonly weight: number;
    };

/** Corrections of the scores, each a toggle whose effect on held-out recall is measured. */
export interface ScoreSettings {
  /** Subtract each modality's mean of the training items, then normalise again. */
  readonly centred: boolean;
  /** Cross-domain similarity local scaling: an item near to everything gains nothing by it. */
  readonly csls: boolean;
}

export const PLAIN_SCORES: ScoreSettings = { centred: false, csls: false };

/** Which items of the gallery are ranked: those that fulfil every condition. */
export interface GalleryFilter {
  readonly splits: readonly Split[];
  /** Label columns with the values that may be; the label of an image, or of a text's images. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** At least one pair of the item has one of these tags. Absent: tags do not matter. */
  readonly tags?: readonly string[];
}

/** A query as the visitor keeps it. */
export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  readonly terms: readonly QueryTerm[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly filter: GalleryFilter;
}
