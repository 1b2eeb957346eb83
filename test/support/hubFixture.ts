import type { Item, Pair, Split } from "../../src/core/domain/dataset";
import type { Hub, HubMember, Joining } from "../../src/core/domain/hub";
import type { Modality } from "../../src/core/domain/modality";
import type { ProjectData, Project } from "../../src/core/domain/project";
import type { Projector } from "../../src/core/domain/projector";
import { matrix } from "../../src/core/math/matrix";
import { rng, type Rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { HubService } from "../../src/engine/hub/hubService";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbHubStore } from "../../src/storage/hubStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { identityProjector, sampleProject } from "./samples";

/** One row of a project: the names of what belongs together, and its split. */
export interface FixtureRow extends Readonly<Partial<Record<Modality, string>>> {
  readonly split?: Split;
  readonly group?: string;
  readonly excluded?: string;
}

export interface FixtureProject {
  readonly id: string;
  readonly rows: readonly FixtureRow[];
}

/** Vectors by modality and by the name of an item; an item without one is not encoded. */
export type FixtureVectors = Readonly<
  Partial<Record<Modality, Readonly<Record<string, readonly number[]>>>>
>;

/** A browser's stores with a hub service over them; vectors are only brought to length 1. */
export async function hubStores() {
  const db = await openPlaygroundDb(crypto.randomUUID());
  const stores = {
    hubs: new IdbHubStore(db),
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
  };
  const service = new HubService({ ...stores, openBackend: () => openBackend("cpu") });
  return {
    ...{ db, stores, service },
    /** Stores a project; the items of each modality stand in the order their rows name them. */
    putProject: async ({ id, rows }: FixtureProject) => {
      const namesOf = (modality: Modality) => [
        ...new Set(rows.flatMap((row) => row[modality] ?? [])),
      ];
      const names = {
        ...{ image: namesOf("image"), text: namesOf("text") },
        ...{ audio: namesOf("audio"), sensor: namesOf("sensor") },
      };
      const itemsOf = (modality: Modality) => names[modality].map((name) => itemOf(modality, name));
      await stores.datasets.replaceData(projectOf(id), {
        ...{ image: itemsOf("image"), text: itemsOf("text") },
        ...{ audio: itemsOf("audio"), sensor: itemsOf("sensor") },
        pairs: rows.map((row, i) => pairOf(row, i, names)),
      });
    },
    /** Encodes items of a modality: `${modality}-key`. */
    encode: async (vectors: FixtureVectors) => {
      for (const [modality, byName] of Object.entries(vectors)) {
        const names = Object.keys(byName);
        const values = Object.values(byName);
        const chunk = matrix(
          names.length,
          values[0]?.length ?? 0,
          Float32Array.from(values.flat()),
        );
        await stores.embeddings.putChunk(`${modality}-key`, names.map((name) => digestOf(modality, name)), chunk); // prettier-ignore
      }
    },
  };
}

export type HubStores = Awaited<ReturnType<typeof hubStores>>;

const digestOf = (modality: string, name: string) => `${modality}:${name}`;

const itemOf = (modality: Modality, name: string): Item => ({
  ...{ modality, digest: digestOf(modality, name), source: name },
  ...(modality === "text" && { text: name }),
});

function pairOf(row: FixtureRow, i: number, names: Readonly<Record<Modality, string[]>>): Pair {
  const { split = "train", group = String(i), excluded, ...sides } = row;
  const places = Object.entries(sides).map(([side, name]) => [
    side,
    names[side as Modality].indexOf(name),
  ]);
  return {
    ...(Object.fromEntries(places) as Pair),
    ...{ group, split, row: `metadata.csv:${i + 2}` },
    ...(excluded !== undefined && { excluded }),
  };
}

const projectOf = (id: string): Project =>
  sampleProject(id, { name: id, data: { digest: id } as ProjectData });

/** A member of hub `h1`: a linear projector that copies its input, encoder key `${modality}-key`. */
export function sampleMember(
  modality: Modality,
  change: Partial<HubMember> & { readonly width?: number } = {},
): HubMember {
  const { width = 4, ...rest } = change;
  const projector: Projector = { ...identityProjector("image", width), modality };
  return {
    ...{ id: modality, hubId: "h1", modality, name: `my ${modality}` },
    encoder: { id: `${modality}-encoder`, pooling: "mean", layer: null },
    ...{ encoderKey: `${modality}-key`, projector, digest: `digest of ${modality}` },
    data: { projectId: "p1", digest: "p1" },
    joined: null,
    ...rest,
  };
}

/** How a member joined against the texts; only what queries look at is true. */
export function sampleJoining(at = 1, anchors: readonly string[] = ["text"]): Joining {
  return {
    ...{ at, hubDigest: "hub", seed: 0, history: [], best: null, device: "wasm" },
    anchors: anchors.map((memberId) => ({ memberId, digest: "", pairs: 1 })),
    splits: { train: 1, validation: 0, test: 0 },
    ...{ followed: 0, leftOut: 0, elapsedMs: 1, paths: [], check: null },
    training: {} as Joining["training"],
  };
}

/** Hub `h1` of project p1, with images and texts unless said otherwise. */
export function sampleHub(change: Partial<Hub> & { readonly width?: number } = {}): Hub {
  const { width = 4, ...rest } = change;
  return {
    ...{ id: "h1", projectId: "p1", name: "Emoji", createdAt: 1 },
    source: { kind: "run", runId: "r1", runName: "first", step: 5 },
    ...{ dimension: width, logitScale: 10, digest: "hub", frozen: null },
    base: [sampleMember("image", { width }), sampleMember("text", { width })],
    ...rest,
  };
}

export const WIDTH = 6;

const someVector = (random: Rng) => Array.from({ length: WIDTH }, () => random() - 0.5);

/**
 * Pictures and captions in p1, sounds (two of each) and captions in p2, windows in p3: vectors of
 * one concept are alike, each modality lies around a point of its own. Every third concept is held
 * out, every sixth validates.
 */
export async function fourModalities(concepts = 24, seed = 1) {
  const random = rng(seed);
  const meanings = Array.from({ length: concepts }, () => someVector(random));
  const like = (i: number, offset: number) =>
    meanings[i]!.map((value, d) => value + 0.3 * (random() - 0.5) + Number(d === offset) * 0.4);
  const names = meanings.map((_, i) => `c${i}`);
  const vectorsOf = (offset: number, copies = 1) =>
    Object.fromEntries(
      names.flatMap((name, i) =>
        Array.from({ length: copies }, (_, copy) => [`${name}.${copy}`, like(i, offset)]),
      ),
    );
  const text = Object.fromEntries(names.map((name, i) => [name, like(i, 1)]));
  const vectors = { image: vectorsOf(0), text, audio: vectorsOf(2, 2), sensor: vectorsOf(3) };
  const split = (i: number): Split => (i % 3 === 0 ? "test" : i % 6 === 1 ? "validation" : "train");
  const rowsOf = (modality: Modality, copies = 1) =>
    names.flatMap((text, i) =>
      Array.from({ length: copies }, (_, copy): FixtureRow => {
        return { text, [modality]: `${text}.${copy}`, split: split(i) };
      }),
    );
  const hub = await hubStores();
  await hub.putProject({ id: "p1", rows: rowsOf("image") });
  await hub.putProject({ id: "p2", rows: rowsOf("audio", 2) });
  await hub.putProject({ id: "p3", rows: rowsOf("sensor") });
  await hub.encode(vectors);
  await hub.stores.hubs.put(sampleHub({ width: WIDTH }));
  for (const [at, modality] of (["audio", "sensor"] as const).entries()) {
    const projectId = at === 0 ? "p2" : "p3";
    await hub.stores.hubs.putMember(
      sampleMember(modality, {
        ...{ width: WIDTH, id: `joined-${modality}`, joined: sampleJoining(at + 1) },
        data: { projectId, digest: projectId },
      }),
    );
  }
  return { ...hub, vectors, names, split };
}

/** A context that keeps what is reported. */
export function callContext() {
  const reports: unknown[] = [];
  const abort = new AbortController();
  return { signal: abort.signal, report: (one: unknown) => void reports.push(one), reports, abort };
}
