import { describe, expect, it } from "vitest";
import { colouring, MOST_CATEGORIES } from "../../../src/ui/features/query/map/colouring";
import { NO_CONDITIONS, pointsWith } from "../../../src/ui/features/query/map/conditions";
import {
  itemOf,
  likeBefore,
  mapModel,
  placesFor,
} from "../../../src/ui/features/query/map/mapModel";
import { joinedPairs, pointOrder } from "../../../src/ui/features/query/map/mapScene";
import { pairsOfSelection } from "../../../src/ui/features/query/map/useMapSelection";
import { FACTS, ITEMS, SCORES } from "./mapFixture";

const model = mapModel(ITEMS, FACTS, { scores: SCORES });

describe("a map's model", () => {
  it("counts images before texts and knows each point's item, split, label and pairs", () => {
    expect(itemOf(model, 1)).toEqual({ modality: "image", item: 1 });
    expect(itemOf(model, 5)).toEqual({ modality: "text", item: 2 });
    expect([0, 1, 2, 3, 4, 5].map(model.splitOf)).toEqual([
      "train",
      "test",
      "test",
      "train",
      "test",
      "test",
    ]);
    expect([0, 1, 2, 5].map((point) => model.labelOf(FACTS.labels[0]!, point))).toEqual([
      "cat",
      "=dog",
      "",
      "=dog",
    ]);
    expect(model.pairsOf(1).map((p) => model.pairs[p]!.text)).toEqual([4, 5]);
    expect(model.pairsOf(2)).toEqual([]);
    expect(model.tagged("odd")).toEqual([1, 5]);
  });

  it("leaves out pairs of items that are not on it, and scores of other items", () => {
    const items = { image: Uint32Array.of(1), text: Uint32Array.of(2) };
    const small = mapModel(items, FACTS, { scores: SCORES });
    expect(small.pairs).toEqual([{ index: 9, image: 0, text: 1 }]);
    expect(small.ranks).toBeNull();
    expect(small.tagged("odd")).toEqual([0, 1]);
  });

  it("takes places from a layout of more items, and from none that lacks one", () => {
    const made = { items: ITEMS, places: Float32Array.from({ length: 12 }, (_, i) => i) };
    const fewer = { image: Uint32Array.of(2), text: Uint32Array.of(1) };
    expect(placesFor(fewer, made)).toEqual(Float32Array.of(4, 5, 8, 9));
    expect(placesFor({ ...fewer, text: Uint32Array.of(7) }, made)).toBeNull();
    expect(placesFor(ITEMS, made)).toBe(made.places);
  });

  it("does not flip when a newer checkpoint turns an axis round", () => {
    const before = Float32Array.of(1, 1, -2, 3);
    expect(likeBefore(Float32Array.of(-1, 1, 2, 2), before)).toEqual(Float32Array.of(1, 1, -2, 2));
    const other = Float32Array.of(1, 2);
    expect(likeBefore(other, before)).toBe(other);
  });

  it("names the pairs of selected points by their index in the project, each once", () => {
    expect(pairsOfSelection(model, [1, 4, 0, 2])).toEqual([4, 6, 9]);
  });
});

describe("colours", () => {
  it("count every point once, and leave out groups without points", () => {
    for (const by of ["modality", "split", "rank", "cosine", "label:kind", "label:gone"] as const) {
      const { groups, codes } = colouring(model, by);
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(6);
      expect(groups.every(({ count }) => count > 0)).toBe(true);
      groups.forEach(({ count }, g) =>
        expect(codes.filter((code) => code === g)).toHaveLength(count),
      );
    }
    expect(colouring(model, "split").groups.map(({ name }) => name)).toEqual(["train", "test"]);
  });

  it("put ranks into steps and what was trained on apart", () => {
    const { groups, codes } = colouring(model, "rank");
    expect(groups.map(({ name, count }) => [name, count])).toEqual([
      ["1", 1],
      ["2 to 3", 1],
      ["31 to 100", 1],
      ["trained on", 3],
    ]);
    expect(codes[5]).toBe(2);
  });

  it("share one colour among the rarer values", () => {
    const values = Array.from({ length: 12 }, (_, i) => `v${i}`);
    const codes = { image: Int32Array.of(0, 9, 11), text: Int32Array.of(7, 8, -1) };
    const many = mapModel(ITEMS, { ...FACTS, labels: [{ column: "many", values, codes }] });
    const { groups } = colouring(many, "label:many");
    expect(groups.map(({ name, count }) => [name, count])).toEqual([
      ["v0", 1],
      ["v7", 1],
      [`${12 - MOST_CATEGORIES} other values`, 3],
      ["no label", 1],
    ]);
  });

  it("survive cosines that are all equal or missing", () => {
    const equal = { ...SCORES, cosines: new Float32Array(6).fill(0.3) };
    expect(colouring(mapModel(ITEMS, FACTS, { scores: equal }), "cosine").groups).toHaveLength(1);
    const none = colouring(mapModel(ITEMS, FACTS), "cosine");
    expect(none.groups.map(({ name }) => name)).toEqual(["not computed"]);
  });
});

it("gives a point the highest mismatch of its pairs, and none where the doctor did not look", () => {
  const judged = { pair: Uint32Array.of(9, 6), mismatch: Float32Array.of(0.75, 0.25) };
  const { mismatches } = mapModel(ITEMS, FACTS, { judged });
  expect(mismatches).toEqual(Float32Array.of(NaN, 0.75, NaN, NaN, 0.25, 0.75));
  const { groups } = colouring(mapModel(ITEMS, FACTS, { judged }), "mismatch");
  expect(groups.at(-1)).toMatchObject({ name: "not judged", count: 3 });
});

it("selects by form what fulfils every condition", () => {
  const find = (conditions: Partial<typeof NO_CONDITIONS>) =>
    pointsWith(model, { ...NO_CONDITIONS, ...conditions });
  expect(find({})).toEqual([0, 1, 2, 3, 4, 5]);
  expect(find({ modality: "text", split: "test" })).toEqual([4, 5]);
  expect(find({ column: "kind", value: "=dog" })).toEqual([1, 4, 5]);
  expect(find({ tag: "odd", modality: "image" })).toEqual([1]);
  expect(find({ worstRank: 2 })).toEqual([1, 5]);
  expect(find({ column: "gone", value: "cat" })).toEqual([]);
});

it("draws every point once, what is selected on top and the rest grey", () => {
  const colours = colouring(model, "modality");
  const chosen = new Set([1, 4]);
  const { order, codes } = pointOrder(Uint32Array.of(3, 0, 5, 1, 4, 2), colours, {
    points: [1, 4],
    has: (p) => chosen.has(p),
  });
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...order.subarray(4)].sort()).toEqual([1, 4]);
  expect([...codes]).toEqual([255, 0, 255, 255, 1, 255]);
});

it("joins the pairs of the selection, else of all in view when few", () => {
  expect(joinedPairs(model, { points: [1], focus: -1 }, [0, 3])).toEqual([1, 2]);
  expect(
    joinedPairs(model, { points: [], focus: -1 }, [0, 1, 2, 3, 4]),
    "both ends in view",
  ).toEqual([0, 1]);
  const crowd = Array.from({ length: 400 }, (_, i) => i % 6);
  expect(joinedPairs(model, { points: [], focus: 3 }, crowd)).toEqual([0]);
});
