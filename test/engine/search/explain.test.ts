import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PLAIN_SCORES } from "../../../src/core/domain/query";
import type { ProjectorPair } from "../../../src/core/domain/projector";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { openBackend } from "../../../src/engine/align/backend";
import { centredGallery } from "../../../src/engine/search/centredGallery";
import { SearchService } from "../../../src/engine/search/searchService";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { IdbProjectStore } from "../../../src/storage/projectStore";
import { IdbRunStore } from "../../../src/storage/runStore";
import * as samples from "../../support/samples";

const KINDS = 6;
const EACH = 12;
const WIDTH = 8;
const COUNT = KINDS * EACH;
const place = { projectId: "p1", runId: "r1" };
const everything = {
  filter: { splits: ["train", "validation", "test"] },
  scores: PLAIN_SCORES,
} as const;

let db: PlaygroundDb;
beforeEach(async () => (db = await openPlaygroundDb(crypto.randomUUID())));
afterEach(() => db.close());

/** Item i is of kind i mod 6, an axis of its own with a little noise; the first six are held out. */
function features(kindOf: (i: number) => number, seed: number): Matrix {
  const random = rng(seed);
  const m = matrix(COUNT, WIDTH);
  for (let i = 0; i < COUNT; i++) {
    for (let d = 0; d < WIDTH; d++) m.data[i * WIDTH + d] = 0.2 * (random() - 0.5);
    m.data[i * WIDTH + kindOf(i)]! += 1;
  }
  return m;
}

const ownKind = (i: number) => i % KINDS;

/** The image projector turns every axis into the next. */
function scrambled(): ProjectorPair {
  const pair = samples.sampleProjectors("r1", 5, WIDTH);
  const { data } = pair.image.tensors["weight"]!;
  data.fill(0);
  for (let d = 0; d < WIDTH; d++) data[d * WIDTH + ((d + 1) % WIDTH)] = 1;
  return pair;
}

async function serviceOf({
  images = features(ownKind, 1),
  projectors = samples.sampleProjectors("r1", 5, WIDTH),
} = {}) {
  const stores = {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    runs: new IdbRunStore(db),
  };
  const digests = (side: string) => Array.from({ length: COUNT }, (_, i) => `${side}${i}`);
  await stores.datasets.replaceData(samples.sampleProject(), {
    audio: [],
    sensor: [],
    image: digests("image").map(samples.sampleImage),
    text: digests("text").map((digest) => samples.sampleText(digest)),
    pairs: Array.from({ length: COUNT }, (_, i) =>
      samples.samplePair(i, i, i < KINDS ? "test" : "train"),
    ),
  });
  await stores.embeddings.putChunk("image-key", digests("image"), images);
  await stores.embeddings.putChunk("text-key", digests("text"), features(ownKind, 2));
  await stores.runs.put(samples.sampleRun());
  await stores.runs.putProjectors(projectors);
  return new SearchService({ ...stores, openBackend: () => openBackend("cpu") });
}

const caption = (item: number) => ({ modality: "text", weight: 1, item }) as const;
const axis = (d: number) => Float32Array.from({ length: WIDTH }, (_, i) => Number(i === d));

describe("scoreVectors", () => {
  it("gives what the search gives, for raw vectors and for items", async () => {
    const service = await serviceOf();
    const found = await service.search({
      ...place,
      ...everything,
      ...{ terms: [caption(2)], target: "image", limit: 3 },
    });
    const items = found.hits.map(({ item }) => item);
    const queries = [[caption(2)]];
    const answer = await service.scoreVectors({
      ...place,
      ...{ queries, rows: { modality: "image", items }, controls: null },
    });
    expect([...answer.scores]).toEqual(
      found.hits.map(({ score }) => expect.closeTo(score, 5) as number),
    );
    expect(answer).toMatchObject({ queries: 1, rows: 3, step: 5 });
  });

  it("adds random items that the question does not name, the same for the same seed", async () => {
    const service = await serviceOf();
    const rows = { modality: "image", vectors: axis(1), count: 1 } as const;
    const controls = { as: "queries", modality: "text", count: 8, seed: 3 } as const;
    const ask = () => service.scoreVectors({ ...place, queries: [[caption(1)]], rows, controls });
    const [first, second] = [await ask(), await ask()];
    expect(first).toMatchObject({ queries: 9, rows: 1 });
    expect(second.scores).toEqual(first.scores);
    // Only captions of its own kind come near to 1; another's own score is not among the controls.
    expect(first.scores.slice(1).filter((score) => score === first.scores[0])).toHaveLength(0);
  });

  it("adds them to the rows where the rows are what varies, as many as there are", async () => {
    const service = await serviceOf();
    const rows = { modality: "image", items: [0] } as const;
    const controls = { as: "rows", modality: "image", count: 1_000, seed: 0 } as const;
    const answer = await service.scoreVectors({
      ...place,
      queries: [[caption(0)]],
      rows,
      controls,
    });
    expect(answer).toMatchObject({ queries: 1, rows: COUNT });
  });

  it("says which item has no embedding", async () => {
    const service = await serviceOf();
    const rows = { modality: "image", items: [COUNT] } as const;
    await expect(
      service.scoreVectors({ ...place, queries: [[caption(0)]], rows, controls: null }),
    ).rejects.toMatchObject({ code: "embeddings/missing", detail: `image ${COUNT}` });
  });
});

describe("explainMiss", () => {
  const ask = (service: SearchService, expected: number, filter = everything.filter) =>
    service.explainMiss({
      ...place,
      ...{ terms: [caption(0)], target: "image", expected, filter, scores: PLAIN_SCORES },
    });

  it("blames the alignment where the frozen features tell the two apart", async () => {
    const report = await ask(await serviceOf({ projectors: scrambled() }), 0);
    expect(report.rank).toBeGreaterThan(EACH);
    expect(report.verdict).toBe("alignment");
    expect(report.vote!.z).toBeGreaterThan(1);
    expect(report.nearness.place).toBeGreaterThan(10);
  });

  it("blames the encoders where the picture's features are of something else", async () => {
    const images = features((i) => (i === 0 ? 3 : ownKind(i)), 1);
    const report = await ask(await serviceOf({ images }), 0);
    expect(report.rank).toBeGreaterThan(EACH - 1);
    expect(report.verdict).toBe("encoder");
    expect(report.vote!.z).toBeLessThan(-1);
    expect(report.winner.item % KINDS).toBe(0);
    expect(report.wording!.expected).toBeCloseTo(1, 5); // the query is its own caption
  });

  it("has nothing to blame where it is first", async () => {
    const service = await serviceOf();
    const { hits } = await service.search({
      ...place,
      ...everything,
      ...{ terms: [caption(0)], target: "image", limit: 1 },
    });
    const report = await ask(service, hits[0]!.item);
    expect(report).toMatchObject({ rank: 1, verdict: "first", winner: { item: hits[0]!.item } });
  });

  it("ranks an item among all where the filter leaves it out, and says so", async () => {
    const service = await serviceOf();
    const filter = { splits: ["test"] } as unknown as typeof everything.filter;
    expect(await ask(service, 0, filter)).toMatchObject({ isOutside: false, gallery: KINDS });
    expect(await ask(service, 12, filter)).toMatchObject({ isOutside: true, gallery: COUNT });
  });

  it("asks the one encoder where the query is of the target's modality", async () => {
    const service = await serviceOf({ projectors: scrambled() });
    const terms = [{ modality: "image", weight: 1, item: 0 } as const];
    const report = await service.explainMiss({
      ...place,
      ...everything,
      ...{ terms, target: "image", expected: 7 },
    });
    expect(report.direct!.expected).toBeLessThan(report.direct!.winner);
    expect(report).toMatchObject({ wording: null, vote: null, verdict: "encoder" });
  });

  it("asks neither alone where the query mixes both", async () => {
    const terms = [caption(0), { modality: "image", weight: 1, item: 1 } as const];
    const report = await (
      await serviceOf()
    ).explainMiss({ ...place, ...everything, ...{ terms, target: "image", expected: 40 } });
    expect(report).toMatchObject({ wording: null, direct: null, vote: null });
  });
});

describe("centredGallery", () => {
  it("gives the cosines of rows less their mean", () => {
    const raw = matrix(3, 2, Float32Array.of(10, 1, 12, 1, 11, 4));
    const cosines = centredGallery(raw).cosines([12, 1]);
    const cosine = (a: readonly number[], b: readonly number[]) =>
      (a[0]! * b[0]! + a[1]! * b[1]!) / (Math.hypot(...a) * Math.hypot(...b));
    expect([...cosines]).toEqual(
      [
        [-1, -1],
        [1, -1],
        [0, 2],
      ].map((row) => expect.closeTo(cosine(row, [1, -1]), 6) as number),
    );
  });

  it("takes a row at the mean for unlike everything", () => {
    const raw = matrix(3, 1, Float32Array.of(1, 2, 3));
    expect([...centredGallery(raw).cosines([3])]).toEqual([-1, 0, 1]);
  });
});
