import { afterEach, beforeEach, expect, it } from "vitest";
import type { Hub, HubMember } from "../../../src/core/domain/hub";
import { IdbHubStore } from "../../../src/storage/hubStore";
import { openPlaygroundDb } from "../../../src/storage/db";
import { profileOn, storeProject, type Profile } from "../../support/storedProject";

const DIGEST = "cd".repeat(32);

let here: Profile;
let there: Profile;
beforeEach(async () => {
  here = profileOn(await openPlaygroundDb(crypto.randomUUID()));
  there = profileOn(await openPlaygroundDb(crypto.randomUUID()));
});
afterEach(() => {
  here.db.close();
  there.db.close();
});

function memberOf(hubId: string, change: Partial<HubMember>): HubMember {
  return {
    ...{ id: "text", hubId, modality: "text", name: "Captions", joined: null, data: null },
    encoder: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
    encoderKey: DIGEST,
    projector: {
      ...{ kind: "layer-norm-linear", modality: "text", inputWidth: 2, dimension: 2 },
      tensors: { weight: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } },
    },
    digest: DIGEST,
    ...change,
  };
}

/** A hub of the project, with one member of its own data and one of another project's. */
async function storeHub(projectId: string, runId: string): Promise<Hub> {
  const id = crypto.randomUUID();
  const joined = {
    ...{ at: 1, hubDigest: DIGEST, anchors: [], followed: 0, leftOut: 0, seed: 0, check: null },
    splits: { train: 1, validation: 1, test: 1 },
    training: {
      ...{ steps: 1, batchSize: 1, fuseMix: true, dimension: 2, dropout: 0, patience: null },
    },
    ...{ history: [], best: null, device: "wasm" as const, elapsedMs: 1, paths: [] },
  };
  const hub: Hub = {
    ...{ id, projectId, name: "Emoji", createdAt: 5, dimension: 2, logitScale: 14 },
    source: { kind: "run", runId, runName: "first", step: 30 },
    base: [memberOf(id, { data: { projectId, digest: DIGEST } })],
    digest: DIGEST,
    frozen: { embeddings: { text: DIGEST }, ranks: DIGEST, recalls: [{ name: "a", value: 0.5 }] },
  };
  const store = new IdbHubStore(here.db);
  await store.put(hub);
  const own = { projectId, digest: DIGEST };
  await store.putMember(memberOf(id, { id: crypto.randomUUID(), data: own, joined }));
  const away = { projectId: crypto.randomUUID(), digest: DIGEST };
  await store.putMember(
    memberOf(id, { id: crypto.randomUUID(), name: "Birds", data: away, joined }),
  );
  return hub;
}

it("takes its hubs along, under new ids and with the same digests", async () => {
  const { projectId, runId } = await storeProject(here);
  const hub = await storeHub(projectId, runId);
  const { blob } = await here.save(projectId);
  const opened = await there.open(blob);
  const [found, ...others] = await new IdbHubStore(there.db).list();
  expect(others).toEqual([]);
  expect(found).toMatchObject({ digest: hub.digest, projectId: opened.projectId, name: "Emoji" });
  expect(found!.id).not.toBe(hub.id);
  const { members } = await new IdbHubStore(there.db).get(found!.id);
  expect(members[0]!.projector).toEqual(hub.base[0]!.projector);
  expect(members.map(({ hubId }) => hubId)).toEqual([found!.id, found!.id, found!.id]);
  const homes = members.map(({ data }) => data?.projectId ?? null).sort();
  expect(homes).toEqual([opened.projectId, opened.projectId, null].sort());
  expect(opened.notes).toEqual([expect.stringContaining("“Birds”") as string]);
});

it("is removed with its project, and nothing of it stays", async () => {
  const { projectId, runId } = await storeProject(here);
  await storeHub(projectId, runId);
  await here.stores.projects.delete(projectId);
  expect(await here.db.getAll("hubs")).toEqual([]);
  expect(await here.db.getAll("hubMembers")).toEqual([]);
});
