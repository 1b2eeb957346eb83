import type { AlignmentData } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { AlignedModality } from "../../core/domain/modality";
import type { ResolvedTraining } from "../../core/domain/run";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import { seedFrom } from "../../core/math/rng";
import { dropOut } from "./dropout";
import { fuseMix, mixWeight } from "./fuseMix";
import { drawsFreely, openSampler, type Batch } from "./sampler";
import { isLocked, type Heads } from "./trainedParameters";

/** What one loss of a step sees. */
export interface View {
  /** [B, D] of each side, standardised and dropped out as its head wants them. */
  readonly inputs: Readonly<Record<AlignedModality, Matrix>>;
  /** The same rows as the encoder gave them (mixed, with FuseMix); where the objective asks. */
  readonly raw: Readonly<Record<AlignedModality, Matrix>> | null;
  /** Component of each row where a batch may hold several pairs of one, else null. */
  readonly groups: Uint32Array | null;
  readonly batch: Batch;
}

export interface BatchOptions {
  readonly data: AlignmentData;
  readonly settings: AlignSettings;
  readonly training: ResolvedTraining;
  readonly heads: Heads;
}

/**
 * Training inputs as a function of (seed, step) only: one view, two for `several` positives, each
 * with dropout of its own.
 *
 * @throws AppError `data/too-few`.
 */
export function openBatches(options: BatchOptions): (step: number) => readonly View[] {
  const { data, settings, training, heads } = options;
  const { seed, positives, structure } = settings;
  const sample = openSampler(data.pairs, { batchSize: training.batchSize, seed, positives });
  const rawOf = (batch: Batch, modality: AlignedModality, step: number) =>
    training.fuseMix
      ? fuseMix(data[modality], batch[modality], mixWeight(seed, step))
      : takeRows(data[modality], batch[modality]);
  const prepared = (rows: Matrix, modality: AlignedModality, address: readonly number[]) => {
    const head = heads[modality];
    if (isLocked(head)) return rows;
    head.standardize(rows.data, rows.cols);
    dropOut(rows.data, training.dropout, seedFrom(seed, "dropout", modality, ...address));
    return rows;
  };
  return (step) =>
    sample(step).map((batch, view) => {
      const rows = { image: rawOf(batch, "image", step), text: rawOf(batch, "text", step) };
      const raw = structure ? { image: copyOf(rows.image), text: copyOf(rows.text) } : null;
      const address = view === 0 ? [step] : [step, view];
      return {
        inputs: {
          image: prepared(rows.image, "image", address),
          text: prepared(rows.text, "text", address),
        },
        raw,
        groups: drawsFreely(positives) ? batch.component : null,
        batch,
      };
    });
}

const copyOf = ({ data, rows, cols }: Matrix) => matrix(rows, cols, data.slice());
