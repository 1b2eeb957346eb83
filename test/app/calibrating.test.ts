import { afterEach, beforeEach, expect, it } from "vitest";
import { Calibrating } from "../../src/app/calibrating";
import { Changes } from "../../src/app/changes";
import type { WorkerCalls } from "../../src/app/workerSlot";
import type { EncodeSummary, Measurement } from "../../src/core/domain/encodeRequest";
import { encoderById } from "../../src/core/catalogue/encoders";
import type { DevicePreference } from "../../src/core/domain/encoder";
import { AppError } from "../../src/core/errors";
import type { Progress } from "../../src/core/progress";
import type { EncodeContract } from "../../src/rpc/encodeContract";
import { openPlaygroundDb, type PlaygroundDb } from "../../src/storage/db";
import { IdbSettingStore } from "../../src/storage/settingStore";

let db: PlaygroundDb;
let channel: BroadcastChannel;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  channel = new BroadcastChannel(crypto.randomUUID());
});
afterEach(() => {
  db.close();
  channel.close();
});

const spec = encoderById("efficientnet-lite0");
const choice = { id: spec.id, pooling: "mean", layer: null } as const;

type Where = Measurement["device"];
type Times = (device: Where, threads: number) => readonly [number, number][];

interface World {
  readonly gpu?: string;
  readonly cores?: number;
  readonly isIsolated?: boolean;
  readonly during?: (device: Where, threads: number) => Promise<void>;
}

/** `times` gives [batch size, ms per item] for a device and number of threads. */
function setup(times: Times, { gpu, cores = 8, isIsolated = true, during }: World = {}) {
  const asked: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const start = (threads: number): WorkerCalls<EncodeContract> => {
    mostOpen = Math.max(mostOpen, ++open);
    return {
      async call(_method, params, options) {
        const { device } = params as EncodeContract["measure"]["params"]; // nothing else is called
        asked.push(`${device}×${threads}`);
        options?.onProgress?.({ stage: "calibrate", done: 0, total: 6, unit: "steps" } as never);
        await during?.(device, threads);
        if (options?.signal?.aborted) throw new AppError("cancelled");
        const measured: Measurement = {
          ...{ device, threads },
          adapter: device === "webgpu" ? (gpu ?? null) : null,
          trials: times(device, threads).map(([batchSize, msPerItem]) => ({
            batchSize,
            msPerItem,
          })),
        };
        return measured as never;
      },
      close: () => void open--,
    };
  };
  const deviceInfo = Promise.resolve({
    device: gpu ? ("webgpu" as const) : ("wasm" as const),
    label: gpu ? `WebGPU · ${gpu}` : "CPU · WebAssembly",
    reason: "",
    threads: 1,
  });
  const settings = new IdbSettingStore(db);
  const changes = new Changes(channel);
  const calibrating = new Calibrating({ settings, changes, deviceInfo, start, cores, isIsolated });
  const stop = new AbortController();
  const reports: Progress[] = [];
  const measure = (preference: DevicePreference = "auto") =>
    calibrating.measure(spec, {
      ...{ choice, preference },
      signal: stop.signal,
      report: (progress) => reports.push(progress),
    });
  return { calibrating, measure, asked, stop, reports, open: () => open, mostOpen: () => mostOpen };
}

it("tries WebGPU and thread counts one worker at a time, keeps the best and remembers it", async () => {
  const { measure, calibrating, asked, mostOpen, open } = setup(
    (device, threads) => (device === "webgpu" ? [[8, 9]] : [[8, 40 / threads]]),
    { gpu: "nvidia ada" },
  );
  const found = await measure();
  expect(found).toMatchObject({ device: "webgpu", adapter: "nvidia ada", batchSize: 8 });
  expect(asked).toEqual(["webgpu×1", "wasm×1"]); // four times as fast: out of threads' reach
  expect([mostOpen(), open()]).toEqual([1, 0]);
  expect(await calibrating.known(spec, "auto")).toEqual(found);
});

it("adds threads while they pay", async () => {
  const slowAtFour = setup((_, threads) => [[16, threads === 4 ? 30 : 40 / threads]]);
  expect(await slowAtFour.measure()).toMatchObject({ threads: 2, adapter: null, msPerItem: 20 });
  expect(slowAtFour.asked).toEqual(["wasm×1", "wasm×2", "wasm×4"]);
  const neverPays = setup(() => [[16, 40]]);
  expect(await neverPays.measure("wasm")).toMatchObject({ threads: 1 });
  expect(neverPays.asked).toEqual(["wasm×1", "wasm×2"]);
});

it.each([
  { isIsolated: false, asked: ["wasm×1"] },
  { cores: 2, asked: ["wasm×1", "wasm×2"] },
])("tries no threads the browser or machine does not have: %o", async ({ asked, ...world }) => {
  const { measure, ...rest } = setup((_, threads) => [[16, 40 / threads]], world);
  await measure();
  expect(rest.asked).toEqual(asked);
});

it("lets an explicit choice of device win, and keeps its figures apart", async () => {
  const { measure, calibrating, asked } = setup(
    (device) => (device === "webgpu" ? [[8, 90]] : [[8, 40]]),
    { gpu: "intel gen9", isIsolated: false },
  );
  expect(await measure("webgpu")).toMatchObject({ device: "webgpu" });
  expect(asked).toEqual(["webgpu×1"]);
  expect(await calibrating.known(spec, "auto")).toBeUndefined();
  expect(await calibrating.known(spec, "wasm")).toBeUndefined();
  expect(await measure("auto")).toMatchObject({ device: "wasm", adapter: null });
  expect(await calibrating.known(spec, "webgpu")).toMatchObject({ device: "webgpu" });
});

it("goes on with the CPU when WebGPU fails, and says so; refuses when it was asked for", async () => {
  const world: World = {
    gpu: "nvidia ada",
    during: async (device) => {
      if (device === "webgpu") throw new AppError("worker/stalled", "self-check");
    },
  };
  const { measure, reports, open } = setup(() => [[16, 40]], world);
  expect(await measure()).toMatchObject({ device: "wasm" });
  expect(reports.at(-1)?.note).toMatch(/WebGPU is not used: A background worker stopped/);
  await expect(measure("webgpu")).rejects.toMatchObject({ code: "worker/stalled" });
  expect(open()).toBe(0);
});

it("is forgotten when the network or the machine is another, or threads are gone", async () => {
  const many = setup((_, threads) => [[16, 40 / threads]], { cores: 4 });
  expect(await many.measure()).toMatchObject({ threads: 4 });
  expect(await many.calibrating.known({ ...spec, revision: "2" }, "auto")).toBeUndefined();
  for (const world of [{ cores: 2 }, { cores: 4, isIsolated: false }, { gpu: "nvidia ada" }]) {
    expect(await setup(() => [], world).calibrating.known(spec, "auto")).toBeUndefined();
  }
});

it("measures one encoder after another, and lets jobs wait for the last", async () => {
  const { measure, calibrating, asked, open, mostOpen } = setup(() => [[16, 40]], {
    during: () => new Promise((resolve) => setTimeout(resolve, 2)),
  });
  const both = [measure(), measure()];
  await calibrating.whenIdle();
  expect(asked).toEqual(["wasm×1", "wasm×2", "wasm×1", "wasm×2"]);
  expect([open(), mostOpen()]).toEqual([0, 1]);
  await Promise.all(both);
});

it("can be stopped while it runs and while it waits, without stopping the others", async () => {
  const { measure, stop, calibrating, open } = setup(() => [[16, 40]], {
    during: async () => stop.abort(),
  });
  const both = [measure(), measure()];
  for (const each of both) await expect(each).rejects.toMatchObject({ code: "cancelled" });
  await calibrating.whenIdle();
  expect(open()).toBe(0);
});

it("stops at once while another one's turn is on", async () => {
  let end = () => {};
  const { calibrating, measure, stop } = setup(() => [[16, 40]], {
    during: () => new Promise((resolve) => (end = resolve)),
  });
  const options = { choice, preference: "wasm", report: () => {} } as const;
  const first = calibrating.measure(spec, { ...options, signal: new AbortController().signal });
  const waiting = measure();
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  const finish = setInterval(() => end());
  expect(await first).toMatchObject({ batchSize: 16 });
  clearInterval(finish);
});

it("takes over the rate of a finished job, with what was tried before", async () => {
  const { measure, calibrating } = setup(() => [[16, 40]]);
  const { tried } = await measure();
  const summary: EncodeSummary = {
    encoderKey: "k",
    ...{ items: 100, encoded: 100, threads: 1, adapter: null, elapsedMs: 1, parityCosine: 1 },
    device: "wasm",
    rate: { batchSize: 16, msPerItem: 55 },
    failed: [],
  };
  await calibrating.record(spec, "auto", summary);
  expect(await calibrating.known(spec, "auto")).toMatchObject({ msPerItem: 55, tried });
  const { rate: _, ...tooFew } = summary;
  await calibrating.record(spec, "auto", tooFew);
  expect(await calibrating.known(spec, "auto")).toMatchObject({ msPerItem: 55 });
});

it("is an error, not an endless estimate, when nothing could be timed", async () => {
  await expect(setup(() => []).measure()).rejects.toMatchObject({ code: "encoder/failed" });
});
