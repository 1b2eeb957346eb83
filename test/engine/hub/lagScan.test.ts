import { afterEach, describe, expect, it } from "vitest";
import type { LagRequest } from "../../../src/core/domain/hubQuery";
import { normal } from "../../../src/core/math/normal";
import { permutation, rng } from "../../../src/core/math/rng";
import {
  callContext,
  hubStores,
  sampleHub,
  sampleJoining,
  sampleMember,
  type FixtureRow,
} from "../../support/hubFixture";

const MOMENTS = 120;

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

/** What two sensors record of one walk; the second hears of it `lag` windows later. */
function twoRecordings(lag: number) {
  const random = rng(3);
  const signal: number[][] = [];
  for (let t = 0; t < MOMENTS + 20; t++) {
    const before = signal.at(-1) ?? [0, 0, 0, 0];
    signal.push(before.map((value) => 0.5 * value + normal(random)));
  }
  const heard = (t: number, late: number) =>
    signal[t + 10 - late]!.map((value) => value + 0.7 * normal(random));
  const moments = Array.from({ length: MOMENTS }, (_, t) => t);
  return {
    sensor: Object.fromEntries(moments.map((t) => [`w${t}`, heard(t, 0)])),
    audio: Object.fromEntries(moments.map((t) => [`s${t}`, heard(t, lag)])),
  };
}

interface Streams {
  readonly lag?: number;
  /** Rows with both, of one project; else a project for each. */
  readonly isOneProject?: boolean;
  readonly change?: (row: FixtureRow, t: number) => FixtureRow;
  readonly order?: ArrayLike<number>;
}

async function opened({ lag = 3, isOneProject = false, change, order }: Streams = {}) {
  const hub = await hubStores();
  open.push(hub.db);
  const moments = Array.from({ length: MOMENTS }, (_, t) => t);
  const text = (t: number) => (t % 2 === 0 ? "walking" : "running");
  const rowsOf = (of: (t: number) => FixtureRow) => moments.map((t) => change?.(of(t), t) ?? of(t));
  await hub.putProject({ id: "p1", rows: [{ image: "a", text: "walking" }] });
  await hub.putProject({
    id: "p2",
    rows: rowsOf((t) => ({
      ...{ text: text(t), sensor: `w${t}` },
      ...(isOneProject && { audio: `s${t}` }),
    })),
  });
  const place = order ?? moments;
  await hub.putProject({
    id: "p3",
    rows: moments.map((t) => ({ text: text(t), audio: `s${place[t]}` })),
  });
  const recordings = twoRecordings(lag);
  await hub.encode({
    ...recordings,
    image: { a: [1, 0, 0, 0] },
    text: { walking: [1, 0, 0, 0.1], running: [0, 1, 0, 0] },
  });
  await hub.stores.hubs.put(sampleHub());
  for (const [at, modality] of (["sensor", "audio"] as const).entries()) {
    const projectId = modality === "sensor" || isOneProject ? "p2" : "p3";
    await hub.stores.hubs.putMember(
      sampleMember(modality, {
        joined: sampleJoining(at),
        data: { projectId, digest: projectId },
      }),
    );
  }
  return hub;
}

const ask = (change: Partial<LagRequest> = {}): LagRequest => ({
  ...{ hubId: "h1", from: "sensor", to: "audio", most: 6, seed: 0 },
  ...change,
});

describe("lagScan", () => {
  it.each([true, false])("finds a planted lag of 3 windows; one project: %s", async (one) => {
    const { service } = await opened({ isOneProject: one });
    const context = callContext();
    const found = await service.lagScan(ask(), context);
    expect(found).toMatchObject({ space: "shared", items: 120, peak: { lag: 3, low: 3, high: 3 } });
    expect(found.peak.score).toBeGreaterThan(found.null95);
    expect(found.moments).toBeUndefined();
    const mirrored = await service.lagScan(ask({ from: "audio", to: "sensor" }), callContext());
    expect(mirrored.peak.lag).toBe(-3);
    expect(context.reports.at(-1)).toEqual({
      ...{ stage: "compare", done: 100, total: 100, unit: "steps" },
    });
  });

  it("finds it in raw embeddings, also of encoded items that are in no hub", async () => {
    const { service } = await opened({ isOneProject: true });
    const raw = await service.lagScan(ask({ space: "raw", most: 4 }), callContext());
    expect(raw).toMatchObject({ space: "raw", peak: { lag: 3 } });
    expect(raw.peak.score).toBeGreaterThan(raw.null95);
    const stream = (modality: "sensor" | "audio") => ({
      ...{ projectId: "p2", modality, encoderKey: `${modality}-key` },
    });
    const streams = { from: stream("sensor"), to: stream("audio") };
    expect(
      await service.lagScan(ask({ space: "raw", most: 4, ...streams }), callContext()),
    ).toEqual(raw);
    const before = { hubId: null, space: "raw", most: 4, ...streams } as const;
    expect(await service.lagScan(ask(before), callContext())).toEqual(raw);
    await expect(
      service.lagScan(ask({ hubId: null, space: "raw" }), callContext()),
    ).rejects.toMatchObject({ code: "query/sources" });
    await expect(service.lagScan(ask(streams), callContext())).rejects.toMatchObject({
      code: "query/sources",
    });
  });

  it("needs no hub at all, and compares wide embeddings where they vary most", async () => {
    const hub = await hubStores();
    open.push(hub.db);
    const moments = Array.from({ length: 60 }, (_, t) => t);
    const { sensor, audio } = twoRecordings(3);
    const noise = rng(11);
    const wide = (of: Record<string, readonly number[]>) =>
      Object.fromEntries(
        Object.entries(of).map(([name, [a = 0, b = 0, c = 0, d = 0]]) => [
          name,
          Array.from({ length: 40 }, (_, i) => [a, b, c, d][i % 4]! + 0.3 * normal(noise)),
        ]),
      );
    await hub.putProject({ id: "p2", rows: moments.map((t) => ({ text: "t", sensor: `w${t}` })) });
    await hub.putProject({ id: "p3", rows: moments.map((t) => ({ text: "t", audio: `s${t}` })) });
    await hub.encode({ sensor: wide(sensor), audio: wide(audio) });
    const stream = (projectId: string, modality: "sensor" | "audio") => ({
      ...{ projectId, modality, encoderKey: `${modality}-key` },
    });
    const found = await hub.service.lagScan(
      ask({
        ...{ hubId: null, space: "raw", most: 5 },
        ...{ from: stream("p2", "sensor"), to: stream("p3", "audio") },
      }),
      callContext(),
    );
    expect(found.peak).toMatchObject({ lag: 3, low: 3, high: 3 });
    expect(found.peak.score).toBeGreaterThan(found.null95);
    for (const share of found.shares ?? [0]) expect(share).toBeGreaterThan(0.9);
  });

  it("says nothing above chance where the pairs are permuted", async () => {
    const { service } = await opened({ order: permutation(MOMENTS, rng(8)) });
    const { peak, null95 } = await service.lagScan(ask(), callContext());
    expect(peak.score).toBeLessThanOrEqual(null95);
  });

  it("leaves gaps where rows are excluded or not encoded", async () => {
    const { service } = await opened({
      isOneProject: true,
      change: (row, t) =>
        t === 40 ? { ...row, excluded: "cut" } : t === 50 ? { ...row, sensor: "not encoded" } : row,
    });
    const { items, peak } = await service.lagScan(ask(), callContext());
    expect(items).toBe(118);
    expect(peak.lag).toBe(3);
  });

  it("compares windows with the captions of their own rows", async () => {
    const { service } = await opened();
    const { items, points } = await service.lagScan(ask({ to: "text" }), callContext());
    expect(items).toBe(120);
    expect(points).toHaveLength(13);
  });

  it("says what cannot be scanned, and stops when told to", async () => {
    const { service } = await opened();
    const code = (change: Partial<LagRequest>, context = callContext()) =>
      service.lagScan(ask(change), context).then(
        () => "answered",
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    expect(await code({ most: 61 })).toBe("data/too-few");
    expect(await code({ most: 0 })).toBe("data/too-few");
    expect(await code({ to: "gone" })).toBe("storage/missing");
    expect(await code({ to: "image" })).toBe("data/too-few"); // one picture
    const none = { projectId: "p2", modality: "image", encoderKey: "image-key" } as const;
    expect(await code({ to: none, space: "raw" })).toBe("embeddings/missing");
    const stopped = callContext();
    setTimeout(() => stopped.abort.abort(), 5);
    expect(await code({ space: "raw" }, stopped)).toBe("cancelled");
  });
});
