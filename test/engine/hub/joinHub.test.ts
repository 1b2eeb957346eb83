import { afterEach, describe, expect, it } from "vitest";
import type { HubMember, PathScore } from "../../../src/core/domain/hub";
import { memberDigest } from "../../../src/engine/hub/memberDigest";
import { joinFixture, soundRows, type JoinFixtureOptions } from "../../support/joinFixture";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

async function fixture(options?: JoinFixtureOptions) {
  const made = await joinFixture(options);
  open.push(made.db);
  return made;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
const pathOf = ({ joined, id }: HubMember, to: string): PathScore =>
  joined!.paths.find((path) => path.from === id && path.to === to)!;

/** Hub over 60 concepts with a sound of each, seen through a view of their own. */
async function soundsJoined() {
  const made = await fixture();
  const view = made.viewOf(24);
  await made.putOthers("p2", "audio", soundRows(view, range(0, 60)));
  const hub = await made.freeze();
  return { ...made, hub };
}

describe("join", () => {
  it("leaves the hub, its embeddings and its recalls as they were, to the bit", async () => {
    const made = await soundsJoined();
    const before = await made.stores.hubs.get(made.hub.id);
    const member = await made.join(made.hub);
    const { hub, members } = await made.stores.hubs.get(made.hub.id);
    expect(hub).toEqual(before.hub);
    expect(members).toEqual([...before.members, member]);
    expect(member.joined!.check).toEqual({
      ...{ before: hub.frozen, after: hub.frozen, isUnchanged: true },
    });
    expect((await made.service.check({ hubId: hub.id }, made.context)).isUnchanged).toBe(true);
  });

  it("finds pictures by sounds that were trained on captions alone, and says emergent", async () => {
    const made = await soundsJoined();
    const member = await made.join(made.hub);
    const [text, image] = [pathOf(member, "text"), pathOf(member, "image")];
    expect(text).toMatchObject({ kind: "trained", hops: 1, measure: "retrieval" });
    expect(image).toMatchObject({ kind: "emergent", hops: 2, measure: "retrieval" });
    expect(image.result).toMatchObject({ queries: 12, gallery: 12 });
    expect(image.result.recall["1"]!.value).toBeGreaterThan(0.6);
    expect(image.chance["1"]).toBeCloseTo(1 / 12, 12);
    expect(image.ridge!["1"]!.value).toBeGreaterThan(0.8);
    expect(image.shuffled!["1"]!.value).toBeLessThan(0.5);
    expect(member.joined!.paths).toHaveLength(4);
  });

  it("is as good as the member itself for a modality that is a copy of it", async () => {
    const made = await fixture({ concepts: 150 });
    const rows = range(0, 150).map(async (i) => {
      const [row] = soundRows(made.viewOf(), [i]);
      return { ...row!, vector: await made.imageVector(i) };
    });
    await made.putOthers("p2", "audio", await Promise.all(rows));
    const member = await made.join(await made.freeze(), { anchors: ["image"] });
    expect(pathOf(member, "image").result.recall["1"]!.value).toBeGreaterThan(0.9);
    expect(pathOf(member, "image").kind).toBe("trained");
  });

  it("gives the same numbers again, and others for another seed", async () => {
    const made = await soundsJoined();
    const first = await made.join(made.hub);
    expect((await made.join(made.hub)).digest).toBe(first.digest);
    expect((await made.join(made.hub, { seed: 1 })).digest).not.toBe(first.digest);
  });

  it("gives independent members the same numbers in either order, and removing one moves none", async () => {
    const made = await fixture();
    const windows = soundRows(made.viewOf(20), range(0, 60));
    await made.putOthers("p2", "audio", soundRows(made.viewOf(24), range(0, 60)));
    const asSensor = windows.map(({ audio, ...row }) => ({ ...row, sensor: audio }));
    await made.putOthers("p3", "sensor", asSensor);
    const [one, two] = [await made.freeze(), await made.freeze()];
    expect(two.digest).toBe(one.digest);
    const sensor = { projectId: "p3", modality: "sensor", name: "Windows" } as const;
    const soundFirst = [await made.join(one), await made.join(one, sensor)];
    const windowFirst = [await made.join(two, sensor), await made.join(two)];
    const digests = (members: readonly HubMember[]) => members.map(({ digest }) => digest).sort();
    expect(digests(soundFirst)).toEqual(digests(windowFirst));
    // Sounds and windows have met only through captions.
    const between = pathOf(soundFirst[1]!, soundFirst[0]!.id);
    expect(between).toMatchObject({ kind: "emergent", hops: 2, measure: "retrieval" });
    expect(between.result.recall["1"]!.value).toBeGreaterThan(0.5);
    await made.stores.hubs.deleteMember(one.id, soundFirst[0]!.id);
    const { members } = await made.stores.hubs.get(one.id);
    expect(members).toEqual([...one.base, soundFirst[1]]);
    expect((await made.service.check({ hubId: one.id }, made.context)).isUnchanged).toBe(true);
  });

  it("takes several anchors in turn, each against its own items", async () => {
    const made = await soundsJoined();
    const member = await made.join(made.hub, { anchors: ["text", "image"] });
    const { anchors, splits, training } = member.joined!;
    expect(anchors.map(({ memberId, pairs }) => [memberId, pairs])).toEqual([
      ["text", 60],
      ["image", 60],
    ]);
    expect(splits).toEqual({ train: 84, validation: 12, test: 24 });
    expect(training.steps).toBe(400);
    for (const to of ["text", "image"]) {
      expect(pathOf(member, to).kind).toBe("trained");
      expect(pathOf(member, to).result.recall["1"]!.value).toBeGreaterThan(0.6);
    }
  });

  it("stays at chance between sounds and pictures when the sounds are dealt out at random", async () => {
    const made = await fixture();
    const view = made.viewOf(24);
    const rows = soundRows(view, range(0, 60)).map((row, i, all) => ({
      ...{ ...row, vector: all[(i * 23 + 7) % 60]!.vector },
    }));
    await made.putOthers("p2", "audio", rows);
    const member = await made.join(await made.freeze());
    const { result, chance } = pathOf(member, "image");
    expect(result.recall["1"]!.low).toBeLessThanOrEqual(chance["1"]!);
    expect(result.recall["1"]!.value).toBeLessThan(0.4);
  });
});

describe("the leak guard", () => {
  it("moves pairs to the split the hub gave their caption, and counts them", async () => {
    const made = await fixture();
    const rows = soundRows(made.viewOf(24), range(0, 60), (i) => ({
      split: i < 10 ? "test" : "train",
    }));
    await made.putOthers("p2", "audio", rows);
    const { joined } = await made.join(await made.freeze());
    expect(joined!.splits).toEqual({ train: 42, validation: 6, test: 12 });
    // Of the first ten, 2 are test in the hub; of the others 10 + 5 are no training pairs there.
    expect(joined!.followed).toBe(8 + 15);
  });

  it("keeps the project's own splits for captions the hub has never seen", async () => {
    const made = await fixture();
    await made.putOthers("p2", "audio", soundRows(made.viewOf(24), range(60, 100)));
    const member = await made.join(await made.freeze());
    expect(member.joined).toMatchObject({
      followed: 0,
      splits: { train: 28, validation: 4, test: 8 },
    });
    expect(pathOf(member, "text").measure).toBe("retrieval");
  });
});

describe("a path without true pairs", () => {
  it("is estimated by a cycle through a third member, and named so", async () => {
    const made = await fixture();
    await made.putOthers("p2", "audio", soundRows(made.viewOf(24), range(60, 100)));
    const hub = await made.freeze();
    const member = await made.join(hub);
    const path = pathOf(member, "image");
    expect(path).toMatchObject({ kind: "emergent", hops: 2, measure: "cycle" });
    expect(path).toMatchObject({ ridge: null, shuffled: null });
    expect(path.result).toMatchObject({ queries: 8, gallery: 8 });
    const request = { hubId: hub.id, from: member.id, to: "image" };
    expect(await made.service.scorePath(request, made.context)).toEqual(path);
  });
});

describe("scorePath", () => {
  it("gives what the joining measured, now and both ways", async () => {
    const made = await soundsJoined();
    const { joined } = await made.join(made.hub);
    for (const path of joined!.paths) {
      const { from, to } = path;
      const again = { hubId: made.hub.id, from, to };
      expect(await made.service.scorePath(again, made.context)).toEqual(path);
    }
  });

  it("measures what was frozen together, too", async () => {
    const made = await fixture();
    const hub = await made.freeze();
    const request = { hubId: hub.id, from: "image", to: "text" };
    const path = await made.service.scorePath(request, made.context);
    expect(path).toMatchObject({ kind: "trained", hops: 1, measure: "retrieval", ridge: null });
    expect(path.result.recall["10"]!.value).toBe(hub.frozen!.recalls[0]!.value);
  });
});

describe("what cannot join", () => {
  it.each([
    ["one pair", "data/too-few", range(0, 1), () => ({})],
    ["captions that are all equal", "data/equal-captions", range(0, 60), () => ({ text: "c0" })],
    ["captions of another hub", "hub/nothing-linked", range(0, 60), (i: number) => ({ text: `x${i}` })], // prettier-ignore
  ])("%s", async (_name, expected, concepts, change) => {
    const made = await fixture();
    await made.putOthers("p2", "audio", soundRows(made.viewOf(24), concepts, change));
    const hub = await made.freeze();
    const anchors = expected === "hub/nothing-linked" ? ["image"] : ["text"];
    await expect(made.join(hub, { anchors })).rejects.toThrow(code(expected));
    expect((await made.stores.hubs.get(hub.id)).members).toEqual(hub.base);
  });

  it("says that nothing is encoded", async () => {
    const made = await fixture();
    await made.putProject({ id: "p2", rows: [{ audio: "a", text: "c1" }] });
    await expect(made.join(await made.freeze())).rejects.toThrow(code("embeddings/missing"));
  });

  it("counts pairs one side of which has no embedding", async () => {
    const made = await fixture();
    const rows = soundRows(made.viewOf(24), range(0, 60), (i) => (i > 55 ? { text: `x${i}` } : {}));
    await made.putOthers("p2", "audio", rows);
    const { joined } = await made.join(await made.freeze());
    expect(joined!.leftOut).toBe(4);
  });
});

describe("stopping", () => {
  it("ends between two steps and stores nothing", async () => {
    const made = await soundsJoined();
    const report = made.context.report;
    made.context.report = (progress) => {
      report(progress);
      if (progress.stage === "train" && progress.done >= 20) made.abort.abort();
    };
    await expect(made.join(made.hub)).rejects.toThrow(code("cancelled"));
    expect((await made.stores.hubs.get(made.hub.id)).members).toHaveLength(2);
    expect(made.reports.at(-1)!.done).toBeLessThan(60);
  });
});

describe("a member's digest", () => {
  it("is that of its projector, whatever it is called and whoever's items it has", async () => {
    const made = await soundsJoined();
    const member = await made.join(made.hub);
    expect(await memberDigest(member)).toBe(member.digest);
    const renamed = { ...member, name: "other", data: null };
    expect(await memberDigest(renamed)).toBe(member.digest);
    expect(await memberDigest({ ...member, encoderKey: "other" })).not.toBe(member.digest);
  });
});
