import { afterEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors";
import { WorkerClient } from "../../src/rpc/client";
import { fakeWorker } from "../support/fakeWorker";

type CountContract = {
  count: { params: { to: number }; progress: number; result: Float32Array };
  sum: { params: { values: Float32Array }; progress: never; result: number };
  fail: { params: null; progress: never; result: never };
};

const open: WorkerClient<CountContract>[] = [];
afterEach(() => open.splice(0).forEach((client) => client.close()));

function connect() {
  const stopped = vi.fn();
  const { worker, crash } = fakeWorker<CountContract>({
    async count({ to }, { signal, report, transfer }) {
      const out = new Float32Array(to);
      try {
        for (let i = 0; i < to; i++) {
          signal.throwIfAborted();
          out[i] = i;
          report(i + 1);
          await new Promise((resolve) => setTimeout(resolve));
        }
      } finally {
        if (signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 30)); // saving a checkpoint, say
          stopped();
        }
      }
      transfer(out.buffer);
      return out;
    },
    async sum({ values }) {
      return values.reduce((n, v) => n + v, 0);
    },
    async fail() {
      throw new AppError("webgpu/unavailable", "no adapter");
    },
  });
  const client = new WorkerClient<CountContract>(worker);
  open.push(client);
  return { client, crash, stopped };
}

describe("WorkerClient", () => {
  it("delivers progress in order, then the result, and none afterwards", async () => {
    const { client } = connect();
    const seen: number[] = [];
    const result = await client.call("count", { to: 3 }, { onProgress: (n) => seen.push(n) });
    expect(seen).toEqual([1, 2, 3]);
    expect(result).toEqual(Float32Array.of(0, 1, 2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([1, 2, 3]);
  });

  it("gives each call its own progress", async () => {
    const { client } = connect();
    const [short, long]: number[][] = [[], []];
    await Promise.all([
      client.call("count", { to: 2 }, { onProgress: (n) => short!.push(n) }),
      client.call("count", { to: 5 }, { onProgress: (n) => long!.push(n) }),
    ]);
    expect([short, long]).toEqual([
      [1, 2],
      [1, 2, 3, 4, 5],
    ]);
  });

  it("keeps the code, detail and remedy of an error across the boundary", async () => {
    const { client } = connect();
    await expect(client.call("fail", null)).rejects.toMatchObject({
      code: "webgpu/unavailable",
      detail: "no adapter",
      remedy: expect.stringContaining("WebAssembly"),
    });
  });

  it("rejects the caller at once on abort, and knows when the worker has really stopped", async () => {
    const { client, stopped } = connect();
    const abort = new AbortController();
    const seen: number[] = [];
    const call = client.call(
      "count",
      { to: 1e6 },
      {
        signal: abort.signal,
        onProgress: (n) => {
          seen.push(n);
          if (n === 2) abort.abort();
        },
      },
    );
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
    expect(stopped).not.toHaveBeenCalled();
    await client.whenStopped();
    expect(stopped).toHaveBeenCalledOnce();
    expect(seen).toEqual([1, 2]);
  });

  it("does not call the worker with a signal that is already aborted", async () => {
    const { client, stopped } = connect();
    const signal = AbortSignal.abort();
    await expect(client.call("count", { to: 3 }, { signal })).rejects.toMatchObject({
      code: "cancelled",
    });
    await client.whenStopped();
    expect(stopped).not.toHaveBeenCalled();
  });

  it("rejects every pending call when the worker crashes, and later calls too", async () => {
    const { client, crash } = connect();
    const pending = [client.call("count", { to: 1e6 }), client.call("count", { to: 1e6 })];
    crash();
    for (const call of [...pending, client.call("fail", null)]) {
      await expect(call).rejects.toMatchObject({ code: "worker/crashed" });
    }
  });

  it("rejects pending calls with the reason given to close, and leaves no one waiting", async () => {
    const { client } = connect();
    const abort = new AbortController();
    const stopping = client.call("count", { to: 1e6 }, { signal: abort.signal });
    const pending = client.call("count", { to: 1e6 });
    abort.abort();
    await expect(stopping).rejects.toMatchObject({ code: "cancelled" });
    const waited = client.whenStopped();
    client.close(new AppError("worker/stalled"));
    await expect(pending).rejects.toMatchObject({ code: "worker/stalled" });
    await expect(waited).resolves.toBeUndefined();
  });

  it("settles once: a late answer after an abort changes nothing", async () => {
    const { client } = connect();
    const abort = new AbortController();
    const settled = vi.fn();
    const call = client.call("count", { to: 2 }, { signal: abort.signal }).then(settled, settled);
    abort.abort();
    await call;
    await client.whenStopped();
    expect(settled).toHaveBeenCalledOnce();
  });

  it("moves what is listed for transfer and detaches it here", async () => {
    const { client } = connect();
    const values = Float32Array.of(1, 2, 3.5);
    await expect(client.call("sum", { values }, { transfer: [values.buffer] })).resolves.toBe(6.5);
    expect(values.byteLength).toBe(0);
  });
});
