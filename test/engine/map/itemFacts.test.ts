import { expect, it } from "vitest";
import type { Item, Pair } from "../../../src/core/domain/dataset";
import { buffersOf, itemFacts } from "../../../src/engine/map/itemFacts";

const image = (i: number, kind?: string): Item => ({
  ...{ modality: "image", digest: `i${i}`, source: `${i}.png` },
  ...(kind === undefined ? {} : { labels: { kind } }),
});
const text = (i: number): Item => ({
  modality: "text",
  digest: `t${i}`,
  source: "x",
  text: `${i}`,
});
const pair = (i: number, t: number, change: Partial<Pair> = {}): Pair => ({
  ...{ image: i, text: t, group: `${i}`, split: "train", row: `${i}` },
  ...change,
});

it("gives texts the label of their first picture, and orders values by how often they come", () => {
  const { labels } = itemFacts(
    [image(0, "cat"), image(1, "dog"), image(2, "dog"), image(3), image(4, "")],
    [text(0), text(1)],
    [pair(0, 0), pair(1, 0), pair(3, 1)],
  );
  expect(labels).toEqual([
    {
      column: "kind",
      values: ["dog", "cat"],
      codes: { image: Int32Array.of(1, 0, 0, -1, -1), text: Int32Array.of(1, -1) },
    },
  ]);
});

it("counts no excluded pair and none without a side, but keeps the others' numbers", () => {
  const { pairs, tags, splits } = itemFacts(
    [image(0), image(1), image(2)],
    [text(0), text(1)],
    [
      pair(0, 0, { excluded: "blurred", tags: ["odd"] }),
      { group: "g", split: "test", row: "r", image: 1 },
      pair(2, 1, { split: "validation", tags: ["b", "odd"] }),
      pair(1, 0, { split: "test", tags: ["odd"] }),
    ],
  );
  expect(pairs.index).toEqual(Uint32Array.of(2, 3));
  expect(pairs.image).toEqual(Uint32Array.of(2, 1));
  expect(tags).toEqual([
    { name: "b", pairs: Uint32Array.of(0) },
    { name: "odd", pairs: Uint32Array.of(0, 1) },
  ]);
  expect([...splits.image]).toEqual([2, 2, 1]);
});

it("hands over every array, of no items too", () => {
  const empty = itemFacts([], [], []);
  expect(empty.pairs.index).toHaveLength(0);
  const facts = itemFacts([image(0, "a")], [text(0)], [pair(0, 0, { tags: ["x"] })]);
  const moved = structuredClone(facts, { transfer: buffersOf(facts) });
  expect(moved.tags[0]?.pairs).toEqual(Uint32Array.of(0));
  expect(facts.pairs.index).toHaveLength(0); // detached
  expect(facts.labels[0]?.codes.text).toHaveLength(0);
});
