import { methodById } from "../../core/catalogue/methods";
import type { AlignProgress, AlignRequest } from "../../core/domain/alignRequest";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Run } from "../../core/domain/run";
import { AppError } from "../../core/errors";
import { chanceRetrieval } from "../../core/metrics/chance";
import type { FinishedTraining } from "../../core/ports";
import { encoderKey } from "../encoding/encoderKey";
import { evaluateTest } from "../evaluation/evaluateTest";
import { loadAlignmentData } from "./alignmentData";
import { save, type AlignDependencies, type AlignSession } from "./alignSession";
import { chooseMethod } from "./autoMethod";
import type { Backend } from "./backend";
import { openBaselines } from "./baselines";
import { checkInputs } from "./checkInputs";
import { Followers } from "./followers";
import { endSeed, trainSeeds } from "./runSeeds";
import { atChance, dataWarnings, withWarning } from "./runWarnings";
import { closedFormOf, fitClosedForm, outcomeOf, trainHead } from "./training";
import { chooseTraining } from "./trainOn";

interface Ended {
  readonly kept: FinishedTraining;
  readonly status: "done" | "stopped";
}

/** Trains stored runs, one at a time, and writes what they give. */
export class AlignService {
  readonly #deps: AlignDependencies;
  readonly #finishing = new Set<string>();
  readonly #followers = new Followers();

  constructor(deps: AlignDependencies) {
    this.#deps = deps;
  }

  /** Lets the running `align` of this run end after its current step. */
  finish(runId: string): void {
    this.#finishing.add(runId);
  }

  /** Projectors after the step in hand; null when this run is not training a head now. */
  latest(runId: string): Promise<ProjectorPair | null> {
    return this.#followers.latest(runId);
  }

  /**
   * Baselines first, then the method (every seed of it, or every candidate of `auto`), then the
   * held-out test results of what validation liked best. An aborted run is left `paused` with a
   * checkpoint and goes on from there when called again; a diverged one keeps its best.
   *
   * @throws AppError `cancelled`, `align/diverged`, `align/unsupported`, `storage/quota`,
   *   `webgpu/lost`, `embeddings/missing`, `embeddings/changed`, as `checkInputs` and
   *   `chooseTraining`.
   */
  async align(
    request: AlignRequest,
    signal: AbortSignal,
    report: (report: AlignProgress) => void,
  ): Promise<Run> {
    this.#finishing.delete(request.runId);
    const session = await this.#open(request, signal, report);
    try {
      await this.#computeBaselines(session);
      this.#followers.begin(request.runId);
      const { kept, status } = await this.#train(session);
      this.#followers.end();
      return await this.#conclude(session, kept, status);
    } catch (thrown) {
      const error = AppError.from(thrown);
      const { code, detail } = error;
      const failed = { status: "failed", error: { code, detail } } as const;
      await save(session, code === "cancelled" ? { status: "paused" } : failed);
      if (code === "align/diverged") await this.#keepBest(session);
      throw error;
    } finally {
      this.#followers.end();
    }
  }

  async #open(
    { runId, device, concepts }: AlignRequest,
    signal: AbortSignal,
    report: (report: AlignProgress) => void,
  ): Promise<AlignSession> {
    const deps = this.#deps;
    const { error: _, ...stored } = await deps.runs.get(runId);
    const { align, encoders } = stored.recipe;
    if (!methodById(align.method)) {
      throw new AppError("align/unsupported", `method “${align.method}”`);
    }
    const embeddingKeys = {
      image: await encoderKey(await deps.encoders.get(encoders.image.id), encoders.image),
      text: await encoderKey(await deps.encoders.get(encoders.text.id), encoders.text),
    };
    await this.#refuseOtherEmbeddings(stored, embeddingKeys);
    const loaded = await loadAlignmentData(deps, stored.projectId, embeddingKeys);
    checkInputs(loaded.data, loaded.items);
    const { trainOn, seed } = align;
    const { items } = loaded;
    const chosen = chooseTraining(loaded.data, { trainOn, seed, items, concepts });
    if (chosen.coverage) checkInputs(chosen.data, items);
    let backend: Promise<Backend> | undefined;
    const session: AlignSession = {
      run: stored,
      data: chosen.data,
      baselines: openBaselines(chosen.data),
      backend: () => (backend ??= deps.openBackend(device)),
      deps,
      signal,
      report,
      isFinishing: () => this.#finishing.has(runId),
      onStep: (read) => this.#followers.answer(read),
    };
    await save(session, {
      status: "running",
      embeddingKeys,
      splits: { ...loaded.splits, train: chosen.coverage?.pairs ?? loaded.splits.train },
      leftOut: loaded.leftOut,
      coverage: chosen.coverage,
      warnings: [
        ...dataWarnings(chosen.data.pairs, items),
        // Said when a training begins; those that ended before a pause do not begin again.
        ...stored.warnings.filter((warning) => warning.code === "batch-lowered"),
      ],
      versions: deps.versions,
    });
    return session;
  }

  /** Weights trained on other embeddings must not be trained on, whatever their width. */
  async #refuseOtherEmbeddings(run: Run, keys: Run["embeddingKeys"]): Promise<void> {
    const { runs } = this.#deps;
    const begun = (await runs.checkpoint(run.id)) ?? (await runs.kept(run.id));
    if (!begun || !run.embeddingKeys.image) return;
    const changed = (["image", "text"] as const).filter(
      (side) => run.embeddingKeys[side] !== keys[side],
    );
    if (changed.length === 0) return;
    const sides = changed.map((side) => `${side} (${run.recipe.encoders[side].id})`);
    throw new AppError("embeddings/changed", sides.join(", "));
  }

  /** Those the recipe names and the run does not have yet. */
  async #computeBaselines(session: AlignSession): Promise<void> {
    const { retrieval: ks, baselines: ids } = session.run.recipe.evaluate;
    for (const [done, id] of ids.entries()) {
      session.report({ stage: "baselines", done, total: ids.length, unit: "steps" });
      if (session.run.baselines.some((result) => result.id === id)) continue;
      const { seed } = session.run.recipe.align;
      const { signal } = session;
      const baseline = await session.baselines.compute(id, { seed, ks, signal });
      await save(session, { baselines: [...session.run.baselines, baseline] });
      session.report({
        stage: "baselines",
        done: done + 1,
        total: ids.length,
        unit: "steps",
        baseline,
      });
    }
  }

  /** A closed form has no seed: one fit stands for however many are asked for. */
  async #train(session: AlignSession): Promise<Ended> {
    const { method, seed, seeds } = session.run.recipe.align;
    if (method === "auto") return this.#choose(session);
    const closed = closedFormOf(method);
    if (closed) return { kept: await fitClosedForm(session, closed), status: "done" };
    if (seeds > 1) return trainSeeds(session, method);
    const { status, ...kept } = await trainHead(session, { method, seed });
    return { kept, status };
  }

  /** The candidates are compared with the first seed; the others are for the head that won. */
  async #choose(session: AlignSession): Promise<Ended> {
    const chosen = await chooseMethod(session);
    const { kept, status } = chosen;
    await save(session, { method: kept.method });
    const { seeds } = session.run.recipe.align;
    if (seeds === 1 || status === "stopped" || closedFormOf(kept.method)) return chosen;
    if (session.run.seedResults.length === 0) await endSeed(session, kept);
    return trainSeeds(session, kept.method);
  }

  /** Scores what is kept on the held-out test split and closes the run. */
  async #conclude(
    session: AlignSession,
    kept: FinishedTraining,
    status: "done" | "stopped",
  ): Promise<Run> {
    const { runs } = this.#deps;
    session.report({ stage: "evaluate", done: 0, total: 1, unit: "steps" });
    const scored = await scoreTest(session, kept.projectors);
    await runs.putProjectors(kept.projectors);
    const alignMs = totalMs(session.run) || kept.timings.alignMs;
    const outcome = { ...outcomeOf(kept), timings: { ...kept.timings, alignMs } };
    await save(session, { ...outcome, ...scored, status });
    await runs.deleteCheckpoints(session.run.id);
    session.report({ stage: "evaluate", done: 1, total: 1, unit: "steps" });
    return session.run;
  }

  /** The run failed, but what it had learned before is there to be used and judged. */
  async #keepBest(session: AlignSession): Promise<void> {
    const { runs } = this.#deps;
    const kept = await runs.kept(session.run.id);
    if (kept) await runs.putProjectors(kept.projectors);
    const best = session.run.best ? await runs.projectors(session.run.id) : undefined;
    const projectors = kept?.projectors ?? best;
    if (!projectors) return;
    const scored = await scoreTest(session, projectors);
    await save(session, { ...(kept && outcomeOf(kept)), ...scored });
  }
}

/** All time spent on trainings, where the run has several. */
function totalMs({ seedResults, candidates }: Run): number {
  // The first seed of a head that `auto` chose is the candidate.
  const seeds = candidates.length > 0 ? seedResults.slice(1) : seedResults;
  return [...candidates, ...seeds].reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
}

async function scoreTest(
  { data, run, signal }: AlignSession,
  projectors: ProjectorPair,
): Promise<Pick<Run, "test" | "report" | "warnings">> {
  const { warnings } = run;
  if (!data.pairs.split.includes("test")) return { test: null, report: null, warnings };
  const { retrieval: ks, csls } = run.recipe.evaluate;
  const { seed } = run.recipe.align;
  const scored = await evaluateTest(projectors, data, { split: "test", ks, seed, csls, signal });
  const guessing = atChance(scored.test, chanceRetrieval(data.pairs, "test", ks));
  return { ...scored, warnings: withWarning(warnings, guessing) };
}
