import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SplitSpec } from "../../../src/core/domain/dataset";
import {
  assignSplits,
  countSplits,
  pairTableOf,
  resplit,
  splitNamed,
  type UnsplitPair,
} from "../../../src/core/domain/splits";

const SPEC: SplitSpec = { group: "auto", validation: 0.1, test: 0.1, seed: 0 };

function pair(media: number, text: number, change: Partial<UnsplitPair> = {}): UnsplitPair {
  return { media, text, group: null, declared: null, row: `metadata.csv:${media + 2}`, ...change };
}

const digests = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ digest: ((i * 7919 + 13) % 99991).toString(16) }));

describe("assignSplits", () => {
  it("keeps all captions of an image, and all images of a caption, on one side", () => {
    const pairs = [pair(0, 0), pair(0, 1), pair(1, 1), pair(2, 2), pair(3, 3), pair(4, 4)];
    for (let seed = 0; seed < 20; seed++) {
      const { pairs: split } = assignSplits(pairs, digests(5), { ...SPEC, test: 0.4, seed });
      expect(new Set(split.slice(0, 3).map((p) => p.split)).size).toBe(1);
      expect(new Set(split.slice(0, 3).map((p) => p.group)).size).toBe(1);
    }
  });

  it("keeps equal values of the group column on one side", () => {
    const pairs = digests(60).map((_, i) => pair(i, i, { group: `patient ${i % 20}` }));
    const { pairs: split, groups } = assignSplits(pairs, digests(60), { ...SPEC, test: 0.3 });
    expect(groups).toBe(20);
    for (let g = 0; g < 20; g++) {
      const own = split.filter((p) => p.group === `patient ${g}`);
      expect(own).toHaveLength(3);
      expect(new Set(own.map((p) => p.split)).size).toBe(1);
    }
  });

  it("draws shares of pairs, not of groups", () => {
    // 40 groups of 1 pair and 20 groups of 8 pairs.
    const pairs = digests(200).map((_, i) =>
      pair(i, i, { group: `${i < 40 ? i : 40 + (i % 20)}` }),
    );
    for (let seed = 0; seed < 10; seed++) {
      const counts = countSplits(
        assignSplits(pairs, digests(200), { ...SPEC, validation: 0.2, seed }).pairs,
      );
      expect(Math.abs(counts.test - 20)).toBeLessThanOrEqual(4);
      expect(Math.abs(counts.validation - 40)).toBeLessThanOrEqual(4);
    }
  });

  it("leaves a giant group in train", () => {
    const pairs = digests(100).map((_, i) => pair(i, i, { group: i < 80 ? "giant" : `${i}` }));
    for (let seed = 0; seed < 10; seed++) {
      const { pairs: split } = assignSplits(pairs, digests(100), { ...SPEC, seed });
      expect(split[0]?.split).toBe("train");
      expect(countSplits(split)).toEqual({ train: 80, validation: 10, test: 10 });
    }
  });

  it("gives every split a group when there are three, then train and test when there are two", () => {
    const at = (count: number) =>
      countSplits(
        assignSplits(
          digests(count).map((_, i) => pair(i, i)),
          digests(count),
          SPEC,
        ).pairs,
      );
    expect(at(3)).toEqual({ train: 1, validation: 1, test: 1 });
    expect(at(2)).toEqual({ train: 1, validation: 0, test: 1 });
    expect(at(1)).toEqual({ train: 1, validation: 0, test: 0 });
    expect(at(0)).toEqual({ train: 0, validation: 0, test: 0 });
  });

  it("draws the same splits for any order of the rows and indices", () => {
    const pairs = digests(30).map((_, i) => pair(i, i % 12, { group: i % 5 ? null : `g${i % 3}` }));
    const known = byRow(assignSplits(pairs, digests(30), SPEC).pairs);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(pairs, { minLength: pairs.length }),
        fc.shuffledSubarray([...digests(30).keys()], { minLength: 30 }),
        (rows, imageOrder) => {
          const place = new Map(imageOrder.map((old, now) => [old, now]));
          const images = imageOrder.map((old) => digests(30)[old]!);
          const moved = rows.map((p) => ({ ...p, media: place.get(p.media)! }));
          expect(byRow(assignSplits(moved, images, SPEC).pairs)).toEqual(known);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("follows the data's own split column, and trains on rows that name none", () => {
    const pairs = [pair(0, 0, { declared: "test" }), pair(1, 1), pair(2, 2, { declared: "train" })];
    const { pairs: split, source } = assignSplits(pairs, digests(3), SPEC);
    expect(source).toBe("column");
    expect(split.map((p) => p.split)).toEqual(["test", "train", "train"]);
  });

  it("counts the groups that the data's own split column tears apart", () => {
    const pairs = [
      pair(0, 0, { declared: "test", group: "a" }),
      pair(1, 1, { group: "a" }),
      pair(2, 2, { declared: "validation", group: "b" }),
    ];
    const { straddling } = assignSplits(pairs, digests(3), SPEC);
    expect(straddling).toEqual({ groups: 1, pairs: 2 });
  });
});

describe("resplit", () => {
  const images = digests(40).map((item, i) => ({ ...item, labels: { artist: `artist ${i % 8}` } }));
  const imported = assignSplits(
    images.map((_, i) => pair(i, i, { declared: "test" })),
    images,
    SPEC,
  ).pairs;

  it("replaces declared splits by drawn ones and keeps groups whole", () => {
    const drawn = resplit(imported, images, { ...SPEC, seed: 3 });
    expect(countSplits(drawn)).toEqual({ train: 32, validation: 4, test: 4 });
    expect(drawn.map((p) => p.group)).toEqual(imported.map((p) => p.group));
    expect(resplit(imported, images, { ...SPEC, seed: 4 })).not.toEqual(drawn);
  });

  it("keeps equal values of a label column together when asked", () => {
    const drawn = resplit(imported, images, { ...SPEC, group: "artist", test: 0.25 });
    for (let a = 0; a < 8; a++) {
      expect(new Set(drawn.filter((_, i) => i % 8 === a).map((p) => p.split)).size).toBe(1);
    }
    expect(countSplits(drawn).test).toBe(10);
  });
});

describe("pairTableOf", () => {
  it("numbers components by shared items only, not by group", () => {
    const table = pairTableOf([
      { image: 5, text: 1, split: "train" },
      { image: 2, text: 0, split: "test" },
      { image: 2, text: 1, split: "train" },
      { image: 0, text: 4, split: "validation" },
    ]);
    expect([...table.component]).toEqual([0, 0, 0, 1]);
    expect([...table.image]).toEqual([5, 2, 2, 0]);
    expect([...table.text]).toEqual([1, 0, 1, 4]);
    expect(table.split).toEqual(["train", "test", "train", "validation"]);
    expect(table.length).toBe(4);
  });

  it("is empty for no pairs", () => {
    expect(pairTableOf([])).toMatchObject({ length: 0, split: [] });
  });
});

it("knows the usual names of splits in any case, and no others", () => {
  const names = ["Train", " training ", "val", "VALID", "validation", "dev", "test", "Testing"];
  expect(names.map(splitNamed)).toEqual([
    ...["train", "train", "validation", "validation", "validation", "validation", "test", "test"],
  ]);
  expect(["", "1", "eval", "constructor", "__proto__"].map(splitNamed)).toEqual(
    Array.from({ length: 5 }),
  );
});

const byRow = (pairs: readonly { row: string; split: string; group: string }[]) =>
  Object.fromEntries(pairs.map(({ row, split, group }) => [row, { split, group }]));
