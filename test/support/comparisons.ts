import type {
  ComparedPair,
  ComparedSet,
  Comparison,
  ProbeReport,
  Similarity,
} from "../../src/core/domain/comparison";
import { DEFAULT_COMPARISON } from "../../src/core/domain/comparison";

/** A comparison of two image embeddings with two text ones; the second of each go together best. */
export function aComparison(projectId: string, changes: Partial<Comparison> = {}): Comparison {
  return {
    projectId,
    dataDigest: "d1",
    settings: DEFAULT_COMPARISON,
    pairs: 980,
    available: 1_320,
    sets: {
      image: [
        comparedSet("efficientnet-lite0", "stage7", "EfficientNet-Lite0 · stage 7"),
        comparedSet("efficientnet-lite0", null, "EfficientNet-Lite0"),
      ],
      text: [
        comparedSet("all-minilm-l6-v2", "layer1", "all-MiniLM-L6-v2 · layer 1"),
        comparedSet("all-minilm-l6-v2", null, "all-MiniLM-L6-v2"),
      ],
    },
    cells: [cell(0.1, 0.12), cell(0.15, 0.28), cell(0.12, 0.11), cell(0.194, 0.277)],
    familyCutoff: { mutualKnn: 0.008, cka: 0.002 },
    leftOut: [],
    createdAt: 0,
    elapsedMs: 4_000,
    ...changes,
  };
}

/** Two embeddings probed for a label. */
export function aProbeReport(projectId: string): ProbeReport {
  const estimate = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
  const scores = (value: number) => ({ knn: estimate(value), linear: estimate(value + 0.05) });
  return {
    projectId,
    dataDigest: "d1",
    label: "category",
    items: 900,
    classes: 9,
    folds: 5,
    neighbours: 10,
    chance: 0.25,
    unlabelled: 3,
    rare: { items: 7, classes: 2 },
    sets: [
      {
        modality: "image",
        choice: { id: "efficientnet-lite0", pooling: "mean", layer: null },
        name: "EfficientNet-Lite0",
        scores: scores(0.6),
        control: scores(0.2),
      },
    ],
    leftOut: [],
    createdAt: 0,
    elapsedMs: 1_000,
  };
}

function comparedSet(id: string, layer: string | null, name: string): ComparedSet {
  const choice = { id, pooling: "mean", layer } as const;
  return { choice, name, width: 384, participationRatio: 42.3, distinct: 980 };
}

/** Figures as `calibrate` gives them; `value` may be NaN. */
export function similarity(value: number, nullMean: number): Similarity {
  const cutoff = nullMean + 0.002;
  const calibrated = Math.max(0, (value - cutoff) / (1 - cutoff));
  return { value, nullMean, cutoff, p: 1 / 201, familyP: 1 / 201, calibrated };
}

function cell(knn: number, cka: number): ComparedPair {
  return {
    mutualKnn: similarity(knn, 0.0102),
    cka: similarity(cka, 0),
    biasedCka: cka + 0.03,
    biasFloor: 0.041,
  };
}
