import { afterEach, beforeEach, expect, it } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EmbeddingChoice } from "../../../src/core/domain/encoder";
import type { Hub, HubMember } from "../../../src/core/domain/hub";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
import { hubDigest, memberDigest } from "../../../src/engine/hub/memberDigest";
import { packSense, unpackSense } from "../../../src/engine/hub/sensePack";
import { joinFixture, soundRows } from "../../support/joinFixture";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { IdbEncoderStore } from "../../../src/storage/encoderStore";
import { IdbHubStore } from "../../../src/storage/hubStore";
import { IdbProjectStore } from "../../../src/storage/projectStore";

const CHOICE: EmbeddingChoice = { id: "all-minilm-l6-v2", pooling: "mean", layer: null };

let db: PlaygroundDb;
let stores: { hubs: IdbHubStore; encoders: IdbEncoderStore; projects: IdbProjectStore };
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  stores = {
    hubs: new IdbHubStore(db),
    encoders: new IdbEncoderStore(db),
    projects: new IdbProjectStore(db),
  };
});
afterEach(() => db.close());

const NONE_NAMED = { count: 0, named: [] };

/** A member whose projector takes 384 numbers to 2, scaled by `factor`. */
async function memberOf(hubId: string, change: Partial<HubMember> = {}, factor = 1) {
  const data = Float32Array.from({ length: 768 }, (_, i) => factor * Math.cos(i));
  const member = {
    ...{ id: "text", hubId, modality: "text" as const, name: "Captions", data: null, joined: null },
    encoder: CHOICE,
    encoderKey: await encoderKey(encoderById(CHOICE.id), CHOICE),
    projector: {
      ...{ kind: "linear" as const, modality: "text" as const, inputWidth: 384, dimension: 2 },
      tensors: {
        mean: { shape: [384], data: new Float32Array(384) },
        weight: { shape: [384, 2], data },
      },
    },
    ...change,
  };
  return { ...member, digest: await memberDigest(member) };
}

async function storeHub(factor = 1): Promise<Hub> {
  const id = crypto.randomUUID();
  const base = [await memberOf(id, {}, factor)];
  const hub: Hub = {
    ...{ id, projectId: "p", name: "Captions only", createdAt: 1, dimension: 2, logitScale: 14 },
    source: { kind: "text-encoder" },
    ...{ base, digest: await hubDigest({ dimension: 2, base }), frozen: null },
  };
  await stores.hubs.put(hub);
  return hub;
}

async function join({ id, digest }: Hub): Promise<HubMember> {
  const joined: HubMember["joined"] = {
    ...{ at: 1, hubDigest: digest, followed: 0, leftOut: 0, seed: 0, check: null, history: [] },
    anchors: [{ memberId: "text", digest, pairs: 3 }],
    splits: { train: 1, validation: 1, test: 1 },
    training: {
      ...{ steps: 1, batchSize: 1, fuseMix: true, dimension: 2, dropout: 0, patience: null },
    },
    ...{ best: null, device: "wasm", elapsedMs: 1, paths: [] },
  };
  const home = { projectId: "q", digest };
  const own = { id: crypto.randomUUID(), name: "More words", joined, data: home };
  const member = await memberOf(id, own, 3);
  await stores.hubs.putMember(member);
  return member;
}

const refusal = (code: string, detail: string) =>
  expect.objectContaining({ code, detail: expect.stringContaining(detail) as string }) as Error;

it("brings a member back to a hub with the same digest, whoever has it", async () => {
  const here = await storeHub();
  const member = await join(here);
  const { name, blob } = await packSense(stores, { hubId: here.id, memberId: member.id });
  expect(name).toBe("More-words.sense.safetensors");
  const elsewhere = await storeHub(); // frozen from the same numbers under another id
  const found = await unpackSense(stores, { hubId: elsewhere.id, file: blob });
  expect(found).toEqual({ ...member, hubId: elsewhere.id, data: null });
  expect((await stores.hubs.get(elsewhere.id)).members).toEqual([...elsewhere.base, found]);
});

it("is refused by another hub, which is left as it was", async () => {
  const here = await storeHub();
  const member = await join(here);
  const { blob } = await packSense(stores, { hubId: here.id, memberId: member.id });
  const other = await storeHub(2);
  await expect(unpackSense(stores, { hubId: other.id, file: blob })).rejects.toThrow(
    refusal("hub/other-hub", "made for “Captions only”"),
  );
  expect((await stores.hubs.get(other.id)).members).toEqual(other.base);
});

it("is refused when one number of its projector was changed", async () => {
  const here = await storeHub();
  const member = await join(here);
  const { blob } = await packSense(stores, { hubId: here.id, memberId: member.id });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  bytes[bytes.length - 2] = bytes[bytes.length - 2]! ^ 1;
  await expect(unpackSense(stores, { hubId: here.id, file: new Blob([bytes]) })).rejects.toThrow(
    refusal("hub/pack", "not the one its digest names"),
  );
});

it("is refused where its encoder is not, or is another version", async () => {
  const here = await storeHub();
  const member = await join(here);
  const gone = { ...member, id: crypto.randomUUID(), encoder: { ...CHOICE, id: "own-1" } };
  await stores.encoders.put({ ...encoderById(CHOICE.id), id: "own-1", name: "Mine" });
  await stores.hubs.putMember(gone);
  const { blob } = await packSense(stores, { hubId: here.id, memberId: gone.id });
  const file = { hubId: here.id, file: blob };
  await expect(unpackSense(stores, file)).rejects.toThrow(refusal("hub/pack", "another version"));
  await stores.encoders.delete("own-1");
  await expect(unpackSense(stores, file)).rejects.toThrow(
    refusal("hub/pack", "“Mine” is not here"),
  );
});

it("keeps the items of a member that is here already", async () => {
  const here = await storeHub();
  const member = await join(here);
  const { blob } = await packSense(stores, { hubId: here.id, memberId: member.id });
  expect(await unpackSense(stores, { hubId: here.id, file: blob })).toEqual(member);
});

it("takes no file in the place of what the hub was frozen with", async () => {
  const here = await storeHub();
  const { blob } = await packSense(stores, { hubId: here.id, memberId: "text" });
  await expect(unpackSense(stores, { hubId: here.id, file: blob })).rejects.toThrow(
    refusal("hub/pack", "frozen with"),
  );
});

it("gives the same recalls in a clean profile that has the same data", async () => {
  const bring = async () => {
    const fixture = await joinFixture();
    const sounds = soundRows(fixture.viewOf(), [...Array(60).keys()]);
    await fixture.putOthers("p2", "audio", sounds);
    return { fixture, hub: await fixture.freeze() };
  };
  const here = await bring();
  const member = await here.fixture.join(here.hub);
  const { blob } = await here.fixture.service.packSense({
    hubId: here.hub.id,
    memberId: member.id,
  });
  const { fixture, hub } = await bring();
  const found = await fixture.service.unpackSense({ hubId: hub.id, file: blob });
  const { flagged, failed, ...joined } = member.joined!; // names of files stay where they are
  expect([flagged, failed]).toEqual([NONE_NAMED, NONE_NAMED]);
  expect(found).toEqual({ ...member, joined, hubId: hub.id });
  for (const path of member.joined!.paths) {
    const { from, to } = path;
    const again = await fixture.service.scorePath({ hubId: hub.id, from, to }, fixture.context);
    expect(again.result).toEqual(path.result);
  }
});
