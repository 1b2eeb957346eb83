import type { Item, Pair } from "../../../../core/domain/dataset";
import { canJudge, rankedPair, type Diagnosis } from "../../../../core/domain/diagnosis";
import { toCsv } from "../../../../core/formats/csv";
import { stateOf } from "./useLines";

const HEADER = [
  "place",
  "row",
  "picture",
  "caption",
  "mismatch",
  "flagged",
  "cosine",
  "csls",
  "caption_margin",
  "image_margin",
  "caption_rank",
  "image_rank",
  "best_caption",
  "best_cosine",
  "split",
  "state",
] as const;

/** The whole ranking as CSV, worst pair first; the caption is the one that was judged. */
export function rankingCsv(
  diagnosis: Diagnosis,
  pairs: readonly Pair[],
  items: { readonly image: readonly Item[]; readonly text: readonly Item[] },
): string {
  const { ranking, selfTest } = diagnosis;
  const rows = Array.from(ranking.pair, (index, place) => {
    const line = rankedPair(ranking, place);
    const pair = pairs[index];
    return [
      place + 1,
      pair?.row ?? "",
      items.image[pair?.image ?? -1]?.source ?? "",
      items.text[line.caption]?.text ?? "",
      line.mismatch,
      canJudge(selfTest) && line.mismatch >= selfTest.threshold,
      line.cosine,
      line.csls,
      line.captionMargin,
      line.imageMargin,
      line.captionRank,
      line.imageRank,
      items.text[line.bestCaption]?.text ?? "",
      line.bestCosine,
      pair?.split ?? "",
      stateOf(pair, line.caption),
    ];
  });
  return toCsv([HEADER, ...rows]);
}
