import type { DataCheck } from "../../core/domain/edit";
import { groupValues, straddlingNames } from "../../core/domain/straddling";
import { largestFirst, mediaNoun, type CheckedData } from "./checkedData";

const NAMED = 30; // values written out: more than anyone reads, and a sentence still

/**
 * Held-out pairs whose picture, look-alike, caption or group was trained on. Groups are values of
 * other columns than the one split by: split by concept, the drawings of one family are torn apart.
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
  const trains = (i: number) => pairs[i]?.split === "train";
  const torn = sets.filter((of) => of.some(trains) && !of.every(trains));
  const families = groupsOfOtherColumns(data);
  const groups = largestFirst([...torn, ...families.torn]);
  const together = [...torn, ...families.all];
  const heldOut = new Set(groups.flat().filter((i) => !trains(i))).size;
  const noun = mediaNoun(modality, 1);
  const copies = new Set(torn.flat().filter((i) => !trains(i))).size;
  return {
    id: "leak",
    name: "held-out pairs seen in training",
    count: heldOut,
    detail: [
      copies === 0
        ? `No ${noun}, near-duplicate or caption is on both sides of the split.`
        : `${copies.toLocaleString("en")} validation or test ${copies === 1 ? "pair has" : "pairs have"} a ${noun}, a near-duplicate or a caption that also trains: held-out numbers come out too high.`,
      ...families.sentences,
    ].join(" "),
    groups,
    action:
      heldOut === 0
        ? null
        : {
            words: "Keep them together and draw the splits again",
            request: { kind: "resplit", together: largestFirst(together) },
          },
  };
}

/** Groups of other columns than the one split by: those on both sides, and in words. */
function groupsOfOtherColumns({ pairs, pairsOfMedia, media, texts, modality }: CheckedData) {
  const used = pairsOfMedia.flat().sort((a, b) => a - b);
  const split = used.map((i) => ({
    item: pairs[i]?.[modality] ?? -1,
    split: pairs[i]?.split ?? "train",
  }));
  const groups = groupValues(split, (item) => media[item]?.labels);
  const torn = groups.filter(({ straddles }) => straddles);
  const columns = new Set(torn.map(({ column }) => column));
  const pairsOf = (values: typeof groups) =>
    values.map((value) => value.pairs.map((place) => used[place] ?? -1));
  const captionOf = (place: number) => texts[pairs[used[place] ?? -1]?.text ?? -1]?.text;
  return {
    torn: pairsOf(torn),
    // Whole ones too: a new draw that does not know them would tear some of these instead.
    all: pairsOf(groups.filter(({ column, pairs: own }) => columns.has(column) && own.length > 1)),
    sentences: straddlingNames(torn, captionOf, NAMED).map(
      (names) =>
        `On both sides are ${names}. If these are one thing each, the test asks for what was trained on.`,
    ),
  };
}
