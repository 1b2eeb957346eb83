import type { AlignmentData, PairTable } from "../../core/domain/alignmentData";
import { rateBelow } from "../../core/domain/alignSettings";
import type { Device } from "../../core/domain/encoder";
import type { RetrievalPair } from "../../core/domain/evaluation";
import type { ProjectorPair, TensorData } from "../../core/domain/projector";
import type { Recipe } from "../../core/domain/recipe";
import type { HistoryPoint, ResolvedTraining } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import type { Checkpoint } from "../../core/ports";
import { nextMacrotask } from "../nextMacrotask";
import { isDeviceLoss } from "./backend";
import {
  guessingIn,
  hasDiverged,
  isPatienceSpent,
  stepsFarAboveChance,
  type Guessing,
} from "./endings";
import { learningRateAt } from "./schedule";
import { headsOf, poolingsOf, projectorPair } from "./trainedParameters";
import { openTrainer, type Trainer } from "./trainer";
import { selectionScore, splitData } from "./validation";

const CHECKPOINT_EVERY_MS = 10_000; // what a crash may cost
const REPORT_EVERY_STEPS = 5; // a report reads the loss, which stalls a graphics processor
const REPORT_EVERY_MS = 200;

type Weights = Readonly<Record<string, TensorData>>;

export interface TrainRunOptions {
  readonly runId: string;
  readonly data: AlignmentData;
  /** Parts of `data` that steps take in turn (`openTrainer`); validation is over all of it. */
  readonly turns?: readonly AlignmentData[];
  readonly recipe: Recipe;
  readonly training: ResolvedTraining;
  readonly device: Device;
  /** Goes on exactly here; from the beginning when left out. */
  readonly start?: Checkpoint | undefined;
  /** Aborting stores a checkpoint, then rejects with `cancelled`. */
  readonly signal: AbortSignal;
  /** Asked after every step; true ends the training early with its best weights. */
  readonly isFinishing: () => boolean;
  /** Retrieval of the items of `pairs`, in rows L2-normalised (`evaluateRetrieval`). */
  readonly evaluate: (image: Matrix, text: Matrix, pairs: PairTable) => RetrievalPair;
  /** Steps between evaluations on the validation split; 10 when left out. */
  readonly evaluateEvery?: number;
  readonly onPoint: (point: HistoryPoint) => void;
  /** Called after every step with a way to read the projectors, which costs a copy of them. */
  readonly onStep?: ((read: () => Promise<ProjectorPair>) => Promise<void>) | undefined;
  /** Stores both; called at most every 10 s, at an abort and at the end. */
  readonly onCheckpoint: (checkpoint: Checkpoint, projectors: ProjectorPair) => Promise<void>;
  /** Milliseconds from any origin. */
  readonly clock: () => number;
}

export interface TrainRunResult {
  /** At the best validation score (at the last step when nothing is held out). */
  readonly projectors: ProjectorPair;
  readonly latest: ProjectorPair;
  readonly history: readonly HistoryPoint[];
  readonly best: Checkpoint["best"];
  /** Training time of all sittings, evaluations and checkpoints excluded. */
  readonly elapsedMs: number;
  /** Mean milliseconds per step of this sitting, evaluations and checkpoints excluded. */
  readonly stepMs: number;
  readonly status: "done" | "stopped";
}

/**
 * Trains both projectors to the last step, evaluating and checkpointing on the way.
 *
 * The best step is the one with the highest mean recall, over both directions, on the validation
 * split, the earlier of equals. A resumed training gives the weights of an uninterrupted one, bit
 * for bit on wasm and cpu.
 *
 * @throws AppError `cancelled`, `align/diverged` (the best weights are stored first),
 *   `webgpu/lost`, `data/too-few`, `align/unsupported`.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const trainer = openTrainer({
    data: options.data,
    turns: options.turns,
    settings: options.recipe.align,
    poolings: poolingsOf(options.recipe),
    training: options.training,
    device: options.device,
    start: options.start,
  });
  const run = new TrainingLoop(options, trainer);
  try {
    return await run.toTheEnd();
  } catch (thrown) {
    if (options.device !== "webgpu" || !isDeviceLoss(thrown)) throw thrown;
    throw new AppError("webgpu/lost", `step ${run.step}`, { cause: thrown });
  } finally {
    trainer.dispose();
  }
}

class TrainingLoop {
  /** Steps done. */
  step: number;
  readonly #options: TrainRunOptions;
  readonly #trainer: Trainer;
  readonly #validation: AlignmentData;
  readonly #guessing: Guessing;
  readonly #history: HistoryPoint[];
  #best: Checkpoint["best"];
  #bestWeights: Weights | null;
  /** The last state known to be good. */
  #saved: Checkpoint | undefined;
  #trainingMs: number;
  #stepsHere = 0;
  #trainingMsHere = 0;

  constructor(options: TrainRunOptions, trainer: Trainer) {
    const { start } = options;
    this.#options = options;
    this.#trainer = trainer;
    this.#validation = splitData(options.data, "validation");
    this.#guessing = guessingIn(options.data, options.recipe.align, options.training);
    this.#saved = start;
    // After a divergence the stored curve runs on past the step that was kept.
    this.#history = start?.history.filter((point) => point.step <= start.step) ?? [];
    this.#best = start?.best ?? null;
    this.#bestWeights = start?.bestWeights ?? null;
    this.#trainingMs = start?.elapsedMs ?? 0;
    this.step = start?.step ?? 0;
  }

  async toTheEnd(): Promise<TrainRunResult> {
    const { training, signal, isFinishing, clock, evaluateEvery = 10 } = this.#options;
    let savedAt = clock();
    let reportedAt = clock();
    while (this.step < training.steps && !this.#isSatisfied() && !isFinishing()) {
      await nextMacrotask(); // lets `cancel` and `finish` messages in
      if (signal.aborted) {
        await this.#save();
        throw new AppError("cancelled", `step ${this.step}`);
      }
      const evaluating = (this.step + 1) % evaluateEvery === 0 || this.step + 1 === training.steps;
      const due = clock() - reportedAt >= REPORT_EVERY_MS;
      const reporting = evaluating || due || (this.step + 1) % REPORT_EVERY_STEPS === 0;
      const loss = await this.#timed(reporting);
      await this.#options.onStep?.(() => this.#latest());
      if (loss === null) continue;
      await this.#report(loss, evaluating);
      reportedAt = clock();
      if (clock() - savedAt < CHECKPOINT_EVERY_MS || this.#isDoubtful()) continue;
      await this.#save();
      savedAt = clock();
    }
    await this.#save();
    const ended = this.step === training.steps || this.#isSatisfied();
    return this.#result(isFinishing() && !ended ? "stopped" : "done");
  }

  #isSatisfied(): boolean {
    return isPatienceSpent(this.#history, this.#best, this.#options.training);
  }

  /** Whether this state should not replace the last good one on disk. */
  #isDoubtful(): boolean {
    return stepsFarAboveChance(this.#history, this.#guessing) > 0;
  }

  /** One step; its loss if it is to be read, else null. */
  async #timed(reading: boolean): Promise<number | null> {
    const { clock } = this.#options;
    const startedAt = clock();
    const loss = await this.#trainer.step(this.step);
    this.step++;
    try {
      return reading ? (await loss.data())[0]! : null;
    } finally {
      loss.dispose();
      const elapsedMs = clock() - startedAt;
      this.#trainingMs += elapsedMs;
      this.#trainingMsHere += elapsedMs;
      this.#stepsHere++;
    }
  }

  async #report(loss: number, evaluating: boolean): Promise<void> {
    if (!Number.isFinite(loss)) return this.#diverge("the loss is no longer a number");
    const { recipe, training, onPoint } = this.#options;
    const validation = evaluating ? await this.#evaluate() : null;
    const selfProbability = evaluating ? await this.#trainer.selfProbability(this.step - 1) : null;
    const point: HistoryPoint = {
      step: this.step,
      loss,
      logitScale: await this.#trainer.logitScale(),
      learningRate: learningRateAt(this.step - 1, training.steps, recipe.align.learningRate),
      elapsedMs: this.#trainingMs,
      ...(validation && { validation }),
      ...(selfProbability !== null && { selfProbability }),
    };
    this.#history.push(point);
    if (validation) await this.#keepIfBest(validation);
    onPoint(point);
    if (!hasDiverged(this.#history, this.#guessing)) return;
    return this.#diverge(`the loss stays at ${loss.toPrecision(3)}, far above that of guessing`);
  }

  async #evaluate(): Promise<RetrievalPair | null> {
    const { image, text, pairs } = this.#validation;
    if (pairs.length === 0) return null;
    const projected = await Promise.all([
      this.#trainer.project("image", image),
      this.#trainer.project("text", text),
    ]);
    if (!projected.every(({ data }) => data.every(Number.isFinite))) {
      return this.#diverge("the projections are no longer numbers");
    }
    return this.#options.evaluate(...projected, pairs);
  }

  async #keepIfBest(validation: RetrievalPair): Promise<void> {
    const score = selectionScore(validation);
    if (this.#best && score <= this.#best.score) return;
    const state = await this.#trainer.snapshot();
    this.#best = { step: this.step, score };
    this.#bestWeights = state.weights;
    this.#saved = this.#checkpoint({ ...state, step: this.step });
  }

  async #save(): Promise<void> {
    const state = await this.#trainer.snapshot();
    if (!allFinite(state.weights)) return this.#diverge("the weights are no longer numbers");
    this.#saved = this.#checkpoint({ ...state, step: this.step });
    await this.#options.onCheckpoint(this.#saved, this.#pair(state.weights, this.step));
  }

  /** Stores the last good state and the best projectors, then throws. */
  async #diverge(what: string): Promise<never> {
    if (this.#saved && this.#best && this.#bestWeights) {
      const best = this.#pair(this.#bestWeights, this.#best.step);
      await this.#options.onCheckpoint(this.#checkpoint(this.#saved), best);
    }
    const { learningRate } = this.#options.recipe.align;
    const asked = `the learning rate was ${learningRate}, try ${rateBelow(learningRate)}`;
    const detail = `step ${this.step}: ${what}; ${asked}`;
    throw new AppError("align/diverged", detail);
  }

  #checkpoint(
    state: Pick<Checkpoint, "step" | "weights" | "firstMoments" | "secondMoments">,
  ): Checkpoint {
    return {
      runId: this.#options.runId,
      step: state.step,
      weights: state.weights,
      firstMoments: state.firstMoments,
      secondMoments: state.secondMoments,
      history: [...this.#history],
      best: this.#best,
      bestWeights: this.#bestWeights,
      elapsedMs: this.#trainingMs,
    };
  }

  async #result(status: TrainRunResult["status"]): Promise<TrainRunResult> {
    const latest = await this.#latest();
    const hasBest = this.#best && this.#bestWeights;
    return {
      projectors: hasBest ? this.#pair(this.#bestWeights!, this.#best!.step) : latest,
      latest,
      history: this.#history,
      best: this.#best,
      stepMs: this.#stepsHere === 0 ? 0 : this.#trainingMsHere / this.#stepsHere,
      elapsedMs: this.#trainingMs,
      status,
    };
  }

  async #latest(): Promise<ProjectorPair> {
    return this.#pair(await this.#trainer.snapshotWeights(), this.step);
  }

  #pair(weights: Weights, step: number): ProjectorPair {
    const { recipe, runId } = this.#options;
    const heads = headsOf(recipe.align, poolingsOf(recipe));
    return projectorPair(weights, { ...this.#options, heads }, { runId, step });
  }
}

const allFinite = (weights: Weights) =>
  Object.values(weights).every(({ data }) => data.every(Number.isFinite));
