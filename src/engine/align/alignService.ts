import { methodById } from "../../core/catalogue/methods";
import type { AlignmentData } from "../../core/domain/alignmentData";
import type { DevicePreference } from "../../core/domain/encoder";
import type { BaselineResult } from "../../core/domain/evaluation";
import type { ProjectorPair } from "../../core/domain/projector";
import type { HistoryPoint, Run } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import { evaluateRetrieval } from "../../core/metrics/evaluateRetrieval";
import type { DatasetStore, EmbeddingStore, EncoderStore, RunStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { encoderKey } from "../encoding/encoderKey";
import { loadAlignmentData } from "./alignmentData";
import type { Backend } from "./backend";
import { openBaselines, type Baselines } from "./baselines";
import { projectRows } from "./project";
import { resolveTraining } from "./resolveTraining";
import { trainRun } from "./trainRun";
import { splitData } from "./validation";

const EVALUATE_EVERY_STEPS = 10; // about 4 s of training on one wasm thread

interface AlignDependencies {
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly runs: RunStore;
  readonly openBackend: (preference: DevicePreference) => Promise<Backend>;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly now: () => number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a training reports beside its progress; the shape of rpc's AlignProgress. */
export interface AlignReport extends Progress {
  readonly points?: readonly HistoryPoint[];
  readonly baseline?: BaselineResult;
  readonly checkpointStep?: number;
  readonly device?: string;
}

type Report = (report: AlignReport) => void;

interface Session {
  run: Run;
  readonly data: AlignmentData;
  readonly baselines: Baselines;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Trains stored runs, one at a time, and writes what they give. */
export class AlignService {
  readonly #deps: AlignDependencies;
  readonly #finishing = new Set<string>();

  constructor(deps: AlignDependencies) {
    this.#deps = deps;
  }

  /** Lets the running `align` of this run end after its current step. */
  finish(runId: string): void {
    this.#finishing.add(runId);
  }

  /**
   * Baselines first, then the method, then the held-out test results of its best checkpoint.
   * An aborted run is left `paused` with a checkpoint and goes on from there when called again.
   *
   * @throws AppError `cancelled`, `embeddings/missing`, `data/too-few`, `align/diverged`,
   *   `align/unsupported`, `storage/quota`, `webgpu/lost`.
   */
  async align(
    { runId, device }: { runId: string; device: DevicePreference },
    signal: AbortSignal,
    report: Report,
  ): Promise<Run> {
    this.#finishing.delete(runId);
    const session = await this.#open(runId, signal, report);
    try {
      await this.#computeBaselines(session);
      const trained = methodById(session.run.recipe.align.method)?.kind === "trained";
      return await (trained ? this.#train(session, device) : this.#solve(session));
    } catch (thrown) {
      const error = AppError.from(thrown);
      const failed = {
        status: "failed",
        error: { code: error.code, detail: error.detail },
      } as const;
      await this.#save(session, error.code === "cancelled" ? { status: "paused" } : failed);
      throw error;
    }
  }

  async #open(runId: string, signal: AbortSignal, report: Report): Promise<Session> {
    const { runs, datasets, embeddings, encoders, versions } = this.#deps;
    const stored = await runs.get(runId);
    const { method } = stored.recipe.align;
    if (!methodById(method)) throw new AppError("align/unsupported", `method “${method}”`);
    const { image, text } = stored.recipe.encoders;
    const embeddingKeys = {
      image: await encoderKey(await encoders.get(image.id), image),
      text: await encoderKey(await encoders.get(text.id), text),
    };
    const loaded = await loadAlignmentData(
      { datasets, embeddings },
      stored.projectId,
      embeddingKeys,
    );
    const { error: _, ...before } = stored;
    const run: Run = {
      ...before,
      status: "running",
      embeddingKeys,
      splits: loaded.splits,
      leftOut: loaded.leftOut,
      versions,
    };
    const session = {
      run,
      data: loaded.data,
      baselines: openBaselines(loaded.data),
      signal,
      report,
    };
    await this.#save(session, {});
    return session;
  }

  /** Those the recipe names and the run does not have yet. */
  async #computeBaselines(session: Session): Promise<void> {
    const { retrieval: ks, baselines: ids } = session.run.recipe.evaluate;
    for (const [done, id] of ids.entries()) {
      session.report({ stage: "baselines", done, total: ids.length, unit: "steps" });
      if (session.run.baselines.some((result) => result.id === id)) continue;
      const { seed } = session.run.recipe.align;
      const { signal } = session;
      const baseline = await session.baselines.compute(id, { seed, ks, signal });
      await this.#save(session, { baselines: [...session.run.baselines, baseline] });
      session.report({
        stage: "baselines",
        done: done + 1,
        total: ids.length,
        unit: "steps",
        baseline,
      });
    }
  }

  /** A closed form is its own best checkpoint. */
  async #solve(session: Session): Promise<Run> {
    const { method } = session.run.recipe.align;
    if (method !== "procrustes" && method !== "ridge" && method !== "csa") {
      throw new AppError("align/unsupported", `method “${method}”`);
    }
    const started = this.#deps.clock();
    const { projectors } = await session.baselines.fit(method, { signal: session.signal });
    const pair: ProjectorPair = { runId: session.run.id, step: 1, logitScale: 100, ...projectors };
    await this.#deps.runs.putProjectors(pair);
    const alignMs = this.#deps.clock() - started;
    const dimension = projectors.image.dimension;
    return this.#conclude(session, pair, {
      status: "done",
      device: "cpu",
      training: {
        steps: 1,
        batchSize: session.run.splits.train,
        fuseMix: false,
        dimension,
        dropout: 0,
        patience: null,
      },
      timings: { alignMs, stepMs: alignMs },
    });
  }

  async #train(session: Session, device: DevicePreference): Promise<Run> {
    const { run, data, signal, report } = session;
    const { runs, clock } = this.#deps;
    const backend = await this.#deps.openBackend(device);
    const training = run.training ?? resolveTraining(run.recipe.align, data.pairs);
    await this.#save(session, { training, device: backend.device });
    report({ ...stepsOf(0, training.steps), device: deviceName(backend) });
    const start = await runs.checkpoint(run.id);
    const outcome = await trainRun({
      runId: run.id,
      data,
      recipe: run.recipe,
      training,
      device: backend.device,
      ...(start ? { start } : {}),
      signal,
      isFinishing: () => this.#finishing.has(run.id),
      clock,
      evaluate: (image, text, pairs) =>
        evaluateRetrieval(image, text, pairs, "validation", {
          ks: run.recipe.evaluate.retrieval,
          seed: run.recipe.align.seed,
        }),
      evaluateEvery: EVALUATE_EVERY_STEPS,
      onPoint: (point) => {
        report({ ...stepsOf(point.step, training.steps), points: [point] });
      },
      onCheckpoint: async (checkpoint, projectors) => {
        const { history, best } = checkpoint;
        session.run = { ...session.run, history, best, updatedAt: this.#deps.now() };
        await runs.putCheckpoint(checkpoint, projectors, session.run);
        report({ ...stepsOf(checkpoint.step, training.steps), checkpointStep: checkpoint.step });
      },
    });
    await runs.putProjectors(outcome.projectors);
    const { status, history, best, stepMs } = outcome;
    const timings = { alignMs: history.at(-1)?.elapsedMs ?? 0, stepMs };
    const done = await this.#conclude(session, outcome.projectors, {
      status,
      history,
      best,
      timings,
    });
    await runs.deleteCheckpoints(run.id);
    return done;
  }

  /** Scores the projectors on the held-out test split and closes the run. */
  async #conclude(session: Session, pair: ProjectorPair, change: Partial<Run>): Promise<Run> {
    const { recipe } = session.run;
    session.report({ stage: "evaluate", done: 0, total: 1, unit: "steps" });
    const { image, text, pairs } = splitData(session.data, "test");
    const test =
      pairs.length > 0
        ? evaluateRetrieval(
            await projectRows(pair.image, image),
            await projectRows(pair.text, text),
            pairs,
            "test",
            { ks: recipe.evaluate.retrieval, seed: recipe.align.seed },
          )
        : null;
    await this.#save(session, { ...change, test });
    session.report({ stage: "evaluate", done: 1, total: 1, unit: "steps" });
    return session.run;
  }

  async #save(session: Session, change: Partial<Run>): Promise<void> {
    session.run = { ...session.run, ...change, updatedAt: this.#deps.now() };
    await this.#deps.runs.put(session.run);
  }
}

const stepsOf = (done: number, total: number) =>
  ({ stage: "train", done, total, unit: "steps" }) as const;

const deviceName = ({ device, adapter }: Backend): string =>
  adapter ? `${device} · ${adapter}` : device;
