import type { QueryTerm } from "./query";

/** Words of a query and how much they count. */
export type WordsTerm = Omit<Extract<QueryTerm, { kind: "words" }>, "kind">;

/** Weights go from minus this to this: twice is plenty where every term has length 1. */
export const MAX_WEIGHT = 2;

const SEPARATOR = /\s([+\-−])(?=\s|$)/g; // the true minus sign too: phones type it
const LEADING = /^([+\-−])\s*(?=\S)/;
const WEIGHT = /^(\d{1,3}(?:\.\d{1,3})?)\s*\*\s*/;
const QUOTED = /^"((?:[^"]|"")*)"(?=\s*$|\s+[+\-−](?:\s|$))/;
const OPEN_QUOTE = /^"((?:[^"]|"")*)$/;

/**
 * The terms of what was typed: `cat - grass + 0.5*snow` is cat at 1, grass at -1, snow at 0.5.
 *
 * Plus and minus split where blanks stand around them; quotes keep them as they are (a quote inside
 * is doubled); a minus at the start takes the first term away; `0.5*` weighs a term. An operator
 * that waits for its term counts for nothing, so that typing never asks for nonsense.
 *
 * @returns terms in order, their words without outer blanks and never empty; weights in ±2.
 */
export function parseQuery(text: string): WordsTerm[] {
  const terms: WordsTerm[] = [];
  const lead = LEADING.exec(text.trimStart());
  let sign = lead && lead[1] !== "+" ? -1 : 1;
  let rest = lead ? text.trimStart().slice(lead[0].length) : text;
  for (;;) {
    const weight = WEIGHT.exec(rest.trimStart());
    const body = weight ? rest.trimStart().slice(weight[0].length) : rest.trimStart();
    const { words, after } = firstWords(body);
    const size = weight ? Math.min(MAX_WEIGHT, Number(weight[1])) : 1;
    if (words !== "") terms.push({ text: words, weight: size && sign * size }); // never -0
    if (after === null) return terms;
    sign = after.operator === "+" ? 1 : -1;
    rest = after.rest;
  }
}

/**
 * The text that `parseQuery` reads as these terms: what the box shows when a weight is changed by
 * its slider. Words that would read as operators are quoted.
 *
 * @param terms words without outer blanks; weights are rounded to hundredths and kept in ±2.
 */
export function formatQuery(terms: readonly WordsTerm[]): string {
  return terms
    .map(({ text, weight }, i) => {
      const size = Math.min(MAX_WEIGHT, Math.round(Math.abs(weight) * 100) / 100);
      const sign = weight < 0 ? (i === 0 ? "-" : "- ") : i === 0 ? "" : "+ ";
      return `${sign}${size === 1 ? "" : `${size}*`}${literal(text)}`;
    })
    .join(" ");
}

interface FirstWords {
  readonly words: string;
  /** The operator that ends them and what follows it; null at the end. */
  readonly after: { readonly operator: string; readonly rest: string } | null;
}

function firstWords(body: string): FirstWords {
  const quoted = QUOTED.exec(body) ?? OPEN_QUOTE.exec(body);
  const start = quoted ? quoted[0].length : 0;
  SEPARATOR.lastIndex = start;
  // A blank is put before a body, so that one that begins with an operator ends there.
  const found = SEPARATOR.exec(start === 0 ? ` ${body}` : body);
  const shift = start === 0 ? 1 : 0;
  const end = found ? Math.max(0, found.index - shift) : body.length;
  const words = quoted ? (quoted[1] ?? "").replaceAll('""', '"') : body.slice(0, end);
  return {
    words: words.trim(),
    after: found && {
      operator: found[1] ?? "+",
      rest: body.slice(found.index - shift + found[0].length),
    },
  };
}

function literal(words: string): string {
  const [only, ...more] = parseQuery(words);
  const isPlain = only?.text === words && only.weight === 1 && more.length === 0;
  // Ends in what would join with the operator after it, or begins as a quote does.
  const isOpen = /\s[+\-−]$/.test(words) || words.startsWith('"');
  return isPlain && !isOpen ? words : `"${words.replaceAll('"', '""')}"`;
}
