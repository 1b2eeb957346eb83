import { afterEach, describe, expect, it } from "vitest";
import { SPLITS } from "../../../src/core/domain/dataset";
import type { DegradeRequest, MissingTable } from "../../../src/core/domain/hubQuery";
import { PLAIN_SCORES } from "../../../src/core/domain/query";
import { permutation, rng } from "../../../src/core/math/rng";
import {
  callContext,
  fourModalities,
  hubStores,
  sampleHub,
  sampleMember,
} from "../../support/hubFixture";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

async function four(concepts = 30) {
  const hub = await fourModalities(concepts, 2);
  open.push(hub.db);
  return hub;
}

const SOURCES = ["text", "joined-audio", "joined-sensor"];
const ask = { hubId: "h1", sources: SOURCES, target: "image" };
const rowOf = ({ rows }: MissingTable, ...present: string[]) =>
  rows.find((row) => row.present.join() === present.join())!.result;

describe("missing", () => {
  it("has a row for every subset, single modalities first, on the same queries", async () => {
    const { service } = await four();
    const context = callContext();
    const { rows, queries, target, chance } = await service.missing(ask, context);
    expect(target).toBe("image");
    expect(queries).toBe(10);
    expect(rows.map(({ present }) => present.join("+"))).toEqual([
      "text",
      "joined-audio",
      "joined-sensor",
      "text+joined-audio",
      "text+joined-sensor",
      "joined-audio+joined-sensor",
      "text+joined-audio+joined-sensor",
    ]);
    for (const { result } of rows) {
      expect(result).toMatchObject({ queries: 10, gallery: 10 });
      expect(Object.keys(result.recall)).toEqual(["1", "5", "10"]);
    }
    expect(chance).toEqual({ "1": expect.closeTo(0.1), "5": expect.closeTo(0.5), "10": 1 });
    expect(context.reports.at(-1)).toEqual({ stage: "evaluate", done: 7, total: 7, unit: "runs" });
  });

  it("is plain retrieval for one modality alone", async () => {
    const { service, names, split } = await four();
    const table = await service.missing(ask, callContext());
    const tested = names.map((_, i) => i).filter((i) => split(i) === "test");
    let hits = 0;
    for (const item of tested) {
      const { hits: found } = await service.search(
        {
          ...{ hubId: "h1", target: "image", limit: 1, splits: ["test"], scores: PLAIN_SCORES },
          terms: [{ memberId: "text", weight: 1, item: { projectId: "p1", item } }],
        },
        callContext(),
      );
      hits += Number(found[0]!.item === item);
    }
    expect(rowOf(table, "text").recall["1"]!.value).toBeCloseTo(hits / tested.length, 12);
  });

  it("leaves rows without a source as they are when it is asked with, and when it leaves", async () => {
    const { service, stores } = await four();
    const all = await service.missing(ask, callContext());
    const two = { ...ask, sources: ["text", "joined-audio"] };
    const fewer = await service.missing(two, callContext());
    for (const { present, result } of fewer.rows) expect(rowOf(all, ...present)).toEqual(result);
    await stores.hubs.deleteMember("h1", "joined-sensor");
    await service.open({ hubId: "h1" }, callContext());
    expect(await service.missing(two, callContext())).toEqual(fewer);
    await expect(service.missing(ask, callContext())).rejects.toMatchObject({
      code: "storage/missing",
    });
  });

  it("finds more with more that agrees", async () => {
    const { service } = await four(90);
    const table = await service.missing(ask, callContext());
    const recall = (...present: string[]) => rowOf(table, ...present).recall["1"]!.value;
    expect(recall(...SOURCES)).toBeGreaterThan(
      Math.max(recall("text"), recall("joined-audio"), recall("joined-sensor")),
    );
  });

  it("stays at chance where the pairs are permuted", async () => {
    const concepts = 150;
    const { service, stores, vectors, putProject, encode } = await four(concepts);
    const order = permutation(concepts, rng(5));
    const names = Object.keys(vectors.text);
    await putProject({
      id: "p2",
      rows: names.map((text, i) => ({
        ...{ text, split: i % 3 === 0 ? "test" : "train" },
        audio: `shuffled ${order[i]}`,
      })),
    });
    const own = Object.values(vectors.sensor).map((v, i) => [`shuffled ${i}`, v] as const);
    await encode({ audio: Object.fromEntries(own) });
    await service.open({ hubId: "h1" }, callContext());
    const alone = { ...ask, sources: ["joined-audio"] };
    const { rows, chance, queries } = await service.missing(alone, callContext());
    const [row] = rows;
    expect(queries).toBe(50);
    for (const k of ["5", "10"]) {
      const spread = Math.sqrt((chance[k]! * (1 - chance[k]!)) / queries);
      expect(Math.abs(row!.result.recall[k]!.value - chance[k]!)).toBeLessThan(3 * spread);
    }
    await stores.hubs.delete("h1");
  });

  it("asks each caption once, and takes all pictures with it as right", async () => {
    const hub = await hubStores();
    open.push(hub.db);
    await hub.putProject({
      id: "p1",
      rows: [
        { image: "a", text: "cat", split: "test", group: "1" },
        { image: "b", text: "cat", split: "test", group: "1" },
        { image: "c", text: "dog", split: "test" },
        { image: "d", text: "dog", split: "test", excluded: "blurred" },
        { image: "e", text: "cow", split: "train" },
      ],
    });
    await hub.encode({
      image: {
        a: [0, 1, 0, 0],
        b: [1, 0, 0, 0],
        c: [0, 0, 1, 0],
        d: [0, 0, 1, 1],
        e: [1, 1, 1, 1],
      },
      text: { cat: [1, 0, 0, 0], dog: [1, 0, 0.5, 0], cow: [0, 0, 0, 1] },
    });
    await hub.stores.hubs.put(sampleHub());
    const asked = { hubId: "h1", sources: ["text"], target: "image" };
    const { queries, rows, chance } = await hub.service.missing(asked, callContext());
    expect(queries).toBe(2);
    expect(rows[0]!.result).toMatchObject({ gallery: 3, meanRank: 1.5 }); // dog finds b first
    expect(chance["1"]).toBeCloseTo((2 / 3 + 1 / 3) / 2, 12);
  });

  it("says what cannot be asked", async () => {
    const { service, stores, putProject } = await four();
    const code = (change: object, context = callContext()) =>
      service.missing({ ...ask, ...change }, context).then(
        () => "answered",
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    expect(await code({ sources: [] })).toBe("query/sources");
    expect(await code({ sources: ["image", "text"] })).toBe("query/sources");
    expect(await code({ sources: ["text", "text"] })).toBe("query/sources");
    expect(await code({ sources: ["a", "b", "c", "d", "e"] })).toBe("query/sources");
    expect(await code({ sources: ["gone"] })).toBe("storage/missing");
    const stopped = callContext();
    await service.open({ hubId: "h1" }, callContext());
    stopped.abort.abort();
    expect(await code({}, stopped)).toBe("cancelled");
    await putProject({ id: "p3", rows: [{ sensor: "c0.0", text: "unheard of", split: "test" }] });
    await service.open({ hubId: "h1" }, callContext());
    expect(await code({ sources: ["joined-sensor"] })).toBe("data/too-few");
    await stores.projects.delete("p3");
    await service.open({ hubId: "h1" }, callContext());
    expect(await code({ sources: ["joined-sensor"] })).toBe("embeddings/missing");
  });
});

describe("degrade", () => {
  const worse = (change: Partial<DegradeRequest> = {}): DegradeRequest => ({
    ...{ ...ask, worsened: "joined-audio", how: "drop", seed: 3 },
    ...change,
  });

  it.each(["noise", "drop", "swap"] as const)("begins untouched with %s", async (how) => {
    const { service } = await four();
    const table = await service.missing(ask, callContext());
    const { points, chance } = await service.degrade(worse({ how }), callContext());
    expect(points.map(({ amount }) => amount)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(points[0]!.result).toEqual(rowOf(table, ...SOURCES));
    expect(chance).toEqual(table.chance);
    expect(await service.degrade(worse({ how }), callContext())).toMatchObject({ points });
  });

  it("is exactly the query without the part once all have dropped it", async () => {
    const { service } = await four();
    const table = await service.missing(ask, callContext());
    const { points, without } = await service.degrade(worse(), callContext());
    expect(without).toEqual(rowOf(table, "text", "joined-sensor"));
    expect(points.at(-1)!.result).toEqual(without);
  });

  it("finds nothing when the only part is dropped, and the wrong thing when it is swapped", async () => {
    const { service } = await four(60);
    const alone = { sources: ["joined-audio"] };
    const dropped = await service.degrade(worse(alone), callContext());
    expect(dropped.without).toBeNull();
    expect(dropped.points.at(-1)!.result.recall["10"]!.value).toBe(0);
    const swapped = await service.degrade(worse({ ...alone, how: "swap" }), callContext());
    const at = (i: number) => swapped.points[i]!.result.recall["1"]!.value;
    expect(at(0)).toBeGreaterThan(0.4);
    expect(at(5)).toBeLessThan(0.1);
  });

  it("falls with noise towards chance where nothing else is asked with", async () => {
    const { service } = await four(90);
    const { points } = await service.degrade(
      worse({ sources: ["joined-audio"], how: "noise" }),
      callContext(),
    );
    const recalls = points.map(({ result }) => result.recall["5"]!.value);
    expect(recalls[0]! - recalls[5]!).toBeGreaterThan(0.3);
    expect(recalls[1]).toBeLessThan(recalls[0]! + 0.05);
  });

  it("says what cannot be asked", async () => {
    const { service } = await four();
    await expect(
      service.degrade(worse({ worsened: "image" }), callContext()),
    ).rejects.toMatchObject({ code: "query/sources" });
    const hub = await hubStores();
    open.push(hub.db);
    await hub.putProject({ id: "p1", rows: [{ image: "a", text: "cat", split: "test" }] });
    await hub.encode({ image: { a: [1, 0, 0, 0] }, text: { cat: [0, 1, 0, 0] } });
    await hub.stores.hubs.put(sampleHub({ base: [sampleMember("image"), sampleMember("text")] }));
    const one = { hubId: "h1", sources: ["text"], target: "image", worsened: "text", seed: 0 };
    await expect(hub.service.degrade({ ...one, how: "swap" }, callContext())).rejects.toMatchObject(
      { code: "data/too-few" },
    );
    const { points } = await hub.service.degrade({ ...one, how: "drop" }, callContext());
    expect(points).toHaveLength(6);
  });
});

it("finds everything in all splits, but asks only what is held out", async () => {
  const { service } = await four();
  const asked = { hubId: "h1", limit: 100, splits: SPLITS, scores: PLAIN_SCORES, target: "image" };
  const terms = [{ memberId: "text", weight: 1, item: { projectId: "p1", item: 0 } }];
  expect((await service.search({ ...asked, terms }, callContext())).gallery).toBe(30);
  const { rows } = await service.missing({ ...ask, sources: ["text"] }, callContext());
  expect(rows[0]!.result.gallery).toBe(10);
});
