import { describe, expect, it } from "vitest";
import type { Pair, Split } from "../../../src/core/domain/dataset";
import { itemLinks, linkPairs, pairsByCaption, strongest } from "../../../src/engine/hub/links";

const texts = ["a", "b", "c", "d"].map((digest) => ({ digest }));

const sound = (audio: number, text: number, split: Split, change: Partial<Pair> = {}): Pair => {
  return { audio, text, split, group: `g${text}`, row: `metadata.csv:${audio + 2}`, ...change };
};

describe("linkPairs", () => {
  it("keeps a project's own splits where the hub knows none of its captions", () => {
    const { pairs } = linkPairs([sound(0, 0, "test"), sound(1, 1, "train")], texts, new Map());
    expect(pairs.map(({ split }) => split)).toEqual(["test", "train"]);
  });

  it("lets the hub's split win, so that what it was trained on is no test", () => {
    const hub = new Map<string, Split>([
      ["a", "train"],
      ["b", "test"],
    ]);
    const { pairs, splits } = linkPairs([sound(0, 0, "test"), sound(1, 1, "train")], texts, hub);
    expect(pairs.map(({ split }) => split)).toEqual(["train", "test"]);
    expect(splits).toEqual(hub);
  });

  it("moves a whole group to the strongest split the hub has for any caption of it", () => {
    const hub = new Map<string, Split>([
      ["a", "validation"],
      ["b", "train"],
    ]);
    const pairs = [0, 1, 2].map((text) => sound(text, text, "test", { group: "family" }));
    expect(linkPairs(pairs, texts, hub).pairs.map(({ split }) => split)).toEqual([
      "train",
      "train",
      "train",
    ]);
  });

  it("takes groups that share a caption as one", () => {
    const hub = new Map<string, Split>([["a", "train"]]);
    const pairs = [
      sound(0, 0, "test", { group: "one" }),
      sound(1, 1, "test", { group: "one" }),
      sound(2, 1, "test", { group: "two" }),
      sound(3, 2, "test", { group: "two" }),
      sound(4, 3, "test", { group: "three" }),
    ];
    const { pairs: linked } = linkPairs(pairs, texts, hub);
    expect(linked.map(({ split }) => split)).toEqual(["train", "train", "train", "train", "test"]);
  });

  it("does not depend on the order of the pairs", () => {
    const hub = new Map<string, Split>([
      ["b", "validation"],
      ["d", "train"],
    ]);
    const pairs = [0, 1, 2, 3].map((i) => sound(i, i, "test", { group: i < 2 ? "x" : "y" }));
    const splitsOf = (order: readonly Pair[]) =>
      new Map(linkPairs(order, texts, hub).pairs.map(({ pair, split }) => [pair.row, split]));
    expect(splitsOf(pairs.toReversed())).toEqual(splitsOf(pairs));
  });

  it("leaves out excluded pairs and pairs without a caption", () => {
    const { text: _, ...bare } = sound(1, 1, "train");
    const pairs = [sound(0, 0, "train", { excluded: "noise" }), bare];
    expect(linkPairs(pairs, texts, new Map()).pairs).toEqual([]);
  });
});

describe("itemLinks", () => {
  it("counts an item as trained on if any of its pairs is, and as test without pairs", () => {
    const linked = linkPairs(
      [
        sound(0, 0, "test", { group: "0" }),
        sound(0, 1, "train", { group: "1" }),
        sound(1, 2, "validation"),
      ],
      texts,
      new Map(),
    );
    const links = itemLinks(linked, "audio", 3);
    expect(links.splits).toEqual(["train", "validation", "test"]);
    expect(links.captions).toEqual([["a", "b"], ["c"], []]);
  });
});

it("holds out windows of a recording nobody trained on, though their captions were trained on", () => {
  const window = (sensor: number, split: Split): Pair => ({
    ...{ sensor, text: 0, split, group: `recording ${sensor}`, row: `${sensor}` },
  });
  const linked = linkPairs([window(0, "train"), window(1, "test")], texts, new Map());
  const windows = itemLinks(linked, "sensor", 2);
  expect(windows.splits).toEqual(["train", "test"]);
  const captions = { captions: [["a"]], splits: ["test"] as Split[] }; // as no frozen member saw it
  expect(pairsByCaption(windows, captions).split).toEqual(["train", "test"]);
});

describe("pairsByCaption", () => {
  const captions = (...lists: string[][]) => lists;

  it("pairs rows whose captions are equal, once each, in connected components", () => {
    const table = pairsByCaption(
      { captions: captions(["a", "b"], ["b"], ["x"]), splits: ["test", "test", "test"] },
      { captions: captions(["b", "a"], ["a"], ["y"]), splits: ["test", "test", "test"] },
    );
    const pairs = Array.from(table.image, (row, p) => [row, table.text[p]]);
    expect(pairs).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(new Set(table.component).size).toBe(1);
  });

  it("is held out only where both ends are", () => {
    const splits: Split[] = ["train", "validation", "test"];
    for (const a of splits) {
      for (const b of splits) {
        const table = pairsByCaption(
          { captions: [["c"]], splits: [a] },
          { captions: [["c"]], splits: [b] },
        );
        expect(table.split).toEqual([strongest(a, b)]);
      }
    }
  });
});
