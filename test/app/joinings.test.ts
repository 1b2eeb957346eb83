import { afterEach, describe, expect, it } from "vitest";
import { Joinings } from "../../src/app/joinings";
import type { EncodeSummary } from "../../src/core/domain/encodeRequest";
import { DEFAULT_ENCODERS, encoderOf } from "../../src/core/catalogue/encoders";
import { joiningId, type JoinWish } from "../../src/core/domain/joinRequest";
import { AppError } from "../../src/core/errors";
import { sampleHub, sampleJoining, sampleMember } from "../support/hubFixture";
import { sampleProject } from "../support/samples";
import { sampleTrained } from "../support/sampleHubs";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => services.close());

const summary: EncodeSummary = {
  ...{ encoderKey: "k", items: 4, encoded: 4, device: "wasm", threads: 1, adapter: null },
  ...{ elapsedMs: 1, parityCosine: 1, failed: [] },
};
const text = { ...DEFAULT_ENCODERS.text, id: "clip-vit-b32-text" };
const sounds = sampleMember("audio", { id: "sounds", joined: sampleJoining() });
const sound = encoderOf(sampleProject("p2"), "audio");
const place = { hubId: "h1", projectId: "p2" };
const wish: JoinWish = {
  ...{ ...place, name: "voices", modality: "audio", encoder: sound, anchors: ["text"], seed: 0 },
};
const job = Joinings.job(place);

/** Services with a hub of images and texts and a project p2, and what the workers were asked. */
async function opened(fakes: Pick<FakeWorkers, "join" | "encode"> = {}) {
  const calls: unknown[][] = [];
  const changed: string[] = [];
  services = await testServices({
    encode: {
      encodeItems: async ({ projectId, modality, choice }) => {
        calls.push(["encode", projectId, modality, choice.id]);
        return summary;
      },
      countEncoded: async () => ({ encoded: 0, total: 4, encoderKey: "k" }),
      ...fakes.encode,
    },
    join: {
      join: async (request) => {
        calls.push(["join", request.hubId, request.device]);
        await services.stores.joinings.end(request, sounds);
        return sounds;
      },
      finish: async (asked) => {
        calls.push(["finish", asked]);
        return null;
      },
      ...fakes.join,
    },
  });
  await services.stores.projects.put(sampleProject("p1"));
  await services.stores.projects.put(sampleProject("p2"));
  const base = [sampleMember("image"), { ...sampleMember("text"), encoder: text }];
  await services.stores.hubs.put(sampleHub({ base }));
  services.changes.subscribe((topic) => {
    if (topic.startsWith("hub")) changed.push(topic);
  });
  return { calls, changed };
}

/** A training that has begun, has stored 20 steps, and goes on until it is stopped. */
function endlessTraining() {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const join: NonNullable<FakeWorkers["join"]>["join"] = async (request, { signal, report }) => {
    report({ stage: "train", done: 20, total: 400, unit: "steps", points: [] });
    const { checkpoint, trained } = sampleTrained(joiningId(request), 20);
    await services.stores.joinings.putCheckpoint(request, checkpoint, { ...trained, at: 1 });
    begin();
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new AppError("cancelled"))),
    );
  };
  return { begun, join };
}

describe("join", () => {
  it("encodes the items, the captions with the hub's own text encoder, and only then trains", async () => {
    const { calls, changed } = await opened();
    const member = await services.hubs.joinings.join(wish);
    expect(member?.id).toBe("sounds");
    expect(calls).toEqual([
      ["encode", "p2", "audio", sound.id],
      ["encode", "p2", "text", text.id],
      ["join", "h1", "auto"],
    ]);
    const { encoders } = await services.stores.projects.get("p2");
    expect(encoders).toMatchObject({ audio: sound, text });
    expect(changed).toEqual(expect.arrayContaining(["hubs", "hub/h1"]));
    expect(services.jobs.get(job).status).toBe("done");
    expect(await services.stores.joinings.list("h1")).toEqual([]);
  });

  it("trains nothing when encoding fails, says what failed, and leaves nothing to go on with", async () => {
    const encodeItems = async () => {
      throw new AppError("encoder/missing", "a.ogg");
    };
    const { calls } = await opened({ encode: { encodeItems } });
    expect(await services.hubs.joinings.join(wish)).toBeUndefined();
    expect(calls.some(([what]) => what === "join")).toBe(false);
    const state = services.jobs.get(job);
    expect(state).toMatchObject({ status: "failed", error: { code: "encoder/missing" } });
    expect(await services.stores.joinings.list("h1")).toEqual([]);
  });

  it("opens no encoder where everything is encoded", async () => {
    const countEncoded = async () => ({ encoded: 4, total: 4, encoderKey: "k" });
    const { calls } = await opened({ encode: { countEncoded } });
    expect((await services.hubs.joinings.join(wish))?.id).toBe("sounds");
    expect(calls).toEqual([["join", "h1", "auto"]]);
  });

  it("keeps by name what could not be encoded, for the member that joins", async () => {
    const failed = [{ digest: "d1", source: "a.ogg", reason: "no sound" }];
    let kept: unknown;
    await opened({
      encode: {
        encodeItems: async ({ modality }) =>
          modality === "audio" ? { ...summary, failed } : summary,
      },
      join: {
        join: async (request) => {
          kept = (await services.stores.joinings.get(request))?.failed;
          return sounds;
        },
      },
    });
    await services.hubs.joinings.join(wish);
    expect(kept).toEqual({ count: 1, named: failed });
  });
});

describe("a joining that is paused", () => {
  it("stays with what is trained, and asks for the same again when it goes on", async () => {
    const { begun, join } = endlessTraining();
    const { changed } = await opened({ join: { join } });
    const joining = services.hubs.joinings.join(wish);
    await begun;
    services.hubs.joinings.pause(place);
    expect(await joining).toBeUndefined();
    expect(services.jobs.get(job).status).toBe("cancelled");
    expect(changed).toContain("hub/h1");
    const [stored] = await services.stores.joinings.list("h1");
    expect(stored).toMatchObject({ wish, trained: { step: 20 } });
    expect((await services.stores.joinings.checkpoint(place))?.step).toBe(20);
  });

  it("stays while encoding too, although nothing is trained", async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    await opened({
      encode: {
        encodeItems: (_request, { signal }) => {
          begin();
          return new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(new AppError("cancelled"))),
          );
        },
      },
    });
    const joining = services.hubs.joinings.join(wish);
    await begun;
    services.hubs.joinings.pause(place);
    await joining;
    expect(await services.stores.joinings.get(place)).toMatchObject({ wish, trained: null });
  });

  it("leaves nothing when it is discarded", async () => {
    const { begun, join } = endlessTraining();
    await opened({ join: { join } });
    const joining = services.hubs.joinings.join(wish);
    await begun;
    services.hubs.joinings.pause(place);
    await joining;
    await services.hubs.joinings.discard(place);
    expect(await services.stores.joinings.list("h1")).toEqual([]);
    expect(await services.stores.joinings.checkpoint(place)).toBeUndefined();
    expect(services.jobs.get(job).status).toBe("idle");
  });

  it("stops with its hub, which takes everything along", async () => {
    const { begun, join } = endlessTraining();
    await opened({ join: { join } });
    const joining = services.hubs.joinings.join(wish);
    await begun;
    await services.hubs.remove("h1");
    expect(await joining).toBeUndefined();
    expect(services.jobs.get(job).status).toBe("cancelled");
    expect(await services.stores.joinings.list("h1")).toEqual([]);
  });

  it("keeps what is trained when it fails later", async () => {
    await opened({
      join: {
        join: async (request) => {
          const { checkpoint, trained } = sampleTrained(joiningId(request), 20);
          await services.stores.joinings.putCheckpoint(request, checkpoint, { ...trained, at: 1 });
          throw new AppError("storage/quota");
        },
      },
    });
    await services.hubs.joinings.join(wish);
    expect(services.jobs.get(job)).toMatchObject({ status: "failed" });
    expect(await services.stores.joinings.get(place)).toMatchObject({ trained: { step: 20 } });
  });
});

it("ends early where it is asked to", async () => {
  const { calls } = await opened();
  await services.hubs.joinings.finish({ ...place });
  expect(calls).toEqual([["finish", place]]);
});

it("goes on in one tab at a time", async () => {
  const held: string[] = [];
  const locks = {
    request: async (name: string, _options: unknown, work: (lock: unknown) => unknown) => {
      const isFree = !held.includes(name);
      held.push(name);
      return work(isFree ? { name } : null);
    },
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks } });
  try {
    await opened();
    held.push(job);
    await services.hubs.joinings.join(wish);
    const state = services.jobs.get(job);
    expect(state).toMatchObject({ status: "failed", error: { code: "hub/joining-elsewhere" } });
    await expect(services.hubs.joinings.discard(place)).rejects.toMatchObject({
      code: "hub/joining-elsewhere",
    });
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
});
