import type { Split, SplitSpec } from "./dataset";

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
      readonly kind: "captions";
      readonly pairs: readonly number[];
      /** Indices of their captions before and after, in the order of `pairs`. */
      readonly from: readonly number[];
      readonly to: readonly number[];
    }
  | {
      readonly kind: "tag" | "untag";
      /** Those that did not have the tag before, or did. */
      readonly pairs: readonly number[];
      readonly tag: string;
    }
  | {
      readonly kind: "resplit";
      /** Pairs whose group or split changed, and what both were before. */
      readonly pairs: readonly number[];
      readonly groups: readonly string[];
      readonly splits: readonly Split[];
      /** How the splits came about before. */
      readonly before: { readonly spec: SplitSpec; readonly source: "column" | "drawn" };
    };

/** What the user asks for; the engine turns it into an `Edit`. */
export type EditRequest =
  | { readonly kind: "exclude"; readonly pairs: readonly number[]; readonly reason: string }
  | { readonly kind: "include"; readonly pairs: readonly number[] }
  | { readonly kind: "caption"; readonly pair: number; readonly text: string }
  /** Gives pairs other captions of the data, by index: two that were swapped, a table out of step. */
  | {
      readonly kind: "captions";
      readonly pairs: readonly number[];
      readonly texts: readonly number[];
    }
  | { readonly kind: "tag" | "untag"; readonly pairs: readonly number[]; readonly tag: string }
  /** Draws splits anew over groups that also keep `together` (lists of pairs) on one side. */
  | {
      readonly kind: "resplit";
      readonly together: readonly (readonly number[])[];
      /** Absent: as the splits were drawn before. */
      readonly spec?: SplitSpec;
    };

/** Edits that can be undone; older ones stay, but for good. */
export const MAX_EDITS = 500;

/** Pairs the kept edits may name in all: 200,000 are about 4 MB in the project's record. */
const MAX_EDITED_PAIRS = 200_000;

/** How many pairs an edit concerns. */
function pairsOfEdit(edit: Edit): number {
  return edit.kind === "caption" ? 1 : edit.pairs.length;
}

/** The edits with one more; the oldest go once they are too many or name too many pairs. */
export function withEdit(edits: readonly Edit[], edit: Edit): Edit[] {
  const kept = [edit];
  let named = pairsOfEdit(edit);
  for (const older of [...edits].reverse()) {
    named += pairsOfEdit(older);
    if (kept.length === MAX_EDITS || named > MAX_EDITED_PAIRS) break;
    kept.push(older);
  }
  return kept.reverse();
}

/** In words, for the toast and the list of changes: `Excluded 3 pairs`. */
export function describeEdit(edit: Edit): string {
  const count = pairsOfEdit(edit);
  const pairs = `${count.toLocaleString("en")} ${count === 1 ? "pair" : "pairs"}`;
  switch (edit.kind) {
    case "exclude":
      return `Excluded ${pairs}`;
    case "include":
      return `Included ${pairs} again`;
    case "caption":
      return "Changed a caption";
    case "captions":
      return `Gave ${pairs} another caption`;
    case "tag":
      return `Tagged ${pairs} “${edit.tag}”`;
    case "untag":
      return `Took the tag “${edit.tag}” from ${pairs}`;
    case "resplit":
      return `Drew the splits again: ${pairs} changed`;
  }
}

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
