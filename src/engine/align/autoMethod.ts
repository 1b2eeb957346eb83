import type { PairTable } from "../../core/domain/alignmentData";
import { candidateMargin } from "../../core/domain/candidateMargin";
import type { RetrievalPair } from "../../core/domain/evaluation";
import type { Candidate } from "../../core/domain/run";
import { trainingComponents } from "../../core/domain/trainingSubset";
import { AppError, type ErrorCode } from "../../core/errors";
import { emptyRetrieval } from "../../core/metrics/evaluateRetrieval";
import { recallAtK } from "../../core/metrics/retrieval";
import type { KeptTraining } from "../../core/ports";
import { rankSplit } from "../evaluation/evaluateTest";
import type { AlignSession } from "./alignSession";
import {
  closedFormOf,
  fitClosedForm,
  trainHead,
  type EndedTraining,
  type TrainingUnit,
} from "./training";

type Method = TrainingUnit["method"];

/** Up to this many unrelated training pairs a closed form is the better guess. */
const FEW = 1_000;
const DEPTH = 10; // recall@1 to recall@10

/** A method that fails in one of these ways is out of the comparison; the others go on. */
const FITTING_ERRORS: readonly ErrorCode[] = [
  "align/diverged",
  "align/unsupported",
  "data/degenerate",
  "data/non-finite",
  "data/too-few",
];

/** What `auto` tries on these pairs, the simplest first. */
export function candidatesFor(pairs: PairTable): readonly Method[] {
  // Without validation nothing can be compared: what did best on the sample at this size.
  if (!pairs.split.includes("validation")) {
    return [trainingComponents(pairs).length <= FEW ? "ridge" : "freeze-align"];
  }
  return ["procrustes", "ridge", "csa", "asif", "linear", "freeze-align"];
}

/**
 * Tries the methods that suit this many pairs, those that have been tried left out, and gives the
 * one that retrieves best on validation; a less simple one must be better by more than noise.
 *
 * Every candidate is stored with the run at once. One that cannot be fitted is listed with its
 * error. Finishing early ends the head in hand with its best step and tries no more.
 *
 * @throws AppError of the last candidate when none could be fitted; `cancelled`, `webgpu/lost`,
 *   `storage/quota`.
 */
export async function chooseMethod(
  session: AlignSession,
): Promise<{ kept: KeptTraining; status: "done" | "stopped" }> {
  let kept = await session.deps.runs.kept(session.run.id);
  if (!kept) session.run = { ...session.run, candidates: [] };
  for (const method of candidatesFor(session.data.pairs)) {
    if (session.run.candidates.some((candidate) => candidate.method === method)) continue;
    const tried = await tryMethod(session, method);
    const { training, candidate } = tried;
    const isBest = training !== null && isClearlyBetter(candidate, kept);
    if (isBest) {
      const { status: _, ...finished } = training;
      kept = { ...finished, score: candidate.score };
    }
    await endCandidate(session, candidate, isBest ? kept : undefined);
    if (training?.status === "stopped" && kept) return { kept, status: "stopped" };
  }
  if (kept) return { kept, status: "done" };
  const { code, detail } = session.run.candidates.at(-1)?.error ?? { code: "internal", detail: "" };
  throw new AppError(code as ErrorCode, detail);
}

/** Whether a candidate replaces the simpler one kept so far: by more than `candidateMargin`. */
export function isClearlyBetter(
  { score, validation }: Pick<Candidate, "score" | "validation">,
  kept: Pick<KeptTraining, "score"> | undefined,
): boolean {
  return !kept || score > kept.score + candidateMargin(validation);
}

/** A candidate, and its training unless it could not be fitted. */
export interface Tried {
  readonly candidate: Candidate;
  readonly training: EndedTraining | null;
}

/**
 * Fits or trains one method and scores it on validation; the run's test split is not touched.
 *
 * @throws AppError but for those that only say that this method does not fit this data.
 */
export async function tryMethod(session: AlignSession, method: Method): Promise<Tried> {
  const { run, deps } = session;
  const startedAt = deps.clock();
  const about = () => ({ method, elapsedMs: deps.clock() - startedAt });
  try {
    const closed = closedFormOf(method);
    const training = closed
      ? await fitClosedForm(session, closed)
      : await trainHead(session, { method, seed: run.recipe.align.seed });
    const { validation, score } = await judge(session, training);
    const chosen = closed ? training.chosen : { step: training.projectors.step };
    return { candidate: { ...about(), score, validation, chosen }, training };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!FITTING_ERRORS.includes(error.code)) throw error;
    const validation = emptyRetrieval(run.recipe.evaluate.retrieval);
    const { code, detail } = error;
    const candidate = { ...about(), score: 0, validation, chosen: {}, error: { code, detail } };
    return { candidate, training: null };
  }
}

/** The same questions for every candidate: all validation pairs, ranked in the same way. */
async function judge({ data, run, signal }: AlignSession, { projectors }: EndedTraining) {
  const { evaluate, align } = run.recipe;
  const ks = evaluate.retrieval;
  if (!data.pairs.split.includes("validation")) return { validation: emptyRetrieval(ks), score: 0 };
  const options = { split: "validation", ks, seed: align.seed, signal } as const;
  const { retrieval, ranks } = await rankSplit(projectors, data, options);
  return { validation: retrieval, score: fineScore(ranks) };
}

/**
 * Mean of recall@1 to recall@10 over both directions, in [0, 1]: as fine as a choice among methods
 * can be made on a few hundred queries without caring for hopeless ones.
 */
export function fineScore(ranks: Readonly<Record<keyof RetrievalPair, Uint32Array>>): number {
  const sides = [ranks.imageToText, ranks.textToImage];
  const recalls = sides.flatMap((side) =>
    Array.from({ length: DEPTH }, (_, i) => recallAtK(side, i + 1)),
  );
  return recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
}

async function endCandidate(
  session: AlignSession,
  candidate: Candidate,
  kept?: KeptTraining,
): Promise<void> {
  const { deps, report } = session;
  const candidates = [...session.run.candidates, candidate].sort((a, b) => b.score - a.score);
  session.run = { ...session.run, candidates, updatedAt: deps.now() };
  await deps.runs.endTraining(session.run, kept);
  const total = candidatesFor(session.data.pairs).length;
  report({ stage: "evaluate", done: candidates.length, total, unit: "steps", candidate });
}
