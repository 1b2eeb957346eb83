import type { HeadKind, Projector, TensorData } from "../../core/domain/projector";
import { AppError } from "../../core/errors";
import { matrix, type Matrix } from "../../core/math/matrix";
import { l2Normalize } from "./ops/l2Normalize";
import type { Head } from "./projectors/head";
import { headOfKind } from "./projectors/heads";
import { relativeOptions } from "./solvers/asif";
import { relativeRows } from "./solvers/relativeRows";
import * as tf from "./tf";

const BATCH_ROWS = 1_024; // 1,024 x 1,280 fp32 = 5 MB: keeps the device's memory flat

/** A projector whose weights stay on the device. */
export interface OpenProjector {
  /**
   * @param rows [N, D] raw encoder outputs.
   * @returns    [N, P], rows L2-normalised (then scaled by `outputScale` where there is one).
   * @throws AppError `embeddings/width` when D is not the projector's input width.
   */
  project(rows: Matrix): Promise<Matrix>;
  dispose(): void;
}

/** Uploads a projector's weights, for many calls of `project`. Dispose of it afterwards. */
export function openProjector(projector: Projector): OpenProjector {
  const tensors = uploadTensors(projector.tensors);
  const { standardize, forward } = planOf(projector.kind, tensors);
  return {
    async project(rows) {
      if (rows.cols !== projector.inputWidth) {
        const { modality, inputWidth } = projector;
        const detail = `${modality} of width ${rows.cols}, trained on ${inputWidth}`;
        throw new AppError("embeddings/width", detail);
      }
      const out = await projectBatches(rows, projector.dimension, standardize, forward);
      if (projector.kind === "asif") {
        relativeRows(out.data, out.cols, relativeOptions(projector.tensors));
      }
      return out;
    },
    dispose: () => tf.dispose(tensors),
  };
}

/** The rows in the shared space, L2-normalised: [N, P]. Any kind of projector. */
export async function projectRows(projector: Projector, rows: Matrix): Promise<Matrix> {
  const open = openProjector(projector);
  try {
    return await open.project(rows);
  } finally {
    open.dispose();
  }
}

type Forward = (rows: tf.Tensor2D) => tf.Tensor2D;

interface Plan {
  readonly standardize: Head["standardize"] | null;
  readonly forward: Forward;
}

function planOf(kind: Projector["kind"], tensors: Readonly<Record<string, tf.Tensor>>): Plan {
  if (kind === "linear") {
    return { standardize: null, forward: (rows) => projectLinearly(tensors, rows) };
  }
  if (kind === "asif") {
    return { standardize: null, forward: (rows) => cosinesWithAnchors(tensors, rows) };
  }
  return { standardize: headOfKind(kind).standardize, forward: headForward(kind, tensors) };
}

/** Forward pass of a trained head over standardised rows, up to and including the L2 norm. */
export function headForward(kind: HeadKind, tensors: Readonly<Record<string, tf.Tensor>>): Forward {
  const head = headOfKind(kind);
  return (rows) => l2Normalize(head.apply(tensors, rows));
}

/** `forward` over all rows, standardised first, at most 1,024 at a time. [N, dimension] */
export async function projectBatches(
  rows: Matrix,
  dimension: number,
  standardize: Head["standardize"] | null,
  forward: Forward,
): Promise<Matrix> {
  const out = matrix(rows.rows, dimension);
  for (let start = 0; start < rows.rows; start += BATCH_ROWS) {
    const end = Math.min(start + BATCH_ROWS, rows.rows);
    const batch = rows.data.slice(start * rows.cols, end * rows.cols);
    standardize?.(batch, rows.cols);
    const projected = tf.tidy(() => forward(tf.tensor2d(batch, [end - start, rows.cols])));
    try {
      out.data.set(await projected.data<"float32">(), start * dimension);
    } finally {
      projected.dispose();
    }
  }
  return out;
}

function projectLinearly(tensors: Readonly<Record<string, tf.Tensor>>, rows: tf.Tensor2D) {
  const { mean, weight, outputScale } = tensors;
  const unit = l2Normalize(tf.matMul(tf.sub(rows, mean!), weight as tf.Tensor2D));
  return outputScale ? tf.mul<tf.Tensor2D>(unit, outputScale) : unit;
}

function cosinesWithAnchors(tensors: Readonly<Record<string, tf.Tensor>>, rows: tf.Tensor2D) {
  const { mean, anchors } = tensors;
  const shifted = mean ? tf.sub<tf.Tensor2D>(rows, mean) : rows;
  return tf.matMul<tf.Tensor2D>(l2Normalize(shifted), tf.transpose(anchors as tf.Tensor2D));
}

const uploadTensors = (tensors: Readonly<Record<string, TensorData>>) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
