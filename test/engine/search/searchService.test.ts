import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { classify } from "../../../src/engine/search/classify";
import { compareLabel } from "../../../src/engine/search/compareLabel";
import { SearchService } from "../../../src/engine/search/searchService";
import { openBackend } from "../../../src/engine/align/backend";
import type { Split } from "../../../src/core/domain/dataset";
import type { Project, ProjectData } from "../../../src/core/domain/project";
import { PLAIN_SCORES } from "../../../src/core/domain/query";
import { matrix } from "../../../src/core/math/matrix";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { IdbProjectStore } from "../../../src/storage/projectStore";
import { IdbRunStore } from "../../../src/storage/runStore";
import {
  sampleImage,
  samplePair,
  sampleProject,
  sampleProjectors,
  sampleRun,
  sampleText,
} from "../../support/samples";

let db: PlaygroundDb;
let runs: IdbRunStore;
let service: SearchService;

const place = { projectId: "p1", runId: "r1" };
const all = ["train", "validation", "test"] as const;

beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  runs = new IdbRunStore(db);
  const datasets = new IdbDatasetStore(db);
  const embeddings = new IdbEmbeddingStore(db);
  await datasets.replaceData(sampleProject(), {
    audio: [],
    sensor: [],
    image: ["a", "b", "c", "d"].map((digest) => ({
      ...sampleImage(digest),
      labels: { kind: digest === "c" ? "tall" : "wide" },
    })),
    text: ["x", "y", "z"].map((digest) => sampleText(digest)),
    pairs: [
      samplePair(0, 0, "train"),
      samplePair(1, 1, "test"),
      samplePair(2, 2, "validation"),
      samplePair(3, 0, "train"),
    ],
  });
  // Image d was refused by the encoder: it has no embedding.
  await embeddings.putChunk("image-key", ["a", "b", "c"], rows([1, 0], [0.6, 0.8], [0, 2]));
  await embeddings.putChunk("text-key", ["x", "y", "z"], rows([1, 0], [0.8, 0.6], [0, 1]));
  await runs.put(sampleRun());
  await runs.putProjectors(sampleProjectors("r1", 5));
  service = new SearchService({
    projects: new IdbProjectStore(db),
    datasets,
    embeddings,
    runs,
    openBackend: () => openBackend("cpu"),
  });
});
afterEach(() => db.close());

/** The project as an edit leaves it, as far as the search looks. */
async function projectWithDigest(digest: string): Promise<Project> {
  const project = await new IdbProjectStore(db).get("p1");
  return { ...project, data: { ...project.data, digest } as ProjectData };
}

const plain = { filter: { splits: all }, scores: PLAIN_SCORES } as const;
const rows = (...r: number[][]) => matrix(r.length, 2, Float32Array.from(r.flat()));
const words = (...vector: number[]) =>
  ({ modality: "text", weight: 1, vector: Float32Array.from(vector) }) as const;

describe("SearchService", () => {
  it("ranks the gallery by cosine, and names the split of every hit", async () => {
    const answer = await service.search({
      ...place,
      terms: [words(0, 3)],
      target: "image",
      limit: 2,
      ...plain,
    });
    expect(answer.hits.map(({ item, rank, split }) => [item, rank, split])).toEqual([
      [2, 1, "validation"],
      [1, 2, "test"],
    ]);
    expect(answer.hits.map(({ score }) => score)).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(0.8, 5),
    ]);
    expect(answer).toMatchObject({ gallery: 3, step: 5 });
  });

  it("searches only the splits asked for", async () => {
    const query = { modality: "image", weight: 1, item: 1 } as const;
    const answer = await service.search({
      ...place,
      terms: [query],
      target: "text",
      limit: 9,
      filter: { splits: ["validation", "test"] },
      scores: PLAIN_SCORES,
    });
    expect(answer.hits.map(({ item }) => item)).toEqual([1, 2]);
    expect(answer.gallery).toBe(2);
  });

  it("says which item has no embedding instead of ranking without it", async () => {
    const query = { modality: "image", weight: 1, item: 3 } as const;
    await expect(
      service.search({ ...place, terms: [query], target: "text", limit: 9, ...plain }),
    ).rejects.toMatchObject({ code: "embeddings/missing", detail: "image 3" });
  });

  it("answers from the newest checkpoint after open, and from the one before until then", async () => {
    const ask = () =>
      service.search({ ...place, terms: [words(0, 1)], target: "image", limit: 1, ...plain });
    expect((await ask()).step).toBe(5);
    await runs.putProjectors(sampleProjectors("r1", 6));
    expect((await ask()).step).toBe(5);
    expect(await service.open(place)).toMatchObject({ step: 6, gallery: { image: 3, text: 3 } });
    expect((await ask()).step).toBe(6);
  });

  it("goes back from a training to what is stored, also at the same step", async () => {
    const ask = () =>
      service.search({ ...place, terms: [words(0, 1)], target: "image", limit: 1, ...plain });
    const live = sampleProjectors("r1", 5);
    const { weight } = live.image.tensors;
    weight!.data.set([0, 1, 1, 0]);
    const stored = (await ask()).hits;
    expect(await service.open({ ...place, projectors: live })).toMatchObject({ step: 5 });
    const followed = (await ask()).hits;
    await service.open(place);
    expect((await ask()).hits).toEqual(stored);
    expect(followed).not.toEqual(stored);
  });

  it("finds no item all of whose pairs are excluded, from the next open on", async () => {
    await service.open(place);
    const datasets = new IdbDatasetStore(db);
    const { id } = await projectWithDigest("edited");
    const [, , third] = await datasets.pairs(id);
    const change = { pairs: new Map([[2, { ...third!, excluded: "copy" }]]), captions: [] };
    await datasets.applyEdit(await projectWithDigest("edited"), change);
    expect(await service.open(place)).toMatchObject({ gallery: { image: 2, text: 2 } });
    const query = words(0, 3);
    const images = { ...place, terms: [query], target: "image", limit: 9, ...plain } as const;
    expect((await service.search(images)).hits.map(({ item }) => item)).toEqual([1, 0]);
    const classified = await classify(await service.current(place), datasets, {
      ...{ labels: ["wide"], templates: ["{}"], truth: null, splits: all },
      vectors: Float32Array.of(1, 0),
    });
    expect(classified.items.map(({ item }) => item)).toEqual([0, 1]);
  });

  it("refuses projectors that give NaN", async () => {
    const broken = sampleProjectors("r1", 7);
    broken.text.tensors["weight"]!.data.fill(NaN);
    await runs.putProjectors(broken);
    await service.open(place);
    await expect(
      service.search({ ...place, terms: [words(0, 1)], target: "image", limit: 1, ...plain }),
    ).rejects.toMatchObject({ code: "data/non-finite" });
  });
});

describe("classify", () => {
  const request = (splits: readonly Split[], truth: string | null) => ({
    labels: ["wide", "tall"],
    // Two templates per label, of different lengths: normalised before the mean.
    vectors: Float32Array.of(5, 0, 1, 0, 0, 1, 0, 9),
    templates: ["a {}", "the {}"],
    truth,
    splits,
  });
  const ask = async (...words: Parameters<typeof request>) =>
    classify(await service.current(place), new IdbDatasetStore(db), request(...words));
  const compare = async (label: number, ...words: Parameters<typeof request>) => {
    const asked = { ...request(...words), label };
    return compareLabel(await service.current(place), new IdbDatasetStore(db), asked);
  };

  it("gives each image its nearest label with a softmax probability, and counts them", async () => {
    const { items, counts, score } = await ask(["train", "validation", "test"], null);
    expect(items.map(({ item, label, truth }) => [item, label, truth])).toEqual([
      [0, 0, -1],
      [1, 1, -1],
      [2, 1, -1],
    ]);
    expect(counts).toEqual([1, 2]);
    expect(score).toBeNull();
    // Image b: cosines 0.6 and 0.8 at logit scale 10.
    expect(items[1]!.probability).toBeCloseTo(1 / (1 + Math.exp(10 * (0.6 - 0.8))), 5);
  });

  it("scores against a label column, with the ceiling of the frozen features beside it", async () => {
    const { score, chance } = await ask(["validation", "test"], "kind");
    expect(score).toMatchObject({ label: "kind", classes: 2, queries: 2, macro: 0.5 });
    expect(score!.top1.value).toBe(0.5);
    // The only training image is "wide": the ceiling gets b right and can never say "tall".
    expect(score).toMatchObject({ ceiling: 0.5, knnCeiling: 0.5 });
    expect(chance!.value).toBe(0.5);
  });

  it("says per class what was found and what it was taken for", async () => {
    const { score } = await ask(["validation", "test"], "kind");
    expect(score).toMatchObject({ templates: ["a {}", "the {}"] });
    expect(score!.perClass).toEqual([
      { name: "wide", images: 1, recall: 0, precision: null },
      { name: "tall", images: 1, recall: 1, precision: 0.5 },
    ]);
    expect([...score!.confusion!]).toEqual([0, 1, 0, 1]);
  });

  it("names the labels that came next, so that all of two sum to one", async () => {
    const { items } = await ask(["train", "validation", "test"], null);
    for (const { label, probability, next } of items) {
      expect(next).toEqual([
        { label: 1 - label, probability: expect.closeTo(1 - probability, 12) },
      ]);
    }
  });

  it("looks at one label against all others, with its precision and recall", async () => {
    const { items } = await ask(all, "kind");
    const compared = await compare(1, all, "kind");
    expect(compared).toMatchObject({ label: 1, curve: { positives: 1, items: 3 } });
    const ofLabel = items.map(({ label, probability }) =>
      label === 1 ? probability : 1 - probability,
    );
    expect([...compared.probabilities]).toEqual(ofLabel.map((p) => expect.closeTo(p, 12)));
    // c, the only tall one, is nearest to the word; b is second.
    expect(compared.curve!.points.map(({ flagged, hits }) => [flagged, hits])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(compared.curve!.best).toMatchObject({ flagged: 1, hits: 1 });
  });

  it("has no curve for a label nobody is known to have", async () => {
    expect(await compare(1, ["test"], "kind")).toMatchObject({ label: 1, curve: null });
    expect(await compare(0, ["test"], null)).toMatchObject({ curve: null });
  });

  it("gives a label the probabilities of the classification, to the bit", async () => {
    const { items } = await ask(all, null);
    for (const label of [0, 1]) {
      const { probabilities } = await compare(label, all, null);
      const best = items.filter((item) => item.label === label);
      expect(best.map(({ item }) => probabilities[item])).toEqual(best.map((i) => i.probability));
    }
  });

  it("compares a label of words that were not classified, or not last, all the same", async () => {
    const first = await compare(1, all, "kind");
    await ask(["test"], "kind");
    expect(await compare(1, all, "kind")).toEqual(first);
    expect((await compare(1, ["test"], "kind")).probabilities).toHaveLength(1);
    await expect(compare(2, all, "kind")).rejects.toMatchObject({ code: "data/shape" });
  });

  it("projects no prompt again for a label of the last classification", async () => {
    await ask(all, "kind");
    const space = await service.current(place);
    const project = vi.spyOn(space, "project");
    await compare(0, all, "kind");
    await compare(1, all, "kind");
    expect(project).not.toHaveBeenCalled();
  });

  it("classifies pictures that are not of the project by the same numbers", async () => {
    const vectors = Float32Array.of(5, 0, 1, 0, 0, 1, 0, 9);
    const images = Float32Array.of(0.6, 0.8, 0, 2);
    const asked = { ...place, labels: 2, templates: 2, vectors, images, count: 2 };
    const { probabilities } = await service.classifyVectors(asked);
    const { items } = await ask(["train", "validation", "test"], null);
    expect(probabilities[1]).toBeCloseTo(items[1]!.probability, 6);
    expect(probabilities[3]).toBeCloseTo(items[2]!.probability, 6);
    expect(probabilities[0]! + probabilities[1]!).toBeCloseTo(1, 12);
    const wide = { ...asked, images: Float32Array.of(1, 2, 3, 4, 5, 6) };
    await expect(service.classifyVectors(wide)).rejects.toMatchObject({ code: "embeddings/width" });
  });

  it("has no ceiling when no training image is left to learn it from", async () => {
    const { score } = await ask(["train"], "kind");
    expect(score).toMatchObject({ ceiling: null, knnCeiling: null });
  });
});
