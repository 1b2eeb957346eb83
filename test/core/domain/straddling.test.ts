import { describe, expect, it } from "vitest";
import type { Split } from "../../../src/core/domain/dataset";
import { groupValues, straddlingNames, type SplitPair } from "../../../src/core/domain/straddling";

const pair = (item: number, split: Split) => ({ item, split });
const family = (...values: (string | undefined)[]) => {
  return (item: number) => (values[item] === undefined ? undefined : { family: values[item] });
};

/** The values on both sides, without the flag that says so. */
const tornValues = (pairs: readonly SplitPair[], labelsOf: Parameters<typeof groupValues>[1]) =>
  groupValues(pairs, labelsOf)
    .filter(({ straddles }) => straddles)
    .map(({ column, value, pairs: places }) => ({ column, value, pairs: places }));

describe("values on both sides of a split", () => {
  it("are those that some training and some held-out pairs share", () => {
    const pairs = [pair(0, "train"), pair(1, "test"), pair(2, "test"), pair(3, "validation")];
    const torn = tornValues(pairs, family("cat", "cat", "dog", "dog"));
    expect(torn).toEqual([{ column: "family", value: "cat", pairs: [0, 1] }]);
  });

  it("come with most pairs first, then by name", () => {
    const pairs = [..."aabbccc"].flatMap((_, i) => pair(i, i % 2 ? "test" : "train"));
    const torn = tornValues(pairs, family(..."bbaaccc"));
    expect(torn.map(({ value }) => value)).toEqual(["c", "a", "b"]);
  });

  it("are none for items without labels, and for values all on one side", () => {
    const pairs = [pair(0, "train"), pair(1, "test"), pair(2, "train")];
    expect(tornValues(pairs, family(undefined, "a", "b"))).toEqual([]);
  });

  it("are looked for in columns of many small values, not among classes", () => {
    const pairs = Array.from({ length: 120 }, (_, i) => pair(i, i % 2 ? "test" : "train"));
    const labels = (item: number) => ({
      shoot: String(item >> 1), // 60 values of 2
      kind: String(item % 12), // 12 values of 10
      colour: String((item % 60) >> 1), // 30 values of 4
    });
    const columns = tornValues(pairs, labels).map(({ column }) => column);
    expect(new Set(columns)).toEqual(new Set(["shoot"]));
  });

  it("do not count one picture's captions as many items", () => {
    const pairs = Array.from({ length: 600 }, (_, p) => {
      const item = Math.floor(p / 5);
      return pair(item, item % 2 ? "test" : "train");
    });
    expect(tornValues(pairs, (item) => ({ shoot: String(item >> 1) }))).toHaveLength(60);
  });
});

describe("the names of straddling values", () => {
  const torn = ["1f3c3", "1f6b6", "1f9ce", "1f574"].map((value, i) => ({
    ...{ column: "family", value },
    pairs: [i],
    straddles: true,
  }));

  it("say the column, how many there are and what the first ones show", () => {
    const captions = ["man running", "1f6b6"];
    expect(straddlingNames(torn, (p) => captions[p], 3)).toEqual([
      "4 values of “family”: 1f3c3 (“man running”), 1f6b6, 1f9ce and 1 more",
    ]);
  });

  it("are one sentence per column, and none for none", () => {
    const other = { column: "patient", value: "p7", pairs: [9], straddles: true };
    expect(straddlingNames([torn[0]!, other], () => undefined)).toEqual([
      "1 value of “family”: 1f3c3",
      "1 value of “patient”: p7",
    ]);
    const whole = torn.map((value) => ({ ...value, straddles: false }));
    expect(straddlingNames(whole, () => undefined)).toEqual([]);
  });
});
