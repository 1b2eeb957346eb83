import type { Split } from "./dataset";

/** One change to imported data, with what undoing it needs. Pairs and captions are named by index. */
export type Edit =
  | { readonly kind: "exclude"; readonly pairs: readonly number[]; readonly reason: string }
  | {
      readonly kind: "include";
      readonly pairs: readonly number[];
      /** Why each was out before, in the order of `pairs`. */
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "caption";
      readonly pair: number;
      /** Index of the caption before and after; a new caption is a new item at the end. */
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: "resplit";
      readonly words: string;
      /** Pairs that moved, with group and split before and after. */
      readonly pairs: readonly number[];
      readonly before: readonly { readonly group: string; readonly split: Split }[];
      readonly after: readonly { readonly group: string; readonly split: Split }[];
    };

/** What the user asks for; the engine turns it into an `Edit`. */
export type EditRequest =
  | { readonly kind: "exclude"; readonly pairs: readonly number[]; readonly reason: string }
  | { readonly kind: "include"; readonly pairs: readonly number[] }
  | { readonly kind: "caption"; readonly pair: number; readonly text: string }
  /** Draws splits anew over groups that also keep `together` (lists of pairs) on one side. */
  | { readonly kind: "resplit"; readonly together: readonly (readonly number[])[] };

/** Things worth a look in imported data. */
export type CheckId =
  "same-picture" | "near-picture" | "shared-caption" | "long-caption" | "leak" | "row-offset";

/** What a check found. Every check is listed, also when it found nothing. */
export interface DataCheck {
  readonly id: CheckId;
  /** `near-duplicate pictures`. */
  readonly name: string;
  /** How many pairs are concerned; null when the check could not run, `detail` says why. */
  readonly count: number | null;
  /** One sentence: what was found, or what is missing to find out. */
  readonly detail: string;
  /** Sets of pairs that belong together (copies of one picture, one caption), largest first. */
  readonly groups: readonly (readonly number[])[];
  /** The one-click remedy, if there is one, as the request it stands for. */
  readonly action: { readonly words: string; readonly request: EditRequest } | null;
}
