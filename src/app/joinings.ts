import type { EncodeSummary } from "../core/domain/encodeRequest";
import type { DevicePreference } from "../core/domain/encoder";
import type { HubMember } from "../core/domain/hub";
import { joiningId, type JoinPlace, type JoinWish } from "../core/domain/joinRequest";
import { nameItems } from "../core/domain/namedItems";
import { AppError } from "../core/errors";
import type { JoiningStore } from "../core/joiningPort";
import type { HubStore, ProjectStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { JoinContract } from "../rpc/joinContract";
import type { Changes } from "./changes";
import type { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import type { LiveRuns } from "./liveRuns";
import { withRecovery } from "./recovery";
import type { WorkerCalls } from "./workerSlot";

interface JoiningsDependencies {
  readonly projects: ProjectStore;
  readonly hubs: HubStore;
  readonly joinings: JoiningStore;
  readonly joiner: WorkerCalls<JoinContract>;
  readonly encoding: Encoding;
  readonly jobs: Jobs;
  readonly live: LiveRuns;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** Commands on joinings: begin or go on, pause, end early, discard. */
export class Joinings {
  readonly #deps: JoiningsDependencies;

  constructor(deps: JoiningsDependencies) {
    this.#deps = deps;
  }

  /** Id of the job in which the items of a project join a hub. */
  static job = (place: JoinPlace): string => joiningId(place);

  /**
   * Encodes what is missing of the sounds (or windows) and their captions, then trains their
   * projector, whose curve is in `live` under the job's id. A joining of the same items that was
   * stopped goes on where it was, if it asks for the same. Undefined when it failed or was stopped:
   * what was encoded stays, and what was trained.
   */
  async join(wish: JoinWish): Promise<HubMember | undefined> {
    const { jobs, live, changes } = this.#deps;
    const id = Joinings.job(wish);
    const member = await jobs.start(id, (signal, report) =>
      alone(id, () => {
        live.clear(id);
        return this.#joinOrKeep(wish, signal, report);
      }),
    );
    changes.publish(...(member ? (["hubs"] as const) : []), `hub/${wish.hubId}`);
    return member;
  }

  /** Saves a checkpoint and stops; `join` with the same wish goes on from it. */
  pause(place: JoinPlace): void {
    this.#deps.jobs.cancel(Joinings.job(place));
  }

  /** Ends the training after the step in hand; its best is measured and joins. */
  async finish({ hubId, projectId }: JoinPlace): Promise<void> {
    await this.#deps.joiner.call("finish", { hubId, projectId });
  }

  /**
   * Removes a joining that was stopped, with its checkpoints; what was encoded stays.
   *
   * @throws AppError `hub/joining-elsewhere` while another tab is at it.
   */
  async discard({ hubId, projectId }: JoinPlace): Promise<void> {
    const { jobs, live, changes, joinings } = this.#deps;
    const id = Joinings.job({ hubId, projectId });
    await alone(id, () => joinings.delete({ hubId, projectId }));
    live.clear(id);
    jobs.dismiss(id);
    changes.publish(`hub/${hubId}`);
  }

  /** Stops what joins a hub that is about to be deleted. */
  stopAll(hubId: string): void {
    const { jobs } = this.#deps;
    const prefix = Joinings.job({ hubId, projectId: "" });
    for (const id of jobs.all().keys()) if (id.startsWith(prefix)) jobs.cancel(id);
  }

  /** What failed before anything was trained leaves nothing to go on with. */
  async #joinOrKeep(
    wish: JoinWish,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<HubMember> {
    const { joinings, changes } = this.#deps;
    await joinings.begin(wish, Date.now());
    changes.publish(`hub/${wish.hubId}`);
    try {
      await this.#encode(wish, signal, report);
      return await this.#train(wish, signal, report);
    } catch (thrown) {
      const isStopped = AppError.from(thrown).code === "cancelled";
      if (!isStopped && !(await joinings.get(wish))?.trained) await joinings.delete(wish);
      throw thrown;
    }
  }

  #train(
    wish: JoinWish,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<HubMember> {
    const { joiner, live } = this.#deps;
    return withRecovery(
      { device: this.#deps.device(), signal, restart: () => joiner.close() },
      ({ device, annotate }) =>
        joiner.call(
          "join",
          { ...wish, device },
          {
            signal,
            watch: ["train"],
            onProgress: (progress) => {
              live.add(Joinings.job(wish), progress);
              report(annotate(progress));
            },
          },
        ),
    );
  }

  /** The captions by the hub's own text encoder, the items by the one that was chosen. */
  async #encode(
    { hubId, projectId, modality, encoder }: JoinWish,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<void> {
    const { projects, hubs, joinings, encoding, changes } = this.#deps;
    const { members } = await hubs.get(hubId);
    const text = members.find((member) => member.modality === "text")?.encoder;
    const stored = await projects.get(projectId);
    const encoders = { ...stored.encoders, ...(text && { text }), [modality]: encoder };
    const project = { ...stored, encoders, updatedAt: Date.now() };
    await projects.put(project);
    changes.publish("projects", `project/${projectId}`);
    const failed: EncodeSummary["failed"][number][] = [];
    for (const side of [modality, "text"] as const) {
      const { encoded, total } = await encoding.count(project, side);
      if (encoded === total) continue; // opening the encoder alone takes seconds
      failed.push(...(await encoding.encodeWithin(projectId, side, { signal, report })).failed);
    }
    await joinings.note({ hubId, projectId }, { failed: nameItems(failed) });
  }
}

/**
 * Runs `work` in one tab at a time.
 *
 * @throws AppError `hub/joining-elsewhere`.
 */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Browsers hide the locks from pages served over plain http by another machine.
  const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (!locks) return work();
  // The lock manager's type promises too little: it gives what `work` gives.
  const result: unknown = await locks.request(name, { ifAvailable: true }, (lock) => {
    if (!lock) throw new AppError("hub/joining-elsewhere");
    return work();
  });
  return result as T;
}
