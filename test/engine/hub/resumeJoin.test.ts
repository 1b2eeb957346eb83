import { afterEach, describe, expect, it } from "vitest";
import type { HubMember } from "../../../src/core/domain/hub";
import { AppError } from "../../../src/core/errors";
import { IdbJoiningStore } from "../../../src/storage/joiningStore";
import { joinFixture, soundRows } from "../../support/joinFixture";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const place = (hubId: string) => ({ hubId, projectId: "p2" });

/** Hub over 60 concepts with a sound of each, seen through a view of their own. */
async function soundsToJoin() {
  const made = await joinFixture();
  open.push(made.db);
  const rows = soundRows(made.viewOf(24), range(0, 60));
  await made.putOthers("p2", "audio", rows);
  return { ...made, rows, hub: await made.freeze() };
}

type Sounds = Awaited<ReturnType<typeof soundsToJoin>>;

/** Runs a joining until it has reported `step` steps, as a visitor who presses Pause. */
async function pauseAt(made: Sounds, step: number, change = {}) {
  const abort = new AbortController();
  const context = {
    signal: abort.signal,
    report: (progress: Parameters<typeof made.context.report>[0]) => {
      made.context.report(progress);
      if (progress.stage === "train" && progress.done >= step) abort.abort();
    },
  };
  const request = { ...made.request(made.hub), ...change };
  await expect(made.service.join(request, context)).rejects.toMatchObject({ code: "cancelled" });
}

/**
 * Everything of a member that its training decides. Times are not, nor are the points between
 * evaluations, of which a slow machine reports more.
 */
const learned = ({ projector, digest, encoderKey, joined }: HubMember) => ({
  ...{ projector, digest, encoderKey },
  ...{ best: joined?.best, training: joined?.training, check: joined?.check },
  history: joined?.history
    .filter(({ validation }) => validation)
    .map(({ elapsedMs: _, ...point }) => point),
  paths: joined?.paths.map(({ from, to, ...path }) => [from.length > 5, to.length > 5, path]),
});

/** Where the tab is killed at the third checkpoint. */
class DyingStore extends IdbJoiningStore {
  #left = 2;

  override async putCheckpoint(...args: Parameters<IdbJoiningStore["putCheckpoint"]>) {
    if (this.#left-- === 0) throw new AppError("worker/crashed");
    await super.putCheckpoint(...args);
  }
}

const reported = (made: Sounds) => made.reports.filter(({ stage }) => stage === "train");

describe("a joining that was stopped", () => {
  it("goes on to the member of an uninterrupted one, to the bit, stopped once or twice", async () => {
    const made = await soundsToJoin();
    const expected = await made.join(made.hub);
    await made.stores.hubs.deleteMember(made.hub.id, expected.id);
    await pauseAt(made, 30);
    const stored = await made.stores.joinings.get(place(made.hub.id));
    const stoppedAt = stored?.trained?.step ?? 0;
    expect(stoppedAt).toBeGreaterThanOrEqual(30);
    expect(stored?.trained?.history.at(-1)?.step).toBeLessThanOrEqual(stoppedAt);
    await pauseAt(made, 100);
    made.reports.splice(0);
    const member = await made.join(made.hub);
    expect(learned(member)).toEqual(learned(expected));
    // What was done is told first, with its curve, and none of it is done again.
    const [first, second] = reported(made);
    expect(first?.done).toBeGreaterThanOrEqual(100);
    expect(first?.points?.length).toBeGreaterThan(10);
    expect(second?.done).toBeGreaterThan(first?.done ?? Infinity);
    expect(member.joined?.restart).toBeUndefined();
  });

  it("goes on from the last checkpoint after a killed tab", async () => {
    const made = await soundsToJoin();
    const expected = await made.join(made.hub);
    await made.stores.hubs.deleteMember(made.hub.id, expected.id);
    let now = 0;
    // A second a look at the clock: a checkpoint every few steps, and the third one never arrives.
    const clock = () => (now += 1_000);
    const dying = made.serviceWith({ clock, joinings: new DyingStore(made.db) });
    await expect(dying.join(made.request(made.hub), made.context)).rejects.toMatchObject({
      code: "worker/crashed",
    });
    expect((await made.stores.joinings.get(place(made.hub.id)))?.trained?.step).toBeGreaterThan(0);
    expect(learned(await made.join(made.hub))).toEqual(learned(expected));
  });

  it("only measures what was trained to its end", async () => {
    const made = await soundsToJoin();
    const abort = new AbortController();
    const context = {
      signal: abort.signal,
      report: ({ stage }: { readonly stage: string }) => {
        if (stage === "evaluate") abort.abort();
      },
    };
    const stopped = made.service.join(made.request(made.hub), context);
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    const { trained } = (await made.stores.joinings.get(place(made.hub.id)))!;
    expect(trained?.isEnded).toBe(true);
    made.reports.splice(0);
    await made.join(made.hub);
    const [first, ...rest] = reported(made);
    expect(first?.done).toBe(trained?.step);
    expect(rest.map(({ points }) => points)).toEqual([undefined]); // no step was done
  });

  it("leaves nothing but its member behind", async () => {
    const made = await soundsToJoin();
    await pauseAt(made, 30);
    await made.join(made.hub);
    expect(await made.stores.joinings.list(made.hub.id)).toEqual([]);
    expect(await made.db.getAllKeys("checkpoints")).toEqual([]);
  });
});

describe("what is not gone on with", () => {
  it("is a training on other data: it says so and equals one that never stopped", async () => {
    const made = await soundsToJoin();
    await pauseAt(made, 30);
    await made.putOthers("p2", "audio", made.rows.slice(0, 55));
    made.reports.splice(0);
    const member = await made.join(made.hub);
    const words = expect.stringMatching(/^Sounds or captions of p2 have changed.*started anew\.$/);
    expect(member.joined?.restart).toEqual(words);
    expect(reported(made)[0]).toMatchObject({ done: 0, points: [], note: words });
    expect(reported(made).every(({ note }) => note === member.joined?.restart)).toBe(true);
    await made.stores.hubs.deleteMember(made.hub.id, member.id);
    expect(learned(await made.join(made.hub))).toEqual(learned(member));
  });

  it("is a training of the same items by other embeddings", async () => {
    const made = await soundsToJoin();
    await pauseAt(made, 30);
    for (const [, key, chunk] of await made.db.getAllKeys("embeddingChunks")) {
      if (chunk.startsWith("audio:")) await made.stores.embeddings.dropChunks(key, [chunk]);
    }
    const other = made.rows.map((row) => ({ ...row, vector: row.vector.map((v) => 2 * v) }));
    await made.putOthers("p2", "audio", other);
    const { joined } = await made.join(made.hub);
    expect(joined?.restart).toMatch(/^Sounds or captions of p2 have changed/);
  });

  it("is a training with other choices, which makes room", async () => {
    const made = await soundsToJoin();
    await pauseAt(made, 30);
    const { joined } = await made.join(made.hub, { anchors: ["image"] });
    expect(joined?.anchors.map(({ memberId }) => memberId)).toEqual(["image"]);
    expect(joined?.restart).toBeUndefined();
  });
});

it("ends early with the best so far when asked to", async () => {
  const made = await soundsToJoin();
  const report = made.context.report;
  made.context.report = (progress) => {
    report(progress);
    if (progress.stage === "train" && progress.done >= 50) made.service.finish(place(made.hub.id));
  };
  const { joined } = await made.join(made.hub);
  const last = joined?.history.at(-1)?.step ?? Infinity;
  expect(last).toBeLessThan(70);
  expect(joined?.best?.step).toBeLessThanOrEqual(last);
  expect(joined?.paths).toHaveLength(4);
  expect(await made.stores.joinings.list(made.hub.id)).toEqual([]);
});

it("keeps with the member which recordings were in doubt, by name", async () => {
  const made = await soundsToJoin();
  const [first] = await made.stores.datasets.items("p2", "audio");
  await made.stores.doubts.put(new Map([[first!.digest, "it is silent"], ["elsewhere", "it is silent"]])); // prettier-ignore
  const { joined } = await made.join(made.hub);
  const named = [{ digest: first!.digest, source: first!.source, reason: "it is silent" }];
  expect(joined?.flagged).toEqual({ count: 1, named });
  expect(joined?.failed).toEqual({ count: 0, named: [] });
});
