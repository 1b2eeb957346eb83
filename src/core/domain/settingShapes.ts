import {
  count,
  fields,
  float32s,
  list,
  nullable,
  number,
  oneOf,
  text,
  uint32s,
  type Shape,
} from "../formats/shape";
import type {
  ComparedPair,
  ComparedSet,
  Comparison,
  LeftOutSet,
  ProbedSet,
  ProbeReport,
  ProbeScores,
  Similarity,
} from "./comparison";
import type {
  CaptionPredictions,
  Diagnosis,
  PairRanking,
  SelfTest,
  ShiftFinding,
  SwapFinding,
} from "./diagnosis";
import type { Estimate } from "./evaluation";
import { ALIGNED_MODALITIES } from "./modality";
import { embeddingChoice } from "./encoderShapes";

const sides = <T>(shape: Shape<T>) => fields<{ image: T; text: T }>({ image: shape, text: shape });
const measures = <T>(shape: Shape<T>) =>
  fields<{ mutualKnn: T; cka: T }>({ mutualKnn: shape, cka: shape });

const similarity = fields<Similarity>({
  value: number,
  nullMean: number,
  cutoff: number,
  p: number,
  calibrated: number,
  familyP: number,
});

const leftOut = list(fields<LeftOutSet>({ name: text, reason: text }));

const comparison = fields<Comparison>({
  projectId: text,
  dataDigest: text,
  settings: fields<Comparison["settings"]>({
    maxPairs: number,
    neighbours: number,
    permutations: number,
    seed: number,
  }),
  pairs: count,
  available: count,
  sets: sides(
    list(
      fields<ComparedSet>({
        choice: embeddingChoice,
        name: text,
        width: count,
        participationRatio: number,
        distinct: count,
      }),
    ),
  ),
  cells: list(
    fields<ComparedPair>({
      mutualKnn: similarity,
      cka: similarity,
      biasedCka: number,
      biasFloor: number,
    }),
  ),
  familyCutoff: measures(number),
  leftOut,
  createdAt: number,
  elapsedMs: number,
});

const estimate = fields<Estimate>({ value: number, low: number, high: number });
const scores = fields<ProbeScores>({ knn: estimate, linear: estimate });

const probe = fields<ProbeReport>({
  projectId: text,
  dataDigest: text,
  label: text,
  items: count,
  classes: count,
  folds: count,
  neighbours: count,
  chance: number,
  unlabelled: count,
  rare: fields<ProbeReport["rare"]>({ items: count, classes: count }),
  sets: list(
    fields<ProbedSet>({
      modality: oneOf(ALIGNED_MODALITIES),
      choice: embeddingChoice,
      name: text,
      scores,
      control: scores,
    }),
  ),
  leftOut,
  createdAt: number,
  elapsedMs: number,
});

const diagnosis = fields<Diagnosis>({
  projectId: text,
  dataDigest: text,
  encoders: sides(embeddingChoice),
  leftOut: count,
  selfTest: fields<SelfTest>({
    share: number,
    repeats: number,
    planted: number,
    auc: number,
    low: number,
    high: number,
    threshold: number,
    nominalRate: number,
    recall: number,
    precision: number,
    wrongShare: number,
    swapPrecision: number,
  }),
  ranking: fields<PairRanking>({
    pair: uint32s,
    caption: uint32s,
    mismatch: float32s,
    cosine: float32s,
    csls: float32s,
    captionMargin: float32s,
    imageMargin: float32s,
    captionRank: uint32s,
    imageRank: uint32s,
    bestCaption: uint32s,
    bestCosine: float32s,
  }),
  swaps: list(fields<SwapFinding>({ pairs: list(count), texts: list(count), gain: number })),
  shift: nullable(
    fields<ShiftFinding>({
      offset: number,
      scores: list(fields({ offset: number, contrast: number })),
    }),
  ),
  predictions: fields<CaptionPredictions>({
    width: count,
    rows: float32s,
    mean: float32s,
    basis: nullable(float32s),
  }),
  createdAt: number,
  elapsedMs: number,
});

/**
 * Shapes of what is remembered under a project's name, by the first part of the setting's name.
 * Settings beyond them have to bear any value, as the Align form does.
 */
export const SETTING_SHAPES: ReadonlyMap<string, Shape<unknown>> = new Map<string, Shape<unknown>>([
  ["comparison", comparison],
  ["probe", probe],
  ["doctor", diagnosis],
  ["doctor-run", fields<{ before: string; after: string }>({ before: text, after: text })],
]);
