/** A word of a text, by where it begins and ends (UTF-16 units, the end exclusive). */
export interface WordSpan {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a text as Unicode divides it (UAX 29): also where no spaces are written. Punctuation
 * and symbols are no words.
 *
 * @param language BCP 47; only the dictionaries of Chinese, Japanese, Thai and the like heed it.
 */
export function wordsOf(text: string, language?: string): WordSpan[] {
  const segments = new Intl.Segmenter(language, { granularity: "word" }).segment(text);
  const words: WordSpan[] = [];
  for (const { segment, index, isWordLike } of segments) {
    if (isWordLike) words.push({ word: segment, start: index, end: index + segment.length });
  }
  return words;
}

/** The text without one of its words; the spaces around it become one. */
export function withoutWord(text: string, { start, end }: WordSpan): string {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const joined = /\s$/.test(before) ? before + after.replace(/^\s+/, "") : before + after;
  return joined.trim();
}
