import type { EncoderSpec } from "../../src/core/domain/encoder";
import type { Split } from "../../src/core/domain/dataset";
import type { Hub } from "../../src/core/domain/hub";
import type { JoinProgress, JoinRequest } from "../../src/core/domain/joinRequest";
import type { Projector, ProjectorPair } from "../../src/core/domain/projector";
import { matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { encoderKey } from "../../src/engine/encoding/encoderKey";
import { JoinService, type JoinDependencies } from "../../src/engine/hub/joinService";
import { IdbDoubtStore } from "../../src/storage/doubtStore";
import { IdbJoiningStore } from "../../src/storage/joiningStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { hubStores, type FixtureRow } from "./hubFixture";
import { sampleRun } from "./samples";

/** Width of the shared space: its axes are those of the latents behind all items. */
export const LATENT = 8;

const SOUNDS = { id: "sounds", pooling: "mean", layer: null } as const;
const WINDOWS = { id: "windows", pooling: "mean", layer: null } as const;

/** The split of concept i: of every ten, one validates and two are held out. */
export const splitOf = (i: number): Split => {
  if (i % 10 === 4) return "validation";
  return i % 5 === 2 ? "test" : "train";
};

/**
 * What a modality sees of a concept: a linear map of its latent and the same negated, with noise.
 * Both, so that a LayerNorm, which takes the mean away, takes nothing.
 */
export interface View {
  of(concept: number, noise?: number): number[];
}

/** Concepts as latent vectors, and the views that modalities have of them. */
export function latents(concepts: number) {
  const random = rng(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const all = Array.from({ length: concepts }, () => Array.from({ length: LATENT }, normal));
  const viewOf = (width = 2 * LATENT): View => {
    const rotation = Array.from({ length: width }, () => Array.from({ length: LATENT }, normal));
    return {
      of: (concept, noise = 0.02) =>
        mirrored(rotation.map((axis) => product(axis, all[concept] ?? []))).map(
          (value) => value + noise * normal(),
        ),
    };
  };
  return { viewOf, latent: (concept: number) => all[concept]! };
}

const mirrored = (values: readonly number[]) => [...values, ...values.map((value) => -value)];

const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);

/** The projector that turns signs back. */
function axes(modality: "image" | "text", signs: readonly number[]): Projector {
  const weight = new Float32Array(2 * LATENT * LATENT);
  signs.forEach((sign, d) => {
    weight[d * LATENT + d] = sign;
    weight[(LATENT + d) * LATENT + d] = -sign;
  });
  return {
    ...{ kind: "linear", modality, inputWidth: 2 * LATENT, dimension: LATENT },
    tensors: {
      mean: { shape: [2 * LATENT], data: new Float32Array(2 * LATENT) },
      weight: { shape: [2 * LATENT, LATENT], data: weight },
    },
  };
}

const specOf = (id: string): EncoderSpec =>
  ({
    ...{ id, name: id, width: LATENT, outputs: { mean: "out" }, layers: [], files: [] },
    ...{ revision: "1", preprocessing: null, preprocessingVersion: 1, source: "", license: "" },
  }) as unknown as EncoderSpec;

export interface JoinFixtureOptions {
  /** Concepts with pictures and captions in project p1; 60 unless said otherwise. */
  readonly concepts?: number;
}

/**
 * Project p1 with a picture and a caption of every concept and run r1, whose projectors undo what
 * the two encoders did; a service over it; and ways to bring sounds and windows in.
 */
export async function joinFixture({ concepts = 60 }: JoinFixtureOptions = {}) {
  const base = await hubStores();
  const stores = {
    ...base.stores,
    runs: new IdbRunStore(base.db),
    joinings: new IdbJoiningStore(base.db),
    doubts: new IdbDoubtStore(base.db),
  };
  const { viewOf, latent } = latents(concepts + 40);
  const random = rng(11);
  const noisy = (vector: readonly number[]) =>
    vector.map((value) => value + 0.05 * (random() - 0.5));
  // The latents with some signs turned, which the projectors turn back.
  const signs = { image: [1, -1, 1, 1, -1, 1, -1, 1], text: [-1, 1, 1, -1, 1, 1, 1, -1] };
  const turned = (side: "image" | "text", i: number) =>
    mirrored(noisy(latent(i)).map((value, d) => value * signs[side][d]!));
  const range = Array.from({ length: concepts + 40 }, (_, i) => i);
  const own = range.slice(0, concepts);
  await base.putProject({
    id: "p1",
    rows: own.map((i) => ({ image: `i${i}`, text: `c${i}`, split: splitOf(i), group: `${i}` })),
  });
  await base.encode({
    image: Object.fromEntries(own.map((i) => [`i${i}`, turned("image", i)])),
    text: Object.fromEntries(range.map((i) => [`c${i}`, turned("text", i)])),
  });
  await stores.runs.put(sampleRun("r1", "p1"));
  const projectors: ProjectorPair = {
    ...{ runId: "r1", step: 5, logitScale: 12 },
    image: axes("image", signs.image),
    text: axes("text", signs.text),
  };
  await stores.runs.putProjectors(projectors);
  let at = 0;
  const serviceWith = (change: Partial<JoinDependencies>) =>
    new JoinService({
      ...stores,
      encoders: { get: (id) => Promise.resolve(specOf(id)) },
      openBackend: () => openBackend("wasm"),
      clock: () => performance.now(),
      now: () => ++at,
      ...change,
    });
  const service = serviceWith({});
  const request = (hub: Hub, change: Partial<JoinRequest> = {}): JoinRequest => ({
    ...{ hubId: hub.id, name: "Sounds", projectId: "p2", modality: "audio", seed: 0 },
    ...{ encoder: change.modality === "sensor" ? WINDOWS : SOUNDS, anchors: ["text"] },
    device: "wasm",
    ...change,
  });
  const reports: JoinProgress[] = [];
  const abort = new AbortController();
  const context = { signal: abort.signal, report: (p: JoinProgress) => void reports.push(p) };
  return {
    ...{ db: base.db, stores, service, reports, abort, context, viewOf, projectors },
    putProject: base.putProject,
    encode: base.encode,
    /** Stores rows of another project with vectors of its sounds or windows. */
    async putOthers(
      id: string,
      modality: "audio" | "sensor",
      rows: readonly (FixtureRow & { readonly vector: readonly number[] })[],
    ) {
      await base.putProject({ id, rows: rows.map(({ vector: _, ...row }) => row) });
      const choice = modality === "audio" ? SOUNDS : WINDOWS;
      const key = await encoderKey(specOf(choice.id), choice);
      const byName = new Map(rows.map((row) => [row[modality]!, row.vector]));
      const values = [...byName.values()];
      const digests = [...byName.keys()].map((name) => `${modality}:${name}`);
      const chunk = matrix(values.length, values[0]!.length, Float32Array.from(values.flat()));
      await stores.embeddings.putChunk(key, digests, chunk);
    },
    /** The vector the image encoder gave for a concept. */
    imageVector: async (i: number) => [
      ...(await stores.embeddings.load("image-key", [`image:i${i}`])).data,
    ],
    freeze: (): Promise<Hub> =>
      service.freeze(
        {
          ...{ projectId: "p1", name: "Emoji" },
          source: { kind: "run", runId: "r1", runName: "", step: 0 },
        },
        context,
      ),
    /** The same over other surroundings. */
    serviceWith,
    request,
    join: (hub: Hub, change: Partial<JoinRequest> = {}) =>
      service.join(request(hub, change), context),
  };
}

export type JoinFixture = Awaited<ReturnType<typeof joinFixture>>;

/** Rows of sounds: one of each concept, as its project splits them. */
export const soundRows = (
  view: View,
  concepts: readonly number[],
  change: (i: number) => Partial<FixtureRow> = () => ({}),
) =>
  concepts.map((i) => ({
    ...{ audio: `a${i}`, text: `c${i}`, split: splitOf(i), group: `${i}`, vector: view.of(i) },
    ...change(i),
  }));
