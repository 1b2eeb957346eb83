import { afterEach, describe, expect, it } from "vitest";
import { Hubs } from "../../src/app/hubs";
import { DEFAULT_ENCODERS } from "../../src/core/catalogue/encoders";
import type { HubMember } from "../../src/core/domain/hub";
import type { HubSearchRequest } from "../../src/core/domain/hubQuery";
import { PLAIN_SCORES } from "../../src/core/domain/query";
import { AppError } from "../../src/core/errors";
import { sampleHub, sampleJoining, sampleMember } from "../support/hubFixture";
import { sampleProject } from "../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => services.close());

const text = { ...DEFAULT_ENCODERS.text, id: "clip-vit-b32-text" };
const sounds = sampleMember("audio", { id: "sounds", joined: sampleJoining() });
const members: readonly HubMember[] = [
  sampleMember("image"),
  { ...sampleMember("text"), encoder: text },
  sounds,
];

/** Services with a hub of images and texts and a project p2, and what the workers were asked. */
async function opened(fakes: Pick<FakeWorkers, "join" | "hub" | "encode"> = {}) {
  const calls: unknown[][] = [];
  const changed: string[] = [];
  services = await testServices({
    encode: {
      encodeQuery: async ({ choice, inputs }) => {
        calls.push(["embed", choice.id, ...inputs]);
        return { vectors: Float32Array.of(3, 4), rows: 1, cols: 2, elapsedMs: 7 };
      },
      ...fakes.encode,
    },
    ...(fakes.join && { join: fakes.join }),
    hub: {
      search: async (request) => {
        calls.push(["search", request]);
        return { hits: [], gallery: 0, elapsedMs: 1 };
      },
      ...fakes.hub,
    },
  });
  await services.stores.projects.put(sampleProject("p1"));
  await services.stores.projects.put(sampleProject("p2"));
  await services.stores.hubs.put(sampleHub({ base: members.slice(0, 2) }));
  services.changes.subscribe((topic) => {
    if (topic.startsWith("hub")) changed.push(topic);
  });
  return { calls, changed };
}

const none = () => {
  throw new AppError("data/too-few", "1 pair");
};

describe("members", () => {
  it("leave and come back as they were; the others stay", async () => {
    const { changed } = await opened();
    await services.stores.hubs.putMember(sounds);
    await services.hubs.removeMember("h1", "sounds");
    const ids = async () => (await services.stores.hubs.get("h1")).members.map(({ id }) => id);
    expect(await ids()).toEqual(["image", "text"]);
    await services.hubs.restoreMember(sounds);
    expect((await services.stores.hubs.get("h1")).members.at(-1)).toEqual(sounds);
    expect(changed.filter((topic) => topic === "hub/h1")).toHaveLength(2);
  });

  it("stay when the hub is renamed, and go with it", async () => {
    const { changed } = await opened();
    await services.stores.hubs.putMember(sounds);
    await services.hubs.rename("h1", "Everything");
    const { hub, members: kept } = await services.stores.hubs.get("h1");
    expect(hub.name).toBe("Everything");
    expect(kept).toHaveLength(3);
    await services.hubs.remove("h1");
    expect(await services.stores.hubs.list()).toEqual([]);
    expect(changed).toContain("hubs");
  });

  it("arrive in files, which other screens hear of", async () => {
    const { changed } = await opened({
      join: {
        unpackSense: async () => sounds,
        packSense: async () => ({ name: "voices.zip", blob: new Blob() }) as never,
      },
    });
    expect((await services.hubs.unpackSense("h1", new Blob())).id).toBe("sounds");
    expect(changed).toContain("hub/h1");
    const before = changed.length;
    await services.hubs.packSense("h1", "sounds");
    expect(changed).toHaveLength(before);
  });
});

describe("jobs", () => {
  it("freeze a hub, and tell only when there is one", async () => {
    const source = { kind: "text-encoder" } as const;
    const { changed } = await opened({ join: { freeze: async () => sampleHub() } });
    expect((await services.hubs.freeze("p1", "Emoji", source))?.id).toBe("h1");
    expect(changed).toEqual(["hubs", "hub/h1"]);
    services.close();
    const other = await opened({ join: { freeze: none } });
    expect(await services.hubs.freeze("p1", "Emoji", source)).toBeUndefined();
    expect(services.jobs.get(Hubs.freezeJob("p1"))).toMatchObject({
      ...{ status: "failed", error: { code: "data/too-few" } },
    });
    expect(other.changed).toEqual([]);
  });

  it("measure a path both ways, and check what is frozen", async () => {
    const asked: string[] = [];
    await opened({
      join: {
        scorePath: async ({ from, to }) => {
          asked.push(`${from} → ${to}`);
          return { from, to } as never;
        },
        check: async () => ({ isUnchanged: true }) as never,
      },
    });
    expect(await services.hubs.measurePaths("h1", "sounds", "image")).toHaveLength(2);
    expect(asked).toEqual(["sounds → image", "image → sounds"]);
    expect(await services.hubs.check("h1")).toMatchObject({ isUnchanged: true });
  });
});

describe("search", () => {
  const options = { target: "image", limit: 5, splits: ["test"] as const };

  it("embeds each input by its member's encoder, and sends items as they are", async () => {
    const { calls } = await opened();
    const item = { projectId: "p2", item: 3 };
    const { encodeMs } = await services.hubs.search(
      "h1",
      members,
      [
        { kind: "input", memberId: "text", weight: 1, input: { text: "cat" } },
        { kind: "item", memberId: "sounds", weight: -0.5, item },
      ],
      options,
    );
    expect(encodeMs).toBe(7);
    expect(calls[0]).toEqual(["embed", text.id, { text: "cat" }]);
    const [, request] = calls[1] as [string, HubSearchRequest];
    expect(request).toEqual({
      ...{ hubId: "h1", target: "image", limit: 5, splits: ["test"], scores: PLAIN_SCORES },
      terms: [
        { memberId: "text", weight: 1, vector: Float32Array.of(3, 4) },
        { memberId: "sounds", weight: -0.5, item },
      ],
    });
  });

  it("names a member that has left, and what the encoder said", async () => {
    const encodeQuery = async () => none();
    await opened({ encode: { encodeQuery } });
    const ask = (memberId: string) =>
      services.hubs.search(
        "h1",
        members,
        [{ kind: "input", memberId, weight: 1, input: { text: "cat" } }],
        options,
      );
    await expect(ask("gone")).rejects.toMatchObject({ code: "storage/missing" });
    await expect(ask("text")).rejects.toMatchObject({ code: "data/too-few" });
  });

  it("passes on tests of parts, of degradation and of lags", async () => {
    const asked: string[] = [];
    const note = (name: string) => async () => {
      asked.push(name);
      return { name } as never;
    };
    await opened({
      hub: { open: note("open"), missing: note("missing"), degrade: note("degrade"), lagScan: note("lag") }, // prettier-ignore
    });
    const parts = { hubId: "h1", sources: ["text"], target: "image" };
    await services.hubs.open("h1");
    await services.hubs.missing(parts);
    await services.hubs.degrade({ ...parts, worsened: "text", how: "drop", seed: 0 });
    await services.hubs.lagScan({ hubId: "h1", from: "a", to: "b", most: 3, seed: 0 });
    expect(asked).toEqual(["open", "missing", "degrade", "lag"]);
  });
});
