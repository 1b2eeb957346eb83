import { afterEach, beforeEach, expect, it } from "vitest";
import type { GalleryFilter } from "../../../src/core/domain/query";
import { PLAIN_SCORES } from "../../../src/core/domain/query";
import { IdbProjectStore } from "../../../src/storage/projectStore";
import { samplePair } from "../../support/samples";
import { openSearch } from "../../support/searchFixture";

let search: Awaited<ReturnType<typeof openSearch>>;

// Text 1 describes images 1 and 2; image 3 and text 2 have no label.
beforeEach(async () => {
  search = await openSearch({
    image: [[1, 0], [1, 0.1], [1, 0.2], [1, 0.3]], // prettier-ignore
    text: [[1, 0], [1, 0.1], [1, 0.2]], // prettier-ignore
    pairs: [
      samplePair(0, 0),
      { ...samplePair(1, 1, "test"), tags: ["doubtful", "mine"] },
      { ...samplePair(2, 1, "test"), tags: ["mine"] },
      { ...samplePair(3, 2, "test"), excluded: "copy", tags: ["doubtful"] },
      samplePair(3, 2, "validation"),
    ],
    labels: {
      0: { kind: "wide", season: "spring" },
      1: { kind: "wide" },
      2: { kind: "tall", season: "spring" },
    },
  });
});
afterEach(() => search.db.close());

const everywhere = { splits: ["train", "validation", "test"] } as const;

async function found(target: "image" | "text", filter: GalleryFilter) {
  const { hits, gallery } = await search.service.search({
    ...search.place,
    terms: [{ modality: "image", weight: 1, item: 0 }],
    ...{ target, limit: 9, scores: PLAIN_SCORES, filter },
  });
  expect(gallery).toBe(hits.length);
  return hits.map(({ item }) => item);
}

it("leaves all items when only splits are named and all are", async () => {
  expect(await found("image", everywhere)).toEqual([0, 1, 2, 3]);
  expect(await found("text", { splits: ["test"] })).toEqual([1]);
  expect(await found("text", { splits: [] })).toEqual([]);
});

it("keeps images by their labels, each column one of its values", async () => {
  expect(await found("image", { ...everywhere, labels: { kind: ["wide"] } })).toEqual([0, 1]);
  expect(await found("image", { ...everywhere, labels: { kind: ["wide", "tall"] } })).toEqual([
    0, 1, 2,
  ]);
  const spring = { kind: ["wide", "tall"], season: ["spring"] };
  expect(await found("image", { ...everywhere, labels: spring })).toEqual([0, 2]);
  expect(await found("image", { ...everywhere, labels: { kind: [] } })).toEqual([]);
  expect(await found("image", { ...everywhere, labels: { colour: ["red"] } })).toEqual([]);
});

it("keeps texts by the labels of their images", async () => {
  expect(await found("text", { ...everywhere, labels: { kind: ["tall"] } })).toEqual([1]);
  expect(await found("text", { ...everywhere, labels: { kind: ["wide"] } })).toEqual([0, 1]);
});

it("keeps items one of whose pairs in use has one of the tags", async () => {
  expect(await found("image", { ...everywhere, tags: ["mine"] })).toEqual([1, 2]);
  expect(await found("text", { ...everywhere, tags: ["mine"] })).toEqual([1]);
  // Image 3 has the tag by an excluded pair alone.
  expect(await found("image", { ...everywhere, tags: ["doubtful", "other"] })).toEqual([1]);
  expect(await found("image", { ...everywhere, tags: [] })).toEqual([]);
});

it("asks that every condition is fulfilled", async () => {
  const filter = { splits: ["test"], labels: { kind: ["wide"] }, tags: ["mine"] } as const;
  expect(await found("image", filter)).toEqual([1]);
  expect(await found("image", { ...filter, splits: ["train"] })).toEqual([]);
});

it("finds by a tag from the moment it is given", async () => {
  expect(await found("image", { ...everywhere, tags: ["late"] })).toEqual([]);
  const projects = new IdbProjectStore(search.db);
  const project = await projects.get("p1");
  const [pair] = await search.datasets.pairs("p1");
  await search.datasets.applyEdit(
    { ...project, updatedAt: project.updatedAt + 1 },
    { pairs: new Map([[0, { ...pair!, tags: ["late"] }]]), captions: [] },
  );
  expect(await found("image", { ...everywhere, tags: ["late"] })).toEqual([0]);
});
