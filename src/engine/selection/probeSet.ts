import type { ProbeScores } from "../../core/domain/comparison";
import { toMatrix64 } from "../../core/math/linalg/matrix64";
import { columnMeans, takeRows, type Matrix } from "../../core/math/matrix";
import { bootstrapMeans } from "../../core/metrics/bootstrap";
import { voteNearest } from "../../core/metrics/knnProbe";
import { LinearProbe, type Labelling } from "../../core/metrics/linearProbe";
import { shuffledLabels, type ProbeFolds } from "../../core/metrics/probeFolds";
import { breathe } from "../align/breathe";
import { nearest } from "./nearest";

export interface ProbeOptions {
  /** Neighbours that vote. */
  readonly k: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Told after each of the probe's `PROBE_STEPS(folds)` parts. */
  readonly onStep?: () => void;
}

/** How often `onStep` is called: once for the neighbours, once for each fold. */
export const probeSteps = (folds: number): number => 1 + folds;

/**
 * How well classes can be read from one embedding set: top-1 of a kNN vote and of a linear probe on
 * folds they have not seen, and of both after the labels were shuffled.
 *
 * @param items [n, D], raw, a row for each of the folds' items' original numbers.
 * @throws AppError `data/non-finite`, `data/degenerate`, `cancelled`.
 */
export async function probeSet(
  items: Matrix,
  dealt: ProbeFolds,
  { k, seed, signal, onStep }: ProbeOptions,
): Promise<{ readonly scores: ProbeScores; readonly control: ProbeScores }> {
  const { labels, classes, folds } = dealt;
  const kept = takeRows(items, dealt.items);
  const labellings = [labels, shuffledLabels(labels, seed)].map((own) => ({
    labels: own,
    classes,
  }));
  const neighbours = await nearest(kept, { k, apart: folds, ...(signal ? { signal } : {}) });
  onStep?.();
  const linear = await readFolds(kept, folds, labellings, { signal, onStep });
  const [scores, control] = labellings.map((own, l) => {
    const voted = voteNearest(neighbours, own.labels, classes);
    const columns = [hits(voted, own.labels), hits(linear[l]!, own.labels)];
    const [knn, fitted] = bootstrapMeans(columns, seed);
    return { knn: knn!, linear: fitted! };
  });
  return { scores: scores!, control: control! };
}

async function readFolds(
  items: Matrix,
  folds: Uint8Array,
  labellings: readonly Labelling[],
  {
    signal,
    onStep,
  }: { readonly signal: AbortSignal | undefined; readonly onStep?: (() => void) | undefined },
): Promise<Uint32Array[]> {
  const probe = new LinearProbe(centred(items), folds, labellings);
  const predicted = labellings.map(() => new Uint32Array(items.rows));
  for (let fold = 0; fold < probe.count; fold++) {
    await breathe(signal);
    probe.readFold(fold).forEach((classes, l) => {
      folds.forEach((own, i) => {
        if (own === fold) predicted[l]![i] = classes[i]!;
      });
    });
    onStep?.();
  }
  return predicted;
}

/** Minus the mean of all: not of training alone, but the probe takes that out again. */
function centred(items: Matrix) {
  const out = toMatrix64(items);
  const mean = columnMeans(items);
  for (let at = 0; at < out.data.length; at++) out.data[at] = out.data[at]! - mean[at % out.cols]!;
  return out;
}

const hits = (predicted: Uint32Array, labels: Uint32Array): Uint8Array =>
  Uint8Array.from(labels, (label, i) => Number(predicted[i] === label));
