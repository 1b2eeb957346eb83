import type { Device } from "../../core/domain/encoder";
import { joiningId } from "../../core/domain/joinRequest";
import type { JoinProgress, JoinRequest } from "../../core/domain/joinRequest";
import type { Project } from "../../core/domain/project";
import type { JoinBasis, UnfinishedJoining } from "../../core/domain/unfinishedJoining";
import { isPatienceSpent } from "../align/endings";
import type { JoinContext, JoinDependencies } from "./joinService";
import { changeInWords } from "./joinBasis";
import type { JoinData } from "./joinData";
import { trainJoin, type BegunJoin, type TrainedJoin } from "./trainJoin";

/** A training that can be stopped at any step and gone on with. */
export interface ResumableJoin {
  readonly request: JoinRequest;
  readonly joining: UnfinishedJoining;
  readonly project: Project;
  readonly data: JoinData;
  readonly basis: JoinBasis;
}

/** How it is stopped, followed, and ended early. */
export interface ResumableContext extends JoinContext<JoinProgress> {
  /** Whether the visitor asked for the best so far. */
  isFinishing(): boolean;
}

/** A projector, and whether an earlier training made room for it. */
export interface Resumed {
  readonly trained: TrainedJoin;
  readonly device: Device;
  /** Why a stored training was not gone on with, as a sentence. */
  readonly note: string | undefined;
}

/**
 * Trains from the joining's checkpoint where that is of the same hub, encoder and data, else from
 * the beginning, and stores how far it got. Leaves the backend of `request.device` open.
 *
 * @throws AppError as `trainJoin`; after `cancelled` the next call goes on.
 */
export async function resumeJoin(
  deps: JoinDependencies,
  join: ResumableJoin,
  context: ResumableContext,
): Promise<Resumed> {
  const { request, project, data, basis } = join;
  const { begun, note } = await begunBefore(deps, join);
  const report = (progress: JoinProgress) =>
    context.report(note === undefined ? progress : { ...progress, note });
  const { device } = await deps.openBackend(request.device);
  const { modality, seed } = request;
  const trained = await trainJoin(data, {
    ...{ runId: joiningId(request), modality, seed, device, begun },
    ...{ signal: context.signal, isFinishing: context.isFinishing, clock: deps.clock },
    onStart: ({ steps }) => {
      const { step: done = 0, history: points = [] } = begun?.start ?? {};
      report({ stage: "train", done, total: steps, unit: "steps", points });
    },
    onPoint: (point, total) =>
      report({ stage: "train", done: point.step, total, unit: "steps", points: [point] }),
    onCheckpoint: (checkpoint, numbers) => {
      const { step, history, best } = checkpoint;
      const dataDigest = project.data?.digest ?? "";
      const isEnded =
        step === numbers.training.steps || isPatienceSpent(history, best, numbers.training);
      return deps.joinings.putCheckpoint(request, checkpoint, {
        ...{ basis, dataDigest, ...numbers, device, step, history, best, isEnded, at: deps.now() },
      });
    },
  });
  const { steps } = trained.training; // also where it ended before the last
  report({ stage: "train", done: steps, total: steps, unit: "steps" });
  return { trained, device, note };
}

/** The stored training, if it is one of the same things; else why not. */
async function begunBefore(
  { joinings }: JoinDependencies,
  { request, joining, project, basis }: ResumableJoin,
): Promise<{ readonly begun?: BegunJoin; readonly note?: string }> {
  const { trained } = joining;
  if (!trained) return {};
  const { modality } = request;
  const note = changeInWords(trained.basis, basis, { name: project.name, modality });
  const start = await joinings.checkpoint(request);
  if (note === undefined && start) {
    return { begun: { settings: trained.settings, training: trained.training, start } };
  }
  await joinings.restart(request);
  return note === undefined ? {} : { note };
}
