import type { AskedTerm } from "../../../app/querying";
import type { Item } from "../../../core/domain/dataset";
import type { AlignedModality } from "../../../core/domain/modality";
import type { QueryTerm } from "../../../core/domain/query";
import { termsOf, type WordsTerm } from "../../components/search/queryHistory";

/** A picture from outside the data. */
export interface PictureTerm {
  readonly kind: "picture";
  readonly key: string;
  readonly blob: Blob;
  readonly name: string;
  readonly weight: number;
}

/** An item of the project's data. */
export interface ItemTerm {
  readonly kind: "item";
  readonly key: string;
  readonly modality: AlignedModality;
  readonly index: number;
  readonly item: Item;
  /** Its text, its first caption, or where it came from. */
  readonly name: string;
  readonly weight: number;
}

/** One part of the query on screen. Words live in the box; the others are put beside it. */
export type ShownTerm = WordsTerm | PictureTerm | ItemTerm;

/** All parts of a query: the words of the box first, then what was put beside it. */
export const shownTerms = termsOf<PictureTerm | ItemTerm>;

/** A term as the encoders and the gallery take it. */
export function askedTerm(term: ShownTerm): AskedTerm {
  const { weight } = term;
  switch (term.kind) {
    case "words":
      return { kind: "input", modality: "text", weight, input: { text: term.text } };
    case "picture":
      return { kind: "input", modality: "image", weight, input: { image: term.blob } };
    case "item":
      return { kind: "item", modality: term.modality, weight, item: term.index };
  }
}

/** A term as it can be kept; undefined for a picture from outside the data. */
export function keptTerm(term: ShownTerm): QueryTerm | undefined {
  const { weight } = term;
  switch (term.kind) {
    case "words":
      return { kind: "words", text: term.text, weight };
    case "picture":
      return undefined;
    case "item":
      return { kind: "item", modality: term.modality, digest: term.item.digest, weight };
  }
}

/** A term in words. */
export function termName(term: ShownTerm): string {
  switch (term.kind) {
    case "words":
      return term.text;
    case "picture":
      return term.name || "Pasted picture";
    case "item":
      return term.name;
  }
}

/** A whole query in one line: `cat − grass + a picture`. */
export function queryName(terms: readonly ShownTerm[]): string {
  return terms
    .map((term, i) => {
      const size = Math.abs(term.weight);
      const sign = term.weight < 0 ? "− " : i === 0 ? "" : "+ ";
      return `${sign}${size === 1 ? "" : `${size} × `}${termName(term)}`;
    })
    .join(" ");
}
