import type { ExplanationCheck } from "../metrics/explanationCheck";
import type { PartsMethod, PictureMap } from "./pictureMap";
import type { WordSpan } from "./words";

/** Where in a picture a query is. */
export interface WhereMap extends PictureMap {
  /**
   * `tokens`: values are the scores of each patch. `occlusion`: what the picture's score loses when
   * a window there is covered.
   */
  readonly method: PartsMethod;
  /** Of the whole picture with the query. */
  readonly score: number;
  readonly check: ExplanationCheck;
  readonly step: number;
}

/** What a word counts for. */
export interface WordDrop extends WordSpan {
  /** Score with the word minus without it; negative: the text fits better without it. */
  readonly drop: number;
}

/** One text taken apart. */
export interface TakenApart {
  readonly text: string;
  readonly words: readonly WordDrop[];
}

/** Which words of a query, or of a caption found, make its score. */
export interface WordDrops {
  /** Whose words they are. */
  readonly of: "query" | "caption";
  readonly texts: readonly TakenApart[];
  /** Of the whole query with the result. */
  readonly score: number;
  readonly check: ExplanationCheck;
  /** Words there are; more than were tried in long texts. */
  readonly total: number;
  readonly step: number;
}
