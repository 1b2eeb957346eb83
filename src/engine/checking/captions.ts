import type { DataCheck } from "../../core/domain/edit";
import { largestFirst, mediaNoun, pairsIn, type CheckedData } from "./checkedData";

/**
 * A caption on more items than this is listed. Two or three artworks of one thing are normal; from
 * about five on, retrieval by that caption is a lottery among them.
 */
const SHARED_BY = 5;

/** One caption on many items: each is a right answer to the others' query. */
export function checkSharedCaptions(data: CheckedData): DataCheck {
  const { modality, pairs, pairsOfText } = data;
  const shared = pairsOfText.filter(
    (of) => new Set(of.map((i) => pairs[i]?.[modality])).size > SHARED_BY,
  );
  const groups = largestFirst(shared);
  const noun = mediaNoun(modality, 2);
  const most = groups[0]?.length ?? 0;
  return {
    id: "shared-caption",
    name: "captions on many items",
    count: pairsIn(groups),
    detail:
      groups.length === 0
        ? `No caption stands on more than ${SHARED_BY} ${noun}.`
        : `${groups.length.toLocaleString("en")} ${groups.length === 1 ? "caption stands" : "captions stand"} on more than ${SHARED_BY} ${noun} each (the most common on ${most.toLocaleString("en")}): they count as one group, and a search by such a caption cannot tell its ${noun} apart.`,
    groups,
    action: null,
  };
}

/** Counts the tokens of a text; from the chosen text encoder. */
export interface TokenCounter {
  /** Name of the encoder, for the sentence. */
  readonly name: string;
  readonly maxTokens: number;
  readonly count: (text: string) => number;
}

/** Special tokens around a text, at most. */
const SPECIAL = 2;

/**
 * Captions the text encoder cuts.
 *
 * @param counter null with the reason when there is no tokenizer.
 */
export function checkLongCaptions(
  { texts, pairsOfText }: CheckedData,
  counter: TokenCounter | { readonly missing: string },
): DataCheck {
  const common = { id: "long-caption", name: "captions that are cut", action: null } as const;
  if ("missing" in counter) {
    return { ...common, count: null, detail: `Not computed: ${counter.missing}.`, groups: [] };
  }
  const { name, maxTokens, count } = counter;
  const bytes = new TextEncoder();
  const long = texts.flatMap(({ text = "" }, i) => {
    const of = pairsOfText[i] ?? [];
    if (of.length === 0) return [];
    // A token is at least one byte: most captions are too short to be worth tokenising.
    if (bytes.encode(text).length + SPECIAL <= maxTokens) return [];
    return count(text) > maxTokens ? [of] : [];
  });
  const groups = largestFirst(long);
  const concerned = pairsIn(groups);
  return {
    ...common,
    count: concerned,
    detail:
      long.length === 0
        ? `Every caption fits the ${maxTokens} tokens of ${name}.`
        : `${long.length.toLocaleString("en")} ${long.length === 1 ? "caption is" : "captions are"} truncated at ${maxTokens} tokens by ${name}: what stands behind is not seen.`,
    groups,
    action:
      long.length === 0
        ? null
        : {
            words: `Exclude ${concerned.toLocaleString("en")} ${concerned === 1 ? "pair" : "pairs"}`,
            request: {
              kind: "exclude",
              pairs: groups.flat(),
              reason: `caption longer than ${maxTokens} tokens`,
            },
          },
  };
}
