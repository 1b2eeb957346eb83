import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Device } from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import type { TensorData } from "../../core/domain/projector";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { ResolvedTraining } from "../../core/domain/run";
import type { Matrix } from "../../core/math/matrix";
import { freshState, type OptimizerState } from "./adamW";
import { openBatches } from "./batches";
import { openObjective } from "./objective";
import { openAdamW } from "./openAdamW";
import { headForward, projectBatches } from "./project";
import { initialize } from "./projectors/head";
import { pairsByComponent } from "./sampler";
import { learningRateAt } from "./schedule";
import * as tf from "./tf";
import {
  headsOf,
  nameTensors,
  POOLED,
  trainedParameters,
  type Poolings,
} from "./trainedParameters";

export interface TrainerOptions {
  readonly data: AlignmentData;
  /**
   * Parts of `data` that steps take in turn, each with batches and negatives of its own: a locked
   * side of several frozen members. All of it at once when left out.
   */
  readonly turns?: readonly AlignmentData[] | undefined;
  readonly settings: AlignSettings;
  /** Poolings of the embeddings, which decide the form of some heads; means when left out. */
  readonly poolings?: Poolings;
  readonly training: ResolvedTraining;
  readonly device: Device;
  /** Where to go on; fresh weights from the seed when left out. */
  readonly start?: OptimizerState | undefined;
}

/**
 * Both projectors and the scalars of the loss under training.
 *
 * All randomness is addressed by (seed, purpose, step), so the state is weights, moments and the
 * number of steps done, and nothing else.
 */
export interface Trainer {
  /**
   * Does step `index`, counted from 0. The caller owns what it resolves to, a scalar still on the
   * device: the loss that compares the two sides. STRUCTURE's term is trained on but not counted,
   * since its growing weight would read as a rising loss.
   */
  step(index: number): Promise<tf.Scalar>;
  /** exp(t) as it is now. */
  logitScale(): Promise<number>;
  /** Mean self-probability of STRUCTURE's frozen neighbourhoods in step `index`; null without. */
  selfProbability(index: number): Promise<number | null>;
  /** Rows of one modality through the projector as it is now, L2-normalised: [N, P]. */
  project(modality: AlignedModality, rows: Matrix): Promise<Matrix>;
  snapshot(): Promise<OptimizerState>;
  snapshotWeights(): Promise<Readonly<Record<string, TensorData>>>;
  dispose(): void;
}

/**
 * Projectors and optimiser on the device, ready for step `index`.
 *
 * @throws AppError `align/unsupported` for a method without a head, `data/too-few`.
 */
export function openTrainer(options: TrainerOptions): Trainer {
  const { data, settings, training, poolings = POOLED } = options;
  const heads = headsOf(settings, poolings);
  const parameters = trainedParameters({ data, settings, training, heads });
  const turns = (options.turns ?? [data]).map((part) => {
    const fitted = options.turns ? fitting(training, part) : training;
    const own = { data: part, settings, training: fitted, heads };
    return { viewsOf: openBatches(own), objective: openObjective(own) };
  });
  const turnAt = (index: number) => {
    const { viewsOf, objective } = turns[index % turns.length]!;
    return { views: viewsOf(Math.floor(index / turns.length)), objective };
  };
  const optimizer = openAdamW(options.device, {
    parameters,
    start: options.start ?? freshState(initialize(parameters, settings.seed)),
    weightDecay: settings.weightDecay,
    gradientClip: settings.gradientClip,
  });
  const named = () => nameTensors(parameters, optimizer.weights());
  return {
    async step(index) {
      const { views, objective } = turnAt(index);
      const { alignment, grads } = tf.tidy(() => {
        const uploaded = views.map((view) => objective.upload(view));
        const compared: tf.Scalar[] = [];
        const differentiate = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
          const losses = objective.losses(uploaded, nameTensors(parameters, tensors), index);
          compared.push(tf.keep(losses.alignment));
          return losses.total;
        });
        const result = differentiate([...optimizer.weights()]);
        return { alignment: compared[0] as tf.Scalar, grads: result.grads };
      });
      const rate = learningRateAt(index, training.steps, settings.learningRate);
      await optimizer.update(grads, index + 1, rate);
      return alignment;
    },
    async logitScale() {
      const [logScale = NaN] = await named().logScale.data();
      return Math.exp(logScale);
    },
    async selfProbability(index) {
      if (!settings.structure) return null;
      const { views, objective } = turnAt(index);
      return views[0] ? objective.selfProbability(views[0]) : null;
    },
    project(modality, rows) {
      const { kind, standardize } = heads[modality];
      const forward = headForward(kind, named()[modality]);
      return projectBatches(rows, training.dimension, standardize, forward);
    },
    snapshot: () => optimizer.snapshot(),
    snapshotWeights: () => optimizer.snapshotWeights(),
    dispose() {
      optimizer.dispose();
      for (const { objective } of turns) objective.dispose();
    },
  };
}

/** A batch no larger than the unrelated pairs of one turn, which may have fewer than the others. */
function fitting(training: ResolvedTraining, { pairs }: AlignmentData): ResolvedTraining {
  const units = pairsByComponent(pairs, "train").length;
  if (units >= training.batchSize) return training;
  return { ...training, batchSize: Math.max(2 * Math.floor(units / 2), 2) };
}
