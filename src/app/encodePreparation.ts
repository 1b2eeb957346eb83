import type { DevicePreference, EncoderSpec } from "../core/domain/encoder";
import { encoderOf } from "../core/catalogue/encoders";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type { EncoderStore, ProjectStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { Calibrating } from "./calibrating";
import type { EncodeWorker } from "./encodeWorker";

/**
 * Expected work from which ten seconds of measuring pay: the best setting is up to twice as fast as
 * the usual one. A shorter job is its own measurement.
 */
const WORTH_MEASURING_MS = 60_000;

/** How a running job is stopped and followed. */
export interface EncodeJob {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** What an encoding starts from. */
export interface Prepared {
  readonly project: Project;
  readonly spec: EncoderSpec;
  /** Why it could not be measured, for the user to see. */
  readonly note?: string;
}

interface EncodePreparationDependencies {
  readonly projects: ProjectStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly workers: Readonly<Record<Modality, EncodeWorker>>;
  readonly calibrating: Calibrating;
  readonly device: () => DevicePreference;
}

/** The first act of an encode job: the encoder is measured where that was never done and pays. */
export class EncodePreparation {
  readonly #deps: EncodePreparationDependencies;
  /** Jobs that are measuring, or finding out whether to. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(deps: EncodePreparationDependencies) {
    this.#deps = deps;
  }

  /**
   * Settles when no job measures any more: encoding beside a measurement would spoil its numbers.
   *
   * @throws AppError `cancelled`, `storage/missing`, `encoder/missing`.
   */
  async prepare(projectId: string, modality: Modality, job: EncodeJob): Promise<Prepared> {
    const measured = this.#measureIfWorthIt(projectId, modality, job);
    this.#running.add(measured);
    try {
      const prepared = await measured;
      this.#running.delete(measured);
      await this.#waitForOthers(job.signal);
      return prepared;
    } finally {
      this.#running.delete(measured);
    }
  }

  async #measureIfWorthIt(
    projectId: string,
    modality: Modality,
    { signal, report }: EncodeJob,
  ): Promise<Prepared> {
    const { projects, encoders, calibrating, workers, device } = this.#deps;
    const project = await projects.get(projectId);
    const choice = encoderOf(project, modality);
    const spec = await encoders.get(choice.id);
    if (!(await this.#isWorthIt(project, modality, spec))) return { project, spec };
    workers[modality].release(); // its memory and threads would be in the way
    try {
      await calibrating.measure(spec, { choice, preference: device(), signal, report });
      return { project, spec };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const { message } = AppError.from(thrown);
      return { project, spec, note: `Not measured, so the usual settings are used: ${message}` };
    }
  }

  async #isWorthIt(project: Project, modality: Modality, spec: EncoderSpec) {
    const { calibrating, workers, device } = this.#deps;
    const items = project.data?.report.items[modality] ?? 0;
    const known = await calibrating.known(spec, device());
    // Seen in a job is not yet measured: other settings may be faster.
    if (known !== undefined && known.tried.length > 0) return false;
    const msPerItem = known?.msPerItem ?? spec.wasmMsPerItem;
    if (items * msPerItem < WORTH_MEASURING_MS) return false; // without asking what is left
    const { encoded, total } = await workers[modality].call("countEncoded", {
      ...{ projectId: project.id, modality },
      choice: encoderOf(project, modality),
    });
    return (total - encoded) * msPerItem >= WORTH_MEASURING_MS;
  }

  async #waitForOthers(signal: AbortSignal): Promise<void> {
    const others = Promise.allSettled([...this.#running, this.#deps.calibrating.whenIdle()]);
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([others, stopped]);
    if (signal.aborted) throw new AppError("cancelled");
  }
}
