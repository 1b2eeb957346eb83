import { afterEach, expect, it, vi } from "vitest";
import { WorkerSlot } from "../../src/app/workerSlot";
import { Watchdog } from "../../src/core/watchdog";
import { WorkerClient } from "../../src/rpc/client";
import { fakeWorker } from "../support/fakeWorker";
import { eventually } from "../support/eventually";

type EchoContract = {
  echo: { params: string; progress: { stage: string }; result: string };
  hang: { params: { stage: string }; progress: { stage: string }; result: never };
};

const slots: WorkerSlot<EchoContract>[] = [];
afterEach(() => {
  vi.useRealTimers();
  slots.splice(0).forEach((slot) => slot.close());
});

function setup() {
  const crashes: (() => void)[] = [];
  let stopped = false;
  const slot = new WorkerSlot<EchoContract>(() => {
    const { worker, crash } = fakeWorker<EchoContract>({
      echo: async (text) => text,
      async hang({ stage }, { signal, report }) {
        report({ stage });
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => setTimeout(resolve, 40)),
        );
        stopped = true;
        throw new DOMException("stopped", "AbortError");
      },
    });
    crashes.push(crash);
    return new WorkerClient<EchoContract>(worker);
  });
  slots.push(slot);
  return { slot, crashes, hasStopped: () => stopped };
}

it("starts a fresh worker after a crash", async () => {
  const { slot, crashes } = setup();
  expect(await slot.call("echo", "a")).toBe("a");
  crashes[0]!();
  expect(await slot.call("echo", "b")).toBe("b");
  expect(crashes).toHaveLength(2);
});

it("settles a cancelled call only when the work has really stopped", async () => {
  const { slot, hasStopped } = setup();
  const abort = new AbortController();
  const call = slot.call(
    "hang",
    { stage: "train" },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
  expect(hasStopped()).toBe(true);
});

it("ends a worker that falls silent in a watched stage, and says so", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const { slot, crashes } = setup();
  const started = vi.fn();
  const call = slot.call("hang", { stage: "encode" }, { watch: ["encode"], onProgress: started });
  await eventually(() => expect(started).toHaveBeenCalled());
  const outcome = expect(call).rejects.toMatchObject({ code: "worker/stalled" });
  vi.advanceTimersByTime(32_000);
  await outcome;
  expect(await slot.call("echo", "again")).toBe("again");
  expect(crashes).toHaveLength(2);
});

it("does not mistake loading or compiling for a hang", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const { slot, crashes } = setup();
  const started = vi.fn();
  const abort = new AbortController();
  const call = slot.call(
    "hang",
    { stage: "load-encoder" },
    { watch: ["encode"], onProgress: started, signal: abort.signal },
  );
  await eventually(() => expect(started).toHaveBeenCalled());
  vi.advanceTimersByTime(600_000);
  abort.abort();
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
  expect(crashes).toHaveLength(1);
});

it("ends a worker that is silent in another stage for longer than that stage may take", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const { slot } = setup();
  const started = vi.fn();
  const call = slot.call(
    "hang",
    { stage: "self-check" },
    { watch: ["encode"], limits: { "self-check": 120_000 }, onProgress: started },
  );
  await eventually(() => expect(started).toHaveBeenCalled());
  let isOver = false;
  const outcome = call.catch((thrown: unknown) => ((isOver = true), thrown));
  vi.advanceTimersByTime(119_000);
  await new Promise((resolve) => setTimeout(resolve));
  expect(isOver).toBe(false);
  vi.advanceTimersByTime(3_000);
  expect(await outcome).toMatchObject({
    code: "worker/stalled",
    detail: expect.stringMatching(/^self-check: no sign of life for 12\d s$/) as string,
  });
});

it("does not wait for a cancelled call in a stage with nothing at stake", async () => {
  const { slot, hasStopped } = setup();
  const abort = new AbortController();
  const call = slot.call(
    "hang",
    { stage: "load-encoder" },
    { harmless: ["load-encoder"], signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
  expect(hasStopped()).toBe(false);
});

it("does not take a slow batch for a hang because reports come in pairs", () => {
  const watchdog = new Watchdog(0);
  for (let batch = 1; batch <= 20; batch++) {
    watchdog.beat(batch * 60_000);
    watchdog.beat(batch * 60_000 + 1);
  }
  expect(watchdog.isStalled(1_200_000 + 120_000)).toBe(false);
});

it("waits three usual intervals, and never less than 30 s", () => {
  const watchdog = new Watchdog(0);
  for (let beat = 1; beat <= 20; beat++) watchdog.beat(beat * 20_000);
  expect(watchdog.isStalled(400_000 + 59_000)).toBe(false);
  expect(watchdog.isStalled(400_000 + 61_000)).toBe(true);
  const fast = new Watchdog(0);
  fast.beat(100);
  expect(fast.isStalled(29_000)).toBe(false);
  expect(fast.isStalled(31_000)).toBe(true);
});
