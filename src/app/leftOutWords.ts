import { withoutWord, wordsOf, type WordSpan } from "../core/domain/words";

const MOST_WORDS = 24; // encodings per question: half a second on one wasm thread

/** A text without one of its words. */
export interface Variant {
  /** Which of the texts. */
  readonly of: number;
  readonly span: WordSpan;
  /** What is left; empty where the word was all there was. */
  readonly text: string;
}

/** Every text without each of its words in turn, the first 24 words of all; and how many there are. */
export function withoutEachWord(texts: readonly string[]): {
  readonly variants: readonly Variant[];
  readonly total: number;
} {
  const all = texts.flatMap((text, of) => wordsOf(text).map((span) => ({ of, span, text })));
  const variants = all
    .slice(0, MOST_WORDS)
    .map(({ of, span, text }) => ({ of, span, text: withoutWord(text, span) }));
  return { variants, total: all.length };
}
