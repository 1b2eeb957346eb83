import { afterEach, describe, expect, it } from "vitest";
import { hubDigest, memberDigest } from "../../../src/engine/hub/memberDigest";
import { joinFixture } from "../../support/joinFixture";
import { sampleRun } from "../../support/samples";

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

async function fixture() {
  const made = await joinFixture({ concepts: 20 });
  open.push(made.db);
  return made;
}

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
const run = (runId: string) => ({ kind: "run", runId, runName: "", step: 0 }) as const;

describe("freeze", () => {
  it("keeps both projectors of a run, with digests of them and of what they give", async () => {
    const made = await fixture();
    const hub = await made.freeze();
    expect(hub).toMatchObject({
      ...{ projectId: "p1", name: "Emoji", dimension: 8, logitScale: 12 },
      source: { kind: "run", runId: "r1", runName: "first", step: 5 },
    });
    expect(hub.base.map(({ id, encoderKey }) => [id, encoderKey])).toEqual([
      ["image", "image-key"],
      ["text", "text-key"],
    ]);
    for (const member of hub.base) expect(await memberDigest(member)).toBe(member.digest);
    expect(await hubDigest(hub)).toBe(hub.digest);
    expect(Object.keys(hub.frozen!.embeddings)).toEqual(["image", "text"]);
    expect(hub.frozen!.recalls.map(({ value }) => value)).toEqual([1, 1]);
    expect(await made.stores.hubs.get(hub.id)).toEqual({ hub, members: hub.base });
  });

  it("gives the same digests whenever it is done", async () => {
    const made = await fixture();
    const [a, b] = [await made.freeze(), await made.freeze()];
    expect(b.id).not.toBe(a.id);
    expect([b.digest, b.frozen]).toEqual([a.digest, a.frozen]);
  });

  it("takes a text encoder's own space as it is", async () => {
    const made = await fixture();
    const source = { kind: "text-encoder" } as const;
    const request = { projectId: "p1", name: "Words", source };
    const hub = await made.service.freeze(request, made.context);
    const [member] = hub.base;
    expect(hub.base).toHaveLength(1);
    expect(member!.projector).toEqual({
      ...{ kind: "identity", modality: "text", inputWidth: 8, dimension: 8, tensors: {} },
    });
    // Encoded with another encoder than the project's own: there is nothing yet to digest.
    expect(hub.frozen).toBeNull();
    const check = made.service.check({ hubId: hub.id }, made.context);
    await expect(check).rejects.toThrow(code("embeddings/missing"));
  });

  it("refuses a run without projectors, and one whose space is made of its own pairs", async () => {
    const made = await fixture();
    const freeze = (runId: string) =>
      made.service.freeze({ projectId: "p1", name: "", source: run(runId) }, made.context);
    await made.stores.runs.put(sampleRun("bare", "p1"));
    await expect(freeze("bare")).rejects.toThrow(code("embeddings/missing"));
    await made.stores.runs.put(sampleRun("asif", "p1"));
    const { image, text } = made.projectors;
    const pair = { image: { ...image, kind: "asif" as const }, text };
    await made.stores.runs.putProjectors({ ...made.projectors, ...pair, runId: "asif" });
    await expect(freeze("asif")).rejects.toThrow(code("hub/unsuited"));
    expect(await made.stores.hubs.list()).toEqual([]);
  });
});

describe("check", () => {
  it("names the data where they were edited since", async () => {
    const made = await fixture();
    const hub = await made.freeze();
    const [project, pairs] = [
      await made.stores.projects.get("p1"),
      await made.stores.datasets.pairs("p1"),
    ];
    const excluded = { ...pairs[2]!, excluded: "blurred" };
    await made.stores.datasets.applyEdit(
      { ...project, data: { ...project.data!, digest: "edited" } },
      { pairs: new Map([[2, excluded]]), captions: [] },
    );
    const check = made.service.check({ hubId: hub.id }, made.context);
    await expect(check).rejects.toThrow(code("hub/changed"));
    await expect(check).rejects.toThrow("edited");
  });

  it("names the projector whose numbers are not those its digest was made of", async () => {
    const made = await fixture();
    const hub = await made.freeze();
    const [image, text] = hub.base;
    const weight = { shape: [16, 8], data: image!.projector.tensors["weight"]!.data.slice() };
    weight.data[0] = weight.data[0]! + 1e-6;
    const tensors = { ...image!.projector.tensors, weight };
    const moved = { ...image!, projector: { ...image!.projector, tensors } };
    await made.stores.hubs.put({ ...hub, base: [moved, text!] });
    const check = made.service.check({ hubId: hub.id }, made.context);
    await expect(check).rejects.toThrow("the projector of “Images”");
  });

  it("tells embeddings that changed from projectors that did", async () => {
    const made = await fixture();
    const hub = await made.freeze();
    const other = { ...hub, frozen: { ...hub.frozen!, embeddings: { image: "x", text: "y" } } };
    await made.stores.hubs.put(other);
    const check = await made.service.check({ hubId: hub.id }, made.context);
    expect(check).toMatchObject({ isUnchanged: false, after: hub.frozen });
  });
});

describe("a project whose items are not encoded", () => {
  it("freezes without a state, and says so when checked", async () => {
    const made = await fixture();
    await made.putProject({ id: "p9", rows: [{ image: "new", text: "other" }] });
    const request = { projectId: "p9", name: "", source: run("r1") };
    const hub = await made.service.freeze(request, made.context);
    expect(hub.frozen).toBeNull();
  });
});
