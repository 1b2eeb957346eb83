import { afterEach, beforeEach, expect, it } from "vitest";
import type { Project } from "../../../src/core/domain/project";
import type { DatasetStore } from "../../../src/core/ports";
import { ItemCache } from "../../../src/ui/components/search/itemCache";
import { findItem, loadItemIndex } from "../../../src/ui/components/search/itemIndex";
import { loadPairIndex } from "../../../src/ui/features/query/pairIndex";
import { projectWithPairs } from "../../support/projects";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
let project: Project;
beforeEach(async () => {
  services = await testServices();
  project = await projectWithPairs(services, 20);
});
afterEach(() => services.close());

const datasets = () => services.stores.datasets;

it("knows the shapes of all pictures and how many have each label", async () => {
  const index = await loadItemIndex(datasets(), project.id);
  expect([index.ratioOf(3), index.ratioOf(99)]).toEqual([1, 1]);
  expect([...(index.labels.get("category") ?? [])]).toEqual([
    ["animals", 10],
    ["objects", 10],
  ]);
});

it("finds an item by its content, over more items than one window, or not at all", async () => {
  const many: Pick<DatasetStore, "itemRange"> = {
    itemRange: async (_, __, start, end) =>
      Array.from({ length: Math.max(0, Math.min(end, 5_000) - start) }, (_, i) => ({
        ...{ modality: "text", source: "a.csv", digest: `d${start + i}` },
      })),
  };
  const find = (digest: string) =>
    findItem(many as DatasetStore, "p", { modality: "text", digest });
  expect(await Promise.all(["d0", "d4999", "d5000"].map(find))).toEqual([0, 4999, undefined]);
});

it("reads the record of an item once, and again after it could not be read", async () => {
  let reads = 0;
  const failing: Pick<DatasetStore, "itemRange"> = {
    itemRange: async (_, modality, start) => {
      if (reads++ === 0) throw new Error("busy");
      return [{ modality, digest: `d${start}`, source: "a" }];
    },
  };
  const cache = new ItemCache(failing as DatasetStore, "p");
  await expect(cache.get("image", 512)).rejects.toThrow("busy");
  const found = await Promise.all([cache.get("image", 512), cache.get("image", 513)]);
  expect(found).toEqual([{ modality: "image", digest: "d512", source: "a" }, undefined]);
  expect(reads).toBe(2);
});

it("keeps the records used last and lets the oldest go", async () => {
  const read: number[] = [];
  const counting: Pick<DatasetStore, "itemRange"> = {
    itemRange: async (_, __, start) => {
      read.push(start / 512);
      return [];
    },
  };
  const cache = new ItemCache(counting as DatasetStore, "p");
  for (let block = 0; block < 64; block++) await cache.get("image", block * 512);
  await cache.get("image", 0); // used again: no longer the oldest
  await cache.get("image", 64 * 512);
  await cache.get("image", 0);
  await cache.get("image", 512);
  expect(read.slice(64)).toEqual([64, 1]);
});

it("knows partners both ways, and the tags of pairs and items", async () => {
  await services.stores.datasets.applyEdit(project, {
    pairs: new Map([
      [4, { image: 4, text: 4, group: "g4", split: "train", row: "r", tags: ["odd", "checked"] }],
      [5, { image: 4, text: 5, group: "g4", split: "train", row: "r", tags: ["odd"] }],
      [6, { image: 6, text: 6, group: "g6", split: "train", row: "r", tags: ["x"], excluded: "y" }],
    ]),
    captions: [],
  });
  const index = await loadPairIndex(datasets(), project.id);
  expect(index.captionsOf(4)).toEqual([4, 5]);
  expect(index.imagesOf(5)).toEqual([4]);
  expect([...index.tags]).toEqual([
    ["checked", 1],
    ["odd", 2],
  ]);
  expect(index.tagsOf("image", 4)).toEqual(["odd", "checked"]);
  expect([index.tagsOf("text", 5), index.tagsOf("image", 7)]).toEqual([["odd"], []]);
});
