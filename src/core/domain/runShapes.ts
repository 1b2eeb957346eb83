import { AppError } from "../errors";
import {
  boolean,
  count,
  dictionary,
  either,
  fields,
  float32s,
  list,
  nullable,
  number,
  oneOf,
  optional,
  text,
  uint32s,
  uuid,
  type Shape,
} from "../formats/shape";
import type { Checkpoint, KeptTraining } from "../ports";
import { METHOD_IDS, type MethodId } from "./alignSettings";
import {
  BASELINE_IDS,
  type BaselineResult,
  type ClassScore,
  type Estimate,
  type EvaluationReport,
  type Geometry,
  type QueryRanks,
  type RetrievalPair,
  type RetrievalResult,
  type ZeroShotResult,
} from "./evaluation";
import { MODALITIES } from "./modality";
import { HEAD_KINDS, type Projector, type ProjectorPair, type TensorData } from "./projector";
import { resolveRecipe, type Recipe } from "./recipe";
import type {
  Candidate,
  Coverage,
  HistoryPoint,
  ResolvedTraining,
  Run,
  SeedResult,
  SweepPoint,
} from "./run";
import { RUN_WARNINGS, type RunWarning, type RunWarningCode } from "./runWarning";

/** A share with its interval. */
export const estimate = fields<Estimate>({ value: number, low: number, high: number });

/** Retrieval in one direction. */
export const retrieval = fields<RetrievalResult>({
  gallery: count,
  queries: count,
  medianRank: number,
  meanRank: number,
  meanReciprocalRank: number,
  recall: dictionary(estimate),
});

const retrievalPair = fields<RetrievalPair>({ imageToText: retrieval, textToImage: retrieval });

/** The step that was kept. */
export const best = nullable(fields<NonNullable<Run["best"]>>({ step: count, score: number }));

/** A point of a training curve. */
export const historyPoint = fields<HistoryPoint>({
  step: count,
  loss: number,
  logitScale: number,
  learningRate: number,
  elapsedMs: number,
  validation: optional(retrievalPair),
  selfProbability: optional(number),
});

/** What `auto` stood for. */
export const training = fields<ResolvedTraining>({
  steps: count,
  batchSize: count,
  fuseMix: boolean,
  dimension: count,
  dropout: number,
  patience: nullable(count),
});

const trainedMethod = oneOf(METHOD_IDS.filter((id) => id !== "auto"));
const failure = fields<{ code: string; detail: string }>({ code: text, detail: text });

const seedResult = fields<SeedResult>({
  seed: count,
  best,
  validation: nullable(retrievalPair),
  test: nullable(retrievalPair),
  history: list(historyPoint),
  elapsedMs: number,
});

const candidate = fields<Candidate>({
  method: trainedMethod,
  score: number,
  validation: retrievalPair,
  chosen: dictionary(number),
  elapsedMs: number,
  error: optional(failure),
});

const coverage = fields<Coverage>({
  pairs: count,
  of: count,
  concepts: list(fields({ name: text, before: count, after: count })),
});

const sweepPoint = fields<SweepPoint>({
  id: text,
  name: text,
  at: dictionary(nullable(either(text, either(number, boolean)))),
});

const ranks = fields<QueryRanks>({ imageToText: uint32s, textToImage: uint32s });
const perSide = <T>(shape: Shape<T>) =>
  fields<{ image: T; text: T }>({ image: shape, text: shape });
const orNull = nullable(number);

const geometry = fields<Geometry>({
  pairs: count,
  modalityGap: number,
  alignment: number,
  uniformity: perSide(orNull),
  positiveCosine: number,
  negativeCosine: orNull,
  separation: orNull,
  effectiveRank: perSide(number),
  hubness: fields<Geometry["hubness"]>({ imageToText: orNull, textToImage: orNull }),
});

const report = fields<EvaluationReport>({
  ranks,
  clusters: ranks,
  queries: text,
  geometry,
  csls: nullable(retrievalPair),
});

const zeroShot = fields<ZeroShotResult>({
  label: text,
  classes: count,
  queries: count,
  top1: estimate,
  top5: estimate,
  macro: number,
  ceiling: orNull,
  knnCeiling: orNull,
  templates: list(text),
  perClass: list(
    fields<ClassScore>({ name: text, images: count, recall: orNull, precision: orNull }),
  ),
  confusion: nullable(uint32s),
});

const baseline = fields<BaselineResult>({
  id: oneOf(BASELINE_IDS),
  validation: retrievalPair,
  test: retrievalPair,
  chosen: dictionary(number),
  elapsedMs: number,
});

const WARNING_CODES = Object.keys(RUN_WARNINGS) as RunWarningCode[]; // the table's only keys

/** A recipe as a run keeps it, every key there; not changed by being read. */
const recipe: Shape<Recipe> = (value, path) => {
  try {
    resolveRecipe(value);
  } catch (thrown) {
    const { detail } = AppError.from(thrown);
    throw new AppError("project-file/damaged", `${path}: ${detail}`, { cause: thrown });
  }
  return value as Recipe; // a resolved recipe: `resolveRecipe` gives back what it is
};

/** A run's record. */
export const runShape = fields<Run>({
  id: uuid,
  projectId: uuid,
  name: text,
  createdAt: number,
  updatedAt: number,
  status: oneOf(["queued", "running", "paused", "done", "stopped", "failed"]),
  error: optional(failure),
  recipe,
  training: nullable(training),
  dataDigest: text,
  embeddingKeys: fields<Run["embeddingKeys"]>({ image: text, text }),
  device: nullable(oneOf(["webgpu", "wasm", "cpu"])),
  versions: dictionary(text),
  splits: fields<Run["splits"]>({ train: count, validation: count, test: count }),
  leftOut: count,
  history: list(historyPoint),
  baselines: list(baseline),
  best,
  test: nullable(retrievalPair),
  report: nullable(report),
  zeroShot: nullable(zeroShot),
  chosen: dictionary(number),
  method: nullable(trainedMethod),
  candidates: list(candidate),
  seedResults: list(seedResult),
  coverage: nullable(coverage),
  warnings: list(fields<RunWarning>({ code: oneOf(WARNING_CODES), detail: text })),
  sweep: nullable(sweepPoint),
  notes: text,
  timings: fields<Run["timings"]>({ alignMs: number, stepMs: number }),
});

const tensor = fields<TensorData>({ shape: list(count), data: float32s });
const tensors = dictionary(tensor);

/** A projector of any modality. */
export const projectorShape = fields<Projector>({
  kind: oneOf([...HEAD_KINDS, "linear", "asif"]),
  modality: oneOf(MODALITIES),
  inputWidth: count,
  dimension: count,
  tensors,
});

/** Both projectors of a run. */
export const projectorPairShape = fields<ProjectorPair>({
  runId: text,
  step: count,
  image: projectorShape,
  text: projectorShape,
  logitScale: number,
});

/** A checkpoint: weights, both moments, and how far training is. */
export const checkpointShape = fields<Checkpoint>({
  runId: text,
  seed: optional(count),
  method: optional(oneOf<MethodId>(METHOD_IDS)),
  step: count,
  weights: tensors,
  firstMoments: tensors,
  secondMoments: tensors,
  history: list(historyPoint),
  best,
  bestWeights: nullable(tensors),
  elapsedMs: number,
});

/** The best training so far of a run that is not finished. */
export const keptTrainingShape = fields<KeptTraining>({
  method: trainedMethod,
  seed: count,
  projectors: projectorPairShape,
  score: number,
  training: nullable(training),
  device: nullable(oneOf(["webgpu", "wasm", "cpu"])),
  history: list(historyPoint),
  best,
  chosen: dictionary(number),
  timings: fields<Run["timings"]>({ alignMs: number, stepMs: number }),
});
