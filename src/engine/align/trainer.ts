import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Device } from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import type { Projector, ProjectorPair, TensorData } from "../../core/domain/projector";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { ResolvedTraining } from "../../core/domain/run";
import { takeRows, type Matrix } from "../../core/math/matrix";
import { seedFrom } from "../../core/math/rng";
import { freshState, type AdamW, type OptimizerState, type Parameter } from "./adamW";
import { openDeviceAdamW } from "./adamWDevice";
import { openHostAdamW } from "./adamWHost";
import { dropOut } from "./dropout";
import { fuseMix, mixWeight } from "./fuseMix";
import { infoNce } from "./losses/infoNce";
import { l2Normalize } from "./ops/l2Normalize";
import { headForward, projectBatches } from "./project";
import { initialize } from "./projectors/head";
import { headOfMethod } from "./projectors/heads";
import { openSampler } from "./sampler";
import { learningRateAt } from "./schedule";
import { standardizeRows } from "./standardizeRows";
import * as tf from "./tf";

const LOG_SCALE = "logScale";
const START_TEMPERATURE = 0.07;
const LOG_SCALE_RANGE = [Math.log(2), Math.log(100)] as const; // temperature in [0.01, 0.5]

type Weights = Readonly<Record<string, TensorData>>;

export interface TrainerOptions {
  readonly data: AlignmentData;
  readonly settings: AlignSettings;
  readonly training: ResolvedTraining;
  readonly device: Device;
  /** Where to go on; fresh weights from the seed when left out. */
  readonly start?: OptimizerState | undefined;
}

/**
 * Both projectors and the logit scale under training.
 *
 * All randomness is addressed by (seed, purpose, step), so the state is weights, moments and the
 * number of steps done, and nothing else.
 */
export interface Trainer {
  /** Does step `index`, counted from 0. The caller owns the loss, a scalar still on the device. */
  step(index: number): Promise<tf.Scalar>;
  /** exp(t) as it is now. */
  logitScale(): Promise<number>;
  /** Rows of one modality through the projector as it is now, L2-normalised: [N, P]. */
  project(modality: AlignedModality, rows: Matrix): Promise<Matrix>;
  snapshot(): Promise<OptimizerState>;
  snapshotWeights(): Promise<Weights>;
  dispose(): void;
}

/**
 * Projectors and optimiser on the device, ready for step `index`.
 *
 * @throws AppError `align/unsupported` for a method without a head, `data/too-few`.
 */
export function openTrainer(options: TrainerOptions): Trainer {
  const { settings, training } = options;
  const parameters = trainedParameters(options);
  const optimizer = openOptimizer(parameters, options);
  const batchOf = openBatches(options);
  const head = headOfMethod(settings.method);
  const lossOf = (image: tf.Tensor2D, text: tf.Tensor2D) => (tensors: readonly tf.Tensor[]) => {
    const named = (modality: AlignedModality) => tensorsOf(parameters, tensors, modality);
    const a = l2Normalize(head.apply(named("image"), image));
    const b = l2Normalize(head.apply(named("text"), text));
    return infoNce(a, b, tensors.at(-1) as tf.Scalar);
  };
  return {
    async step(index) {
      const batch = batchOf(index);
      const { value, grads } = tf.tidy(() => {
        const loss = lossOf(upload(batch.image), upload(batch.text));
        return tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(tensors))([
          ...optimizer.weights(),
        ]);
      });
      const rate = learningRateAt(index, training.steps, settings.learningRate);
      await optimizer.update(grads, index + 1, rate);
      return value as tf.Scalar;
    },
    logitScale: async () => Math.exp((await optimizer.weights().at(-1)!.data())[0]!),
    project(modality, rows) {
      const tensors = tensorsOf(parameters, optimizer.weights(), modality);
      return projectBatches(rows, training.dimension, true, headForward(head.kind, tensors));
    },
    snapshot: () => optimizer.snapshot(),
    snapshotWeights: () => optimizer.snapshotWeights(),
    dispose: () => optimizer.dispose(),
  };
}

/** The weights of a snapshot as the projectors of a run. */
export function projectorPair(
  weights: Weights,
  { data, settings, training }: Pick<TrainerOptions, "data" | "settings" | "training">,
  { runId, step }: { runId: string; step: number },
): ProjectorPair {
  const side = (modality: AlignedModality): Projector => ({
    kind: headOfMethod(settings.method).kind,
    modality,
    inputWidth: data[modality].cols,
    dimension: training.dimension,
    tensors: Object.fromEntries(
      Object.entries(weights)
        .filter(([name]) => name.startsWith(`${modality}.`))
        .map(([name, tensor]) => [name.slice(modality.length + 1), tensor]),
    ),
  });
  const logitScale = Math.exp(weights[LOG_SCALE]!.data[0]!);
  return { runId, step, image: side("image"), text: side("text"), logitScale };
}

/** `image.*`, `text.*`, then the log of the logit scale. */
function trainedParameters({ data, settings, training }: TrainerOptions) {
  const head = headOfMethod(settings.method);
  const side = (modality: AlignedModality) =>
    head
      .parameters(data[modality].cols, training.dimension)
      .map((spec) => ({ ...spec, name: `${modality}.${spec.name}` }));
  const start = { constant: Math.log(1 / START_TEMPERATURE) };
  const scale = { name: LOG_SCALE, shape: [], decayed: false, start, range: LOG_SCALE_RANGE };
  return [...side("image"), ...side("text"), scale];
}

function openOptimizer(
  parameters: ReturnType<typeof trainedParameters>,
  { settings, device, start }: TrainerOptions,
): AdamW {
  const open = device === "webgpu" ? openDeviceAdamW : openHostAdamW;
  return open({
    parameters,
    start: start ?? freshState(initialize(parameters, settings.seed)),
    weightDecay: settings.weightDecay,
  });
}

/** Training inputs of a step, standardised and dropped out. */
function openBatches({ data, settings, training }: TrainerOptions) {
  const { seed, method } = settings;
  const { dropout } = headOfMethod(method);
  const sample = openSampler(data.pairs, training.batchSize, seed);
  return (step: number) => {
    const indices = sample(step);
    const inputs = (modality: AlignedModality) => {
      const rows = training.fuseMix
        ? fuseMix(data[modality], indices[modality], mixWeight(seed, step))
        : takeRows(data[modality], indices[modality]);
      standardizeRows(rows.data, rows.cols);
      dropOut(rows.data, dropout, seedFrom(seed, "dropout", modality, step));
      return rows;
    };
    return { image: inputs("image"), text: inputs("text") };
  };
}

const upload = ({ data, rows, cols }: Matrix) => tf.tensor2d(data, [rows, cols]);

const tensorsOf = (
  parameters: readonly Parameter[],
  tensors: readonly tf.Tensor[],
  modality: AlignedModality,
) =>
  Object.fromEntries(
    parameters.flatMap(({ name }, i) =>
      name.startsWith(`${modality}.`) ? [[name.slice(modality.length + 1), tensors[i]!]] : [],
    ),
  );
