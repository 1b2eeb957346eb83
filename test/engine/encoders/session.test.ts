import { expect, it } from "vitest";
import { Mutex } from "../../../src/engine/encoders/mutex";
import { Session, type RawSession } from "../../../src/engine/encoders/session";

/** A runtime that, like the real one, breaks when two of its calls overlap. */
function runtime(run: (call: number) => Promise<Float32Array<ArrayBuffer>>) {
  const log: string[] = [];
  let busy = false;
  let runs = 0;
  const alone = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (busy) throw new Error("memory access out of bounds");
    busy = true;
    log.push(name);
    await new Promise((resolve) => setTimeout(resolve));
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
  const raw: RawSession = {
    inputNames: ["x"],
    outputNames: ["y"],
    run: () => alone("run", async () => ({ y: { data: await run(runs++), dims: [1, 1] } })),
    release: () => alone("release", async () => {}),
  };
  return { log, create: () => alone("create", async () => raw) };
}

const fine = async (call: number) => Float32Array.of(call);

it("serialises create, run and release over all sessions of a worker", async () => {
  const { create, log } = runtime(fine);
  const mutex = new Mutex();
  const [a, b] = await Promise.all([
    Session.open("wasm", create, mutex),
    Session.open("wasm", create, mutex),
  ]);
  const results = await Promise.all([a.run({}, ["y"]), b.run({}, ["y"]), a.run({}, ["y"])]);
  expect(results.map(({ y }) => y?.data[0])).toEqual([0, 1, 2]);
  await Promise.all([a.release(), b.run({}, ["y"]), b.release()]);
  expect(log).toEqual(["create", "create", "run", "run", "run", "release", "run", "release"]);
});

it("starts a fresh session after the graphics processor was lost", async () => {
  const { create, log } = runtime(async (call) => {
    if (call === 0) throw new TypeError("Cannot read properties of undefined (reading 'destroy')");
    return Float32Array.of(call);
  });
  const session = await Session.open("webgpu", create, new Mutex());
  await expect(session.run({}, ["y"])).rejects.toMatchObject({ code: "webgpu/lost" });
  expect((await session.run({}, ["y"]))["y"]?.data[0]).toBe(1);
  expect(log).toEqual(["create", "run", "release", "create", "run"]);
});

it("calls the same words a failed batch on the CPU, and keeps the session", async () => {
  const { create, log } = runtime(async (call) => {
    if (call === 0) throw new TypeError("Cannot read properties of undefined (reading 'destroy')");
    return Float32Array.of(call);
  });
  const session = await Session.open("wasm", create, new Mutex());
  await expect(session.run({}, ["y"])).rejects.toMatchObject({ code: "encoder/failed" });
  await session.run({}, ["y"]);
  expect(log).toEqual(["create", "run", "run"]);
});

it("reports a model that cannot be opened, and frees the lock", async () => {
  const mutex = new Mutex();
  const broken = () => Promise.reject(new Error("protobuf parsing failed"));
  await expect(Session.open("wasm", broken, mutex)).rejects.toMatchObject({
    code: "encoder/failed",
    detail: "Error: protobuf parsing failed",
  });
  await expect(Session.open("wasm", runtime(fine).create, mutex)).resolves.toBeInstanceOf(Session);
});

it("refuses to run once released", async () => {
  const session = await Session.open("wasm", runtime(fine).create, new Mutex());
  await session.release();
  await expect(session.run({}, ["y"])).rejects.toMatchObject({ code: "internal" });
});
