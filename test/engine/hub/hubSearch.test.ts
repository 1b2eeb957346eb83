import { afterEach, describe, expect, it } from "vitest";
import { SPLITS } from "../../../src/core/domain/dataset";
import type { HubSearchRequest } from "../../../src/core/domain/hubQuery";
import { PLAIN_SCORES } from "../../../src/core/domain/query";
import {
  callContext,
  fourModalities,
  hubStores,
  sampleHub,
  sampleJoining,
  sampleMember,
  type HubStores,
} from "../../support/hubFixture";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

async function four() {
  const hub = await fourModalities();
  open.push(hub.db);
  return hub;
}

async function empty(): Promise<HubStores> {
  const hub = await hubStores();
  open.push(hub.db);
  return hub;
}

const unit = (vector: readonly number[]) => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / (length || 1));
};
const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, d) => sum + value * b[d]!, 0);

const ask = (change: Partial<HubSearchRequest> = {}): HubSearchRequest => ({
  hubId: "h1",
  terms: [{ memberId: "joined-audio", weight: 1, item: { projectId: "p2", item: 8 } }],
  target: "image",
  limit: 5,
  splits: SPLITS,
  scores: PLAIN_SCORES,
  ...change,
});

describe("open", () => {
  it("counts what can be found of each member, and projects only what is new", async () => {
    const { service, stores } = await four();
    const first = callContext();
    expect(await service.open({ hubId: "h1" }, first)).toEqual({
      hubId: "h1",
      gallery: { image: 24, text: 24, "joined-audio": 48, "joined-sensor": 24 },
      absent: [],
    });
    expect(first.reports.at(-1)).toEqual({
      // 24 pictures, 48 sounds, 24 windows, and the captions of each of the three projects
      ...{ stage: "project", done: 168, total: 168, unit: "items" },
    });
    const again = callContext();
    await service.open({ hubId: "h1" }, again);
    expect(again.reports).toEqual([]);
    await stores.hubs.deleteMember("h1", "joined-audio");
    const third = callContext();
    const { gallery } = await service.open({ hubId: "h1" }, third);
    expect(gallery).toEqual({ image: 24, text: 24, "joined-sensor": 24 });
    expect(third.reports).toEqual([]);
  });

  it("says in words which members have no items, and the others answer", async () => {
    const { service, stores } = await four();
    const { data: _, ...pack } = sampleMember("audio", { width: 6, id: "pack" });
    await stores.hubs.putMember({ ...pack, data: null, joined: sampleJoining(3) });
    await stores.hubs.putMember(
      sampleMember("audio", {
        ...{ width: 6, id: "raw", encoderKey: "other-key", joined: sampleJoining(4) },
        data: { projectId: "p2", digest: "p2" },
      }),
    );
    await stores.projects.delete("p3");
    const { absent, gallery } = await service.open({ hubId: "h1" }, callContext());
    expect(absent).toEqual([
      { memberId: "joined-sensor", reason: expect.stringContaining("deleted") },
      { memberId: "pack", reason: expect.stringContaining("sense pack") },
      { memberId: "raw", reason: expect.stringContaining("none of its 48 items") },
    ]);
    expect(gallery).toMatchObject({ image: 24, pack: 0, raw: 0 });
    expect((await service.search(ask(), callContext())).hits).toHaveLength(5);
    await expect(service.search(ask({ target: "raw" }), callContext())).rejects.toMatchObject({
      code: "embeddings/missing",
    });
  });

  it("finds the captions of projects that joined behind those of the hub, each once", async () => {
    const hub = await empty();
    await hub.putProject({
      id: "p1",
      rows: [
        { image: "a", text: "cat", split: "test" },
        { image: "b", text: "dog" },
      ],
    });
    await hub.putProject({
      id: "p2",
      rows: [
        { audio: "x", text: "bird", split: "train" },
        { audio: "y", text: "cat", split: "train" },
      ],
    });
    await hub.encode({
      image: { a: [1, 0, 0, 0], b: [0, 1, 0, 0] },
      text: { cat: [1, 0.1, 0, 0], dog: [0, 1, 0, 0], bird: [0, 0, 1, 0] },
      audio: { x: [0, 0, 1, 0], y: [1, 0, 0, 0] },
    });
    await hub.stores.hubs.put(sampleHub());
    await hub.stores.hubs.putMember(
      sampleMember("audio", {
        ...{ id: "voices", joined: sampleJoining() },
        data: { projectId: "p2", digest: "p2" },
      }),
    );
    const terms = [{ memberId: "voices", weight: 1, item: { projectId: "p2", item: 1 } }];
    const { hits } = await hub.service.search(ask({ terms, target: "text" }), callContext());
    expect(hits.map(({ projectId, item, split }) => [projectId, item, split])).toEqual([
      ["p1", 0, "test"], // the hub's own split of "cat" wins
      ["p1", 1, "train"],
      ["p2", 0, "train"],
    ]);
    const twin = [{ memberId: "text", weight: 1, item: { projectId: "p2", item: 1 } }];
    const found = await hub.service.search(ask({ terms: twin }), callContext());
    expect(found.hits[0]).toMatchObject({ projectId: "p1", item: 0 });
  });

  it("goes on with the other hub after one was stopped half-way", async () => {
    const { service, stores } = await four();
    await stores.hubs.put(sampleHub({ id: "h2", width: 6 }));
    const stopped = callContext();
    stopped.abort.abort();
    const [first, second] = await Promise.allSettled([
      service.open({ hubId: "h1" }, stopped),
      service.open({ hubId: "h2" }, callContext()),
    ]);
    expect(first).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
    expect(second).toMatchObject({ status: "fulfilled", value: { hubId: "h2" } });
    await expect(service.open({ hubId: "gone" }, callContext())).rejects.toMatchObject({
      code: "storage/missing",
    });
  });
});

describe("search", () => {
  it("ranks as brute force does, for sums of items and vectors of any members", async () => {
    const { service, vectors, names } = await four();
    const asked = [
      ["joined-audio", "audio", 9, 1],
      ["image", "image", 4, 0.5],
      ["joined-sensor", "sensor", 2, -0.4],
    ] as const;
    const rowOf = (modality: "audio" | "image" | "sensor", i: number) =>
      unit(Object.values(vectors[modality])[i]!);
    const sum = asked.reduce(
      (total, [, modality, i, weight]) =>
        total.map((value, d) => value + weight * rowOf(modality, i)[d]!),
      [0, 0, 0, 0, 0, 0],
    );
    const expected = names
      .map((name, item) => ({ item, score: product(unit(sum), unit(vectors.text[name]!)) }))
      .sort((a, b) => b.score - a.score);
    const { hits, gallery } = await service.search(
      ask({
        ...{ target: "text", limit: 24 },
        terms: asked.map(([memberId, modality, i, weight], at) => {
          if (at !== 1) {
            const projectId = modality === "audio" ? "p2" : "p3";
            return { memberId, weight, item: { projectId, item: i } };
          }
          const vector = Float32Array.from(Object.values(vectors[modality])[i]!);
          return { memberId, weight, vector };
        }),
      }),
      callContext(),
    );
    expect(gallery).toBe(24);
    expect(hits.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    hits.forEach(({ score, rank }, i) => {
      expect(score).toBeCloseTo(expected[i]!.score, 5);
      expect(rank).toBe(i + 1);
    });
  });

  it("ranks the chosen splits only, and nothing where there is none", async () => {
    const { service, split } = await four();
    const { hits, gallery } = await service.search(ask({ splits: ["test"] }), callContext());
    expect(gallery).toBe(8);
    expect(hits.every(({ item }) => split(item) === "test")).toBe(true);
    const none = await service.search(ask({ splits: [] }), callContext());
    expect(none).toMatchObject({ hits: [], gallery: 0 });
  });

  it.each([
    { centred: true, csls: false },
    { centred: false, csls: true },
    { centred: true, csls: true },
  ])("corrects scores by the modality a query is of: %o", async (scores) => {
    const { service, vectors, names, split } = await four();
    const training = names.map((_, i) => i).filter((i) => split(i) === "train");
    const prepare = (raw: readonly (readonly number[])[], trained: readonly number[]) => {
      const units = raw.map(unit);
      if (!scores.centred) return units;
      const mean = units[0]!.map(
        (_, d) => trained.reduce((sum, i) => sum + units[i]![d]!, 0) / trained.length,
      );
      return units.map((vector) => unit(vector.map((value, d) => value - mean[d]!)));
    };
    const trainedSounds = training.flatMap((i) => [2 * i, 2 * i + 1]);
    const sounds = prepare(Object.values(vectors.audio), trainedSounds);
    const images = prepare(Object.values(vectors.image), training);
    const expected = images
      .map((vector, item) => {
        const near = trainedSounds.map((s) => product(vector, sounds[s]!)).sort((a, b) => b - a);
        const penalty = near.slice(0, 10).reduce((sum, score) => sum + score, 0) / 10;
        const cosine = product(vector, sounds[8]!);
        return { item, score: scores.csls ? 2 * cosine - penalty : cosine };
      })
      .sort((a, b) => b.score - a.score);
    const { hits } = await service.search(ask({ limit: 24, scores }), callContext());
    expect(hits.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    hits.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i]!.score, 5));
  });

  it("says what cannot be asked", async () => {
    const { service, stores } = await four();
    const code = async (change: Partial<HubSearchRequest>) =>
      service.search(ask(change), callContext()).then(
        () => "answered",
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    const vector = (...values: number[]) => [
      { memberId: "text", weight: 1, vector: Float32Array.from(values) },
    ];
    expect(await code({ terms: [] })).toBe("query/empty");
    expect(await code({ terms: vector(1, 2) })).toBe("embeddings/width");
    expect(await code({ terms: vector(1, 2, NaN, 0, 0, 0) })).toBe("data/non-finite");
    expect(await code({ target: "gone" })).toBe("storage/missing");
    expect(
      await code({
        terms: [{ memberId: "image", weight: 1, item: { projectId: "p2", item: 0 } }],
      }),
    ).toBe("embeddings/missing");
    const [one] = ask().terms;
    expect(await code({ terms: [one!, { ...one!, weight: -1 }] })).toBe("query/empty");
    const stopped = callContext();
    stopped.abort.abort();
    await expect(service.search(ask(), stopped)).rejects.toMatchObject({ code: "cancelled" });
    const { data: _, ...pack } = sampleMember("audio", { width: 6, id: "pack" });
    await stores.hubs.putMember({ ...pack, data: null, joined: sampleJoining(3) });
    await service.open({ hubId: "h1" }, callContext());
    const packed = [{ memberId: "pack", weight: 1, vector: Float32Array.of(1, 2, 3, 4, 5, 6) }];
    expect(await code({ terms: packed })).toBe("answered");
    expect(await code({ terms: packed, scores: { centred: true, csls: false } })).toBe(
      "data/too-few",
    );
  });

  it("answers for members with one item", async () => {
    const hub = await empty();
    await hub.putProject({ id: "p1", rows: [{ image: "a", text: "cat" }] });
    await hub.encode({ image: { a: [1, 0, 0, 0] }, text: { cat: [0, 1, 0, 0] } });
    await hub.stores.hubs.put(sampleHub());
    const terms = [{ memberId: "text", weight: 1, item: { projectId: "p1", item: 0 } }];
    for (const csls of [false, true]) {
      const scores = { centred: false, csls };
      const { hits } = await hub.service.search(ask({ terms, scores }), callContext());
      expect(hits).toEqual([expect.objectContaining({ rank: 1, item: 0, cosine: 0, score: 0 })]);
    }
  });
});
