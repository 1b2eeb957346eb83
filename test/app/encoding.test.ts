import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Changes } from "../../src/app/changes";
import { Encoding } from "../../src/app/encoding";
import { Jobs } from "../../src/app/jobs";
import { WorkerSlot } from "../../src/app/workerSlot";
import { AppError } from "../../src/core/errors";
import { WorkerClient } from "../../src/rpc/client";
import type { EncodeContract, EncodeSummary } from "../../src/rpc/encodeContract";
import type { Handlers } from "../../src/rpc/server";
import { openPlaygroundDb, type PlaygroundDb } from "../../src/storage/db";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { fakeWorker } from "../support/fakeWorker";
import { sampleProject } from "../support/samples";

let db: PlaygroundDb;
let channel: BroadcastChannel;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  await new IdbProjectStore(db).put(sampleProject());
  channel = new BroadcastChannel(crypto.randomUUID());
});
afterEach(() => {
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

/** Encoding over a fake worker whose every life is crashed by `encodeItems` unless it answers. */
function setup(encodeItems: (crash: () => void) => Handlers<EncodeContract>["encodeItems"]) {
  const jobs = new Jobs();
  const slot = new WorkerSlot<EncodeContract>(() => {
    const { worker, crash } = fakeWorker<EncodeContract>({
      encodeItems: encodeItems(() => crash()),
      encodeQuery: () => Promise.reject(new AppError("internal", "not asked")),
      countEncoded: () => Promise.reject(new AppError("internal", "not asked")),
    });
    return new WorkerClient<EncodeContract>(worker);
  });
  const encoding = new Encoding({
    projects: new IdbProjectStore(db),
    workers: { image: slot, text: slot },
    jobs,
    changes: new Changes(channel),
    device: () => "wasm",
  });
  return { encoding, jobs, job: () => jobs.get(Encoding.job("p1", "image")) };
}

it("goes on by itself after a crash, item by item, and finishes", async () => {
  const batches: number[] = [];
  const { encoding, job } = setup((crash) => async ({ maxBatch }) => {
    batches.push(maxBatch);
    if (batches.length === 1) {
      crash();
      await new Promise(() => {});
    }
    return summary;
  });
  expect(await encoding.encode("p1", "image")).toEqual(summary);
  expect(batches).toEqual([Infinity, 1]);
  expect(job().status).toBe("done");
});

it("gives up after three crashes, and says that finished work is kept", async () => {
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

it("is cancelled, not failed, when the user stops it", async () => {
  const { encoding, job, jobs } = setup(() => async (_, { signal, report }) => {
    report({ stage: "encode", done: 1, total: 4, unit: "items" });
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason as Error)),
    );
  });
  const done = encoding.encode("p1", "image");
  await vi.waitFor(() => expect(job()).toMatchObject({ progress: { done: 1 } }));
  encoding.stop("p1", "image");
  expect(job().status).toBe("cancelling");
  await done;
  expect(job()).toMatchObject({ status: "cancelled", progress: { done: 1, total: 4 } });
  jobs.dismiss(Encoding.job("p1", "image"));
  expect(job().status).toBe("idle");
});
