import type { DataCheck } from "../../core/domain/edit";
import { largestFirst, mediaNoun, type CheckedData } from "./checkedData";

/**
 * Held-out pairs whose picture, look-alike or caption was trained on.
 *
 * @param alike sets of item indices that are one picture: equal bytes, and near-duplicates.
 */
export function checkLeak(data: CheckedData, alike: readonly (readonly number[])[]): DataCheck {
  const { pairs, pairsOfMedia, pairsOfText, modality } = data;
  const sets = [
    ...pairsOfMedia,
    ...alike.map((items) => items.flatMap((item) => pairsOfMedia[item] ?? [])),
    ...pairsOfText,
  ];
  const torn = sets.filter((of) => {
    const trains = of.some((i) => pairs[i]?.split === "train");
    return trains && of.some((i) => pairs[i]?.split !== "train");
  });
  const groups = largestFirst(torn);
  const heldOut = new Set(groups.flat().filter((i) => pairs[i]?.split !== "train")).size;
  const noun = mediaNoun(modality, 1);
  return {
    id: "leak",
    name: "held-out pairs seen in training",
    count: heldOut,
    detail:
      heldOut === 0
        ? `No ${noun}, near-duplicate or caption is on both sides of the split.`
        : `${heldOut.toLocaleString("en")} validation or test ${heldOut === 1 ? "pair has" : "pairs have"} a ${noun}, a near-duplicate or a caption that also trains: held-out numbers come out too high.`,
    groups,
    action:
      heldOut === 0
        ? null
        : {
            words: "Keep them together and draw the splits again",
            request: { kind: "resplit", together: groups },
          },
  };
}
