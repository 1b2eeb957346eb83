import type { MethodId } from "../../core/domain/alignSettings";
import type { Run } from "../../core/domain/run";
import { evaluateRetrieval } from "../../core/metrics/evaluateRetrieval";
import type { Checkpoint, FinishedTraining } from "../../core/ports";
import { save, type AlignSession } from "./alignSession";
import type { Backend } from "./backend";
import { CLOSED_FORM_IDS, type ClosedFormId } from "./baselines";
import { batchLowered, resolveTraining } from "./resolveTraining";
import { withWarning } from "./runWarnings";
import { trainRun } from "./trainRun";

const EVALUATE_EVERY_STEPS = 10; // about 4 s of training on one wasm thread

/** The method as a closed form, or undefined where it is none. */
export function closedFormOf(method: MethodId): ClosedFormId | undefined {
  return CLOSED_FORM_IDS.find((id) => id === method);
}

/** One training of a run, which may have several. */
export interface TrainingUnit {
  readonly method: Exclude<MethodId, "auto">;
  readonly seed: number;
}

/** A training that has ended, and whether it was asked to end early. */
export interface EndedTraining extends FinishedTraining {
  readonly status: "done" | "stopped";
}

/**
 * Trains a head, from the run's checkpoint where that is of the same method and seed.
 *
 * The run is stored at its start and with every checkpoint; what it ends with is for the caller.
 *
 * @throws AppError as `trainRun`.
 */
export async function trainHead(session: AlignSession, unit: TrainingUnit): Promise<EndedTraining> {
  const { deps, data, report } = session;
  const { runs, clock } = deps;
  const { recipe } = session.run;
  const align = { ...recipe.align, ...unit };
  const backend = await session.backend();
  const stored = await runs.checkpoint(session.run.id);
  const start = stored && isOf(stored, unit, session.run) ? stored : undefined;
  // A resumed training keeps the numbers it began with, whatever a newer version would choose.
  const training = (start && session.run.training) ?? resolve(session, align);
  await save(session, {
    training,
    device: backend.device,
    history: start?.history ?? [],
    best: start?.best ?? null,
    warnings: withWarning(session.run.warnings, batchLowered(align, training)),
  });
  report({ ...stepsOf(start?.step ?? 0, training.steps), device: deviceName(backend) });
  const outcome = await trainRun({
    runId: session.run.id,
    data,
    recipe: { ...recipe, align },
    training,
    device: backend.device,
    start,
    signal: session.signal,
    isFinishing: session.isFinishing,
    clock,
    evaluate: (image, text, pairs) =>
      evaluateRetrieval(image, text, pairs, "validation", {
        ks: recipe.evaluate.retrieval,
        seed: recipe.align.seed,
      }),
    evaluateEvery: EVALUATE_EVERY_STEPS,
    onStep: session.onStep,
    onPoint: (point) => report({ ...stepsOf(point.step, training.steps), points: [point] }),
    onCheckpoint: async (checkpoint, projectors) => {
      const { history, best, step } = checkpoint;
      session.run = { ...session.run, history, best, updatedAt: deps.now() };
      await runs.putCheckpoint({ ...checkpoint, ...unit }, projectors, session.run);
      report({ ...stepsOf(step, training.steps), checkpointStep: step });
    },
  });
  const { projectors, history, best, stepMs, status, elapsedMs } = outcome;
  const timings = { alignMs: elapsedMs, stepMs };
  const { device } = backend;
  return { ...unit, projectors, history, best, training, device, chosen: {}, timings, status };
}

/** Fits a closed form, which is its own best checkpoint. */
export async function fitClosedForm(
  session: AlignSession,
  method: ClosedFormId,
): Promise<EndedTraining> {
  const { run, deps, baselines, signal } = session;
  const startedAt = deps.clock();
  const { projectors, chosen } = await baselines.fit(method, { signal });
  const alignMs = deps.clock() - startedAt;
  return {
    method,
    seed: run.recipe.align.seed,
    projectors: { runId: run.id, step: 1, logitScale: 100, ...projectors },
    history: [],
    best: null,
    training: {
      steps: 1,
      batchSize: run.splits.train,
      fuseMix: false,
      dimension: projectors.image.dimension,
      dropout: 0,
      patience: null,
    },
    device: "cpu",
    chosen,
    timings: { alignMs, stepMs: alignMs },
    status: "done",
  };
}

/** What the run says of itself once it keeps this training. */
export function outcomeOf(training: FinishedTraining): Partial<Run> {
  const { method, history, best, training: resolved, device, chosen, timings } = training;
  return { method, history, best, training: resolved, device, chosen, timings };
}

/** Whether a checkpoint belongs to this training; those of version 0.1 name neither. */
function isOf({ seed, method }: Checkpoint, unit: TrainingUnit, { recipe }: Run): boolean {
  const { align } = recipe;
  return (seed ?? align.seed) === unit.seed && (method ?? align.method) === unit.method;
}

function resolve({ run, data }: AlignSession, align: Run["recipe"]["align"]) {
  const { image, text } = run.recipe.encoders;
  return resolveTraining(align, data, { image: image.pooling, text: text.pooling });
}

const stepsOf = (done: number, total: number) =>
  ({ stage: "train", done, total, unit: "steps" }) as const;

const deviceName = ({ device, adapter }: Backend): string =>
  adapter ? `${device} · ${adapter}` : device;
