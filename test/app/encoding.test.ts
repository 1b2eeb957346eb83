import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Calibrating } from "../../src/app/calibrating";
import { Changes } from "../../src/app/changes";
import { EncodeWorker } from "../../src/app/encodeWorker";
import { Encoding } from "../../src/app/encoding";
import { Jobs } from "../../src/app/jobs";
import { WorkerSlot } from "../../src/app/workerSlot";
import type { EncodeSummary } from "../../src/core/domain/encodeRequest";
import { encoderById } from "../../src/core/catalogue/encoders";
import type { DevicePreference } from "../../src/core/domain/encoder";
import type { ProjectData } from "../../src/core/domain/project";
import { AppError } from "../../src/core/errors";
import { WorkerClient } from "../../src/rpc/client";
import type { EncodeContract } from "../../src/rpc/encodeContract";
import type { Handlers } from "../../src/rpc/server";
import { openPlaygroundDb, type PlaygroundDb } from "../../src/storage/db";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbSettingStore } from "../../src/storage/settingStore";
import { fakeWorker } from "../support/fakeWorker";
import { sampleProject } from "../support/samples";
import { eventually } from "../support/eventually";

let db: PlaygroundDb;
let channel: BroadcastChannel;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  await new IdbProjectStore(db).put(sampleProject());
  channel = new BroadcastChannel(crypto.randomUUID());
});
afterEach(() => {
  vi.useRealTimers();
  db.close();
  channel.close();
});

const summary: EncodeSummary = {
  encoderKey: "k",
  items: 4,
  encoded: 4,
  device: "wasm",
  threads: 1,
  adapter: null,
  elapsedMs: 1,
  parityCosine: 1,
  failed: [],
};

/** Pictures enough to be worth measuring: at 45 ms each, over two minutes. */
const MANY = 3_246;

type EncodeItems = Handlers<EncodeContract>["encodeItems"];
const refuse = () => Promise.reject(new AppError("internal", "not asked"));

interface World {
  readonly device?: DevicePreference;
  readonly hasGpu?: boolean;
  readonly encodeQuery?: Handlers<EncodeContract>["encodeQuery"];
  readonly measure?: Handlers<EncodeContract>["measure"];
  /** Already encoded. */
  readonly encoded?: number;
}

/** Encoding over fake workers, each of whose lives can be ended from inside `encodeItems`. */
function setup(encodeItems: (crash: () => void) => EncodeItems, world: World = {}) {
  const jobs = new Jobs();
  const lives: { terminated: boolean; threads: number | null }[] = [];
  const start = (threads: number | null) => {
    const life = { terminated: false, threads };
    lives.push(life);
    const { worker, crash } = fakeWorker<EncodeContract>({
      encodeItems: encodeItems(() => crash()),
      encodeQuery: world.encodeQuery ?? refuse,
      encodeSample: refuse,
      pictureParts: refuse,
      compareVectors: refuse,
      countEncoded: async () => ({ encoded: world.encoded ?? 0, total: MANY, encoderKey: "k" }),
      measure: world.measure ?? refuse,
    });
    const terminate = () => {
      life.terminated = true;
      worker.terminate();
    };
    return new WorkerClient<EncodeContract>({ ...worker, terminate });
  };
  const changes = new Changes(channel);
  const settings = new IdbSettingStore(db);
  const label = world.hasGpu ? "WebGPU · nvidia ada" : "CPU · WebAssembly";
  const device = world.hasGpu ? "webgpu" : "wasm";
  const calibrating = new Calibrating({
    settings,
    changes,
    deviceInfo: Promise.resolve({ device, label, reason: "", threads: 1 }),
    start: (threads) => new WorkerSlot(() => start(threads)),
    cores: 2,
    isIsolated: true,
  });
  const worker = new EncodeWorker(start);
  const encoding = new Encoding({
    projects: new IdbProjectStore(db),
    encoders: new IdbEncoderStore(db),
    workers: { image: worker, text: worker, audio: worker, sensor: worker },
    calibrating,
    ...{ jobs, changes },
    device: () => world.device ?? "wasm",
  });
  return { encoding, calibrating, jobs, lives, job: () => jobs.get(Encoding.job("p1", "image")) };
}

/**
 * The worker's encoding over `items`, with the same order of reports as the real one; whatever
 * `meet` does to the worker when it meets an item happens before the batch is finished.
 */
function encoderOf(items: readonly string[], meet: (digest: string, crash: () => void) => boolean) {
  const encoded = new Set<string>();
  const handler =
    (crash: () => void): EncodeItems =>
    async ({ skip, suspects, batchSize }, { report }) => {
      const left = items.filter((digest) => !encoded.has(digest) && !skip.includes(digest));
      const groups = suspects.map((group) => group.filter((digest) => left.includes(digest)));
      const suspected = new Set(suspects.flat());
      const rest = left.filter((digest) => !suspected.has(digest));
      const size = batchSize ?? 16;
      for (let at = 0; at < rest.length; at += size) groups.push(rest.slice(at, at + size));
      const progress = { stage: "encode", total: items.length, unit: "items" } as const;
      report({ ...progress, done: encoded.size });
      for (const group of groups) {
        report({ ...progress, done: encoded.size, inFlight: group });
        // A real worker's messages arrive before its end does; the fake one's need a moment.
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (group.some((digest) => meet(digest, crash))) await new Promise(() => {});
        for (const digest of group) encoded.add(digest);
        report({ ...progress, done: encoded.size });
      }
      const failed = skip.map((digest) => ({ digest, source: digest, reason: "left out" }));
      return { ...summary, items: items.length, encoded: encoded.size, failed };
    };
  return { encoded, handler };
}

/** The clock of the watchdogs runs by hand; everything else really happens meanwhile. */
async function passMs(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    vi.advanceTimersByTime(5_000);
  }
}
const stopClock = () =>
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });

const digests = (count: number) => Array.from({ length: count }, (_, i) => `d${i}`);
const crashOn =
  (...deadly: string[]) =>
  (digest: string, crash: () => void) => {
    if (!deadly.includes(digest)) return false;
    crash();
    return true;
  };

describe("an item that ends the worker", () => {
  it("costs itself and nothing else", async () => {
    const { encoded, handler } = encoderOf(digests(40), crashOn("d21"));
    const { encoding, job, lives } = setup(handler);
    const result = await encoding.encode("p1", "image");
    expect(result?.failed.map(({ digest }) => digest)).toEqual(["d21"]);
    expect(encoded.size).toBe(39);
    expect(job().status).toBe("done");
    expect(lives.length).toBeLessThan(8);
  });

  it("is found beside a second one", async () => {
    const { encoded, handler } = encoderOf(digests(40), crashOn("d2", "d33"));
    const { encoding } = setup(handler);
    const result = await encoding.encode("p1", "image");
    expect(result?.failed.map(({ digest }) => digest).sort()).toEqual(["d2", "d33"]);
    expect(encoded.size).toBe(38);
  });

  it("is found when it hangs instead of crashing", async () => {
    stopClock();
    const { encoded, handler } = encoderOf(digests(4), (digest) => digest === "d1");
    const { encoding } = setup(handler);
    const result = encoding.encode("p1", "image");
    await passMs(10 * 40_000);
    expect((await result)?.failed.map(({ digest }) => digest)).toEqual(["d1"]);
    expect(encoded.size).toBe(3);
  });

  it("is told apart from an encoder that ends it with every item: gives up, with what to do", async () => {
    const { encoding, job, lives } = setup(encoderOf(digests(40), crashOn(...digests(40))).handler);
    expect(await encoding.encode("p1", "image")).toBeUndefined();
    expect(job()).toMatchObject({ status: "failed", error: { code: "encoder/crashes" } });
    expect(lives.length).toBeLessThan(12);
  });

  it("says while it looks that it does", async () => {
    const notes = new Set<string | undefined>();
    const { encoding, jobs, job } = setup(encoderOf(digests(8), crashOn("d5")).handler);
    jobs.subscribe(() => {
      const state = job();
      if (state.status === "running") notes.add(state.progress?.note);
    });
    await encoding.encode("p1", "image");
    expect([...notes].join()).toContain("looking for it");
  });
});

it("goes on by itself after a crash by chance, and loses nothing", async () => {
  let crashed = false;
  const { encoded, handler } = encoderOf(digests(20), (digest, crash) => {
    if (crashed || digest !== "d17") return false;
    crashed = true;
    crash();
    return true;
  });
  const { encoding } = setup(handler);
  expect(await encoding.encode("p1", "image")).toMatchObject({ encoded: 20, failed: [] });
  expect(encoded.size).toBe(20);
});

it("gives up after three crashes before any item was touched", async () => {
  const started = vi.fn();
  const { encoding, job } = setup((crash) => async () => {
    started();
    crash();
    return new Promise(() => {});
  });
  expect(await encoding.encode("p1", "image")).toBeUndefined();
  expect(started).toHaveBeenCalledTimes(3);
  expect(job()).toMatchObject({ status: "failed", error: { code: "worker/crashed" } });
});

it("does not retry what retrying cannot mend", async () => {
  const started = vi.fn();
  const { encoding, job } = setup(() => async () => {
    started();
    throw new AppError("storage/quota");
  });
  await encoding.encode("p1", "image");
  expect(started).toHaveBeenCalledOnce();
  expect(job()).toMatchObject({ status: "failed", error: { code: "storage/quota" } });
});

describe("a graphics driver that hangs", () => {
  const hangOnGpu = (devices: string[], stage: "self-check" | "encode") => () =>
    (async ({ device }, { report }) => {
      devices.push(device);
      const inFlight = stage === "encode" ? { inFlight: ["d0", "d1"] } : {};
      report({ stage, done: 0, total: 2, unit: "items", ...inFlight });
      return device === "wasm" ? summary : new Promise(() => {});
    }) satisfies EncodeItems;

  it("while the encoder opens costs two minutes, then the CPU is used, for good", async () => {
    stopClock();
    const devices: string[] = [];
    const { encoding } = setup(hangOnGpu(devices, "self-check"), { device: "auto", hasGpu: true });
    const first = encoding.encode("p1", "image");
    await passMs(130_000);
    expect(await first).toEqual(summary);
    expect(await encoding.encode("p1", "image")).toEqual(summary);
    expect(devices).toEqual(["auto", "wasm", "wasm"]);
  });

  it("while encoding is not put down to the items", async () => {
    stopClock();
    const devices: string[] = [];
    const { encoding } = setup(hangOnGpu(devices, "encode"), { device: "auto", hasGpu: true });
    const result = encoding.encode("p1", "image");
    await passMs(150_000);
    expect((await result)?.failed).toEqual([]);
    expect(devices).toEqual(["auto", "auto", "wasm"]);
  });
});

describe("a stop", () => {
  it("is a cancelled job, not a failed one", async () => {
    const { encoding, job, jobs } = setup(() => async (_, { signal, report }) => {
      report({ stage: "encode", done: 1, total: 4, unit: "items" });
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    });
    const done = encoding.encode("p1", "image");
    await eventually(() => expect(job()).toMatchObject({ progress: { done: 1 } }));
    encoding.stop("p1", "image");
    expect(job().status).toBe("cancelling");
    await done;
    expect(job()).toMatchObject({ status: "cancelled", progress: { done: 1, total: 4 } });
    jobs.dismiss(Encoding.job("p1", "image"));
    expect(job().status).toBe("idle");
  });

  it.each(["load-encoder", "self-check"] as const)(
    "does not wait for a worker that is busy with %s",
    async (stage) => {
      const { encoding, job, lives } = setup(() => async (_, { report }) => {
        report({ stage, done: 0, total: 1, unit: "items" });
        return new Promise(() => {}); // blocked: not even the stop is read
      });
      const done = encoding.encode("p1", "image");
      await eventually(() => expect(job()).toMatchObject({ progress: { stage } }));
      const started = performance.now();
      encoding.stop("p1", "image");
      await done;
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(job().status).toBe("cancelled");
      expect(lives.at(-1)?.terminated).toBe(true);
    },
  );
});

describe("memory", () => {
  it("is freed when the job is done", async () => {
    const { encoding, lives } = setup(() => async () => summary);
    await encoding.encode("p1", "image");
    expect(lives).toEqual([{ terminated: true, threads: null }]);
  });

  it("stays with a worker that queries use", async () => {
    const answer = { vectors: new Float32Array(2), rows: 1, cols: 2, elapsedMs: 1 };
    const { encoding, lives } = setup(() => async () => summary, {
      encodeQuery: async () => answer,
    });
    await encoding.encodeQuery(sampleProject(), "image", [{ image: new Blob() }]);
    await encoding.encode("p1", "image");
    await encoding.encodeQuery(sampleProject(), "image", [{ image: new Blob() }]);
    expect(lives).toEqual([{ terminated: false, threads: null }]);
  });

  it("is freed only after the last call, when one is still running", async () => {
    let answer = (_: { encoded: number; total: number; encoderKey: string }) => {};
    const worker = new EncodeWorker(() => {
      const { worker: port } = fakeWorker<EncodeContract>({
        encodeItems: async () => summary,
        encodeQuery: refuse,
        encodeSample: refuse,
        pictureParts: refuse,
        compareVectors: refuse,
        countEncoded: () => new Promise((resolve) => (answer = resolve)),
        measure: refuse,
      });
      return new WorkerClient<EncodeContract>(port);
    });
    const choice = sampleProject().encoders.image;
    const count = worker.call("countEncoded", { projectId: "p1", modality: "image", choice });
    await new Promise((resolve) => setTimeout(resolve, 5));
    worker.release();
    const counted = { encoded: 1, total: 1, encoderKey: "k" };
    answer(counted);
    expect(await count).toEqual(counted);
  });
});

describe("a long job that was never measured", () => {
  beforeEach(async () => {
    const report = { items: { image: MANY, text: MANY, audio: 0, sensor: 0 } };
    const data = { report } as unknown as ProjectData; // nothing else of it is read here
    await new IdbProjectStore(db).put(sampleProject("p1", { data }));
  });
  const twice: Handlers<EncodeContract>["measure"] = async ({ device }) => ({
    ...{ device, adapter: null },
    threads: 2,
    trials: [{ batchSize: 8, msPerItem: 20 }],
  });
  const sizes: (number | null)[] = [];
  const noteSize = () =>
    (async ({ batchSize }) => {
      sizes.push(batchSize);
      return summary;
    }) satisfies EncodeItems;
  beforeEach(() => void sizes.splice(0));

  it("is measured first, and then encoded with what was found", async () => {
    const { encoding, lives } = setup(noteSize, { measure: twice });
    await encoding.encode("p1", "image");
    await encoding.encode("p1", "image");
    expect(sizes).toEqual([8, 8]);
    // Counted, measured with one and two threads, encoded, encoded; each ended after use.
    expect(lives.map(({ threads }) => threads)).toEqual([null, 1, 2, 2, 2]);
    expect(lives.every(({ terminated }) => terminated)).toBe(true);
  });

  it("is encoded with the usual settings when measuring fails, and says so", async () => {
    const notes = new Set<string | undefined>();
    const { encoding, jobs, job } = setup(
      () => async (params, context) => {
        context.report({ stage: "encode", done: 0, total: 4, unit: "items" });
        await new Promise((resolve) => setTimeout(resolve, 5));
        return noteSize()(params);
      },
      { measure: () => Promise.reject(new AppError("encoder/failed", "out of memory")) },
    );
    jobs.subscribe(() => {
      const state = job();
      if (state.status === "running") notes.add(state.progress?.note);
    });
    expect(await encoding.encode("p1", "image")).toEqual(summary);
    expect(sizes).toEqual([null]);
    expect([...notes].join()).toMatch(
      /Not measured, so the usual settings are used: .*out of memory/,
    );
  });

  it("is not measured when little of it is left", async () => {
    const { encoding, calibrating } = setup(noteSize, { encoded: MANY - 5 });
    await encoding.encode("p1", "image");
    expect(sizes).toEqual([null]);
    expect(await calibrating.known(encoderById("efficientnet-lite0"), "wasm")).toBeUndefined();
  });

  it("holds the other side back until it is measured", async () => {
    const order: string[] = [];
    const { encoding } = setup(
      () => async (params) => {
        order.push(params.modality);
        return summary;
      },
      {
        measure: async (params, context) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push("measured");
          return twice(params, context);
        },
      },
    );
    await Promise.all([encoding.encode("p1", "text"), encoding.encode("p1", "image")]);
    expect(order.slice(0, 2)).toEqual(["measured", "measured"]); // with one thread and with two
    expect(order.slice(2).sort()).toEqual(["image", "text"]);
  });

  it("can be stopped while it is measured", async () => {
    const { encoding, job, lives } = setup(noteSize, {
      measure: (_, { report }) => {
        report({ stage: "calibrate", done: 0, total: 6, unit: "steps" });
        return new Promise(() => {});
      },
    });
    const done = encoding.encode("p1", "image");
    await eventually(() => expect(job()).toMatchObject({ progress: { stage: "calibrate" } }));
    encoding.stop("p1", "image");
    expect(await done).toBeUndefined();
    expect(job().status).toBe("cancelled");
    expect(lives.every(({ terminated }) => terminated)).toBe(true);
    expect(sizes).toEqual([]);
  });
});
