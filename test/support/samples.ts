import { newRun } from "../../src/app/newRun";
import { DEFAULT_ENCODERS } from "../../src/core/catalogue/encoders";
import type { Item, Pair, Split } from "../../src/core/domain/dataset";
import type { Project } from "../../src/core/domain/project";
import type { Projector, ProjectorPair } from "../../src/core/domain/projector";
import type { Run } from "../../src/core/domain/run";
import { defaultRecipe } from "../../src/core/domain/recipe";
import type { Checkpoint, DatasetContent, KeptTraining } from "../../src/core/ports";

/** A project record with nothing imported. */
export function sampleProject(id = "p1", change: Partial<Project> = {}): Project {
  return {
    id,
    name: "Museum",
    createdAt: 1,
    updatedAt: 1,
    data: null,
    encoders: DEFAULT_ENCODERS,
    queryRunId: null,
    ...change,
  };
}

export const sampleImage = (digest: string): Item => ({
  modality: "image",
  digest,
  source: `${digest}.png`,
  width: 8,
  height: 8,
});

export const sampleText = (digest: string, text = digest): Item => ({
  modality: "text",
  digest,
  source: "metadata.csv:2",
  text,
});

export const samplePair = (image: number, text: number, split: Split = "train"): Pair => ({
  image,
  text,
  group: String(image),
  split,
  row: `metadata.csv:${image + 2}`,
});

/** A run record as it is before training. */
export function sampleRun(id = "r1", projectId = "p1", change: Partial<Run> = {}): Run {
  return {
    ...newRun(sampleProject(projectId), defaultRecipe({ project: projectId })),
    id,
    name: "first",
    createdAt: 1,
    updatedAt: 1,
    dataDigest: "d",
    embeddingKeys: { image: "image-key", text: "text-key" },
    ...change,
  };
}

/** A linear projector that copies its input: mean 0, weight = identity. */
export function identityProjector(modality: "image" | "text", width: number): Projector {
  const weight = new Float32Array(width * width);
  for (let i = 0; i < width; i++) weight[i * width + i] = 1;
  return {
    kind: "linear",
    modality,
    inputWidth: width,
    dimension: width,
    tensors: {
      mean: { shape: [width], data: new Float32Array(width) },
      weight: { shape: [width, width], data: weight },
    },
  };
}

export function sampleProjectors(runId: string, step: number, width = 2): ProjectorPair {
  return {
    runId,
    step,
    image: identityProjector("image", width),
    text: identityProjector("text", width),
    logitScale: 10,
  };
}

export function sampleCheckpoint(runId: string, step: number): Checkpoint {
  const tensor = { shape: [2], data: Float32Array.of(step, -step) };
  return {
    runId,
    step,
    weights: { w: tensor },
    firstMoments: { w: tensor },
    secondMoments: { w: tensor },
    history: [],
    best: null,
    bestWeights: null,
    elapsedMs: step,
  };
}

/** A finished training of a run that goes on with others. */
export function sampleKept(runId: string, step: number): KeptTraining {
  return {
    method: "freeze-align",
    seed: 0,
    score: 0.5,
    projectors: sampleProjectors(runId, step),
    history: [],
    best: { step, score: 0.5 },
    training: null,
    device: "wasm",
    chosen: {},
    timings: { alignMs: 1, stepMs: 1 },
  };
}

/** Content of a project; sides a test does not name are empty. */
export const sampleContent = (content: Partial<DatasetContent>): DatasetContent => ({
  image: [],
  text: [],
  audio: [],
  sensor: [],
  pairs: [],
  ...content,
});

/** The default embedding of each modality. */
export const IMAGE_CHOICE = DEFAULT_ENCODERS.image;
export const TEXT_CHOICE = DEFAULT_ENCODERS.text;
