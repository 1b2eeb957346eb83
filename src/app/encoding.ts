import type { DevicePreference } from "../core/domain/encoder";
import type { AlignedModality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { Progress } from "../core/progress";
import type { ProjectStore } from "../core/ports";
import type {
  EncodeContract,
  EncodeSummary,
  EncoderRequest,
  QueryInput,
} from "../rpc/encodeContract";
import type { Changes } from "./changes";
import type { Jobs } from "./jobs";
import { logError } from "./log";
import { withRecovery } from "./recovery";
import type { WorkerCalls } from "./workerSlot";

interface EncodingDependencies {
  readonly projects: ProjectStore;
  readonly workers: Readonly<Record<AlignedModality, WorkerCalls<EncodeContract>>>;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** Commands of the Encode screen, and the encoding of queries. */
export class Encoding {
  readonly #deps: EncodingDependencies;

  constructor(deps: EncodingDependencies) {
    this.#deps = deps;
  }

  static job = (projectId: string, modality: AlignedModality): string =>
    `encode/${projectId}/${modality}`;

  /** Encodes what is missing of one modality. Undefined when it failed or was stopped. */
  async encode(projectId: string, modality: AlignedModality): Promise<EncodeSummary | undefined> {
    const { jobs, changes } = this.#deps;
    const summary = await jobs.start(Encoding.job(projectId, modality), (signal, report) =>
      this.#encodeWithRecovery(projectId, modality, signal, report),
    );
    changes.publish(`project/${projectId}`);
    return summary;
  }

  /** Stops after the batch in flight; encoded items are kept and the next run goes on from there. */
  stop(projectId: string, modality: AlignedModality): void {
    this.#deps.jobs.cancel(Encoding.job(projectId, modality));
  }

  /** How much of a modality is already encoded. */
  async count(project: Project, modality: AlignedModality) {
    return this.#deps.workers[modality].call("countEncoded", {
      projectId: project.id,
      modality,
      choice: project.encoders[modality],
    });
  }

  /** Embeds queries now, ahead of a running encode job. @returns [inputs, D]. */
  async encodeQuery(
    project: Project,
    modality: AlignedModality,
    inputs: readonly QueryInput[],
    signal?: AbortSignal,
  ) {
    const params = { ...this.#request(project, modality), inputs };
    return this.#deps.workers[modality].call("encodeQuery", params, signal ? { signal } : {});
  }

  /** Loads the text encoder, so that the first words typed do not wait for it. */
  async warmUp(project: Project): Promise<void> {
    try {
      await this.encodeQuery(project, "text", [{ text: "warm up" }]);
    } catch (thrown) {
      logError(thrown); // the first query meets the same fault and shows it where it matters
    }
  }

  async #encodeWithRecovery(
    projectId: string,
    modality: AlignedModality,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<EncodeSummary> {
    const worker = this.#deps.workers[modality];
    const project = await this.#deps.projects.get(projectId);
    const request = this.#request(project, modality);
    return withRecovery(
      { device: request.device, signal, restart: () => worker.close() },
      ({ restarts, device, annotate }) =>
        worker.call(
          "encodeItems",
          // Item by item after a crash, so that one bad item costs itself and nothing else.
          {
            ...request,
            device,
            projectId,
            modality,
            skip: [],
            maxBatch: restarts === 0 ? Infinity : 1,
          },
          { signal, watch: ["encode"], onProgress: (progress) => report(annotate(progress)) },
        ),
    );
  }

  #request(project: Project, modality: AlignedModality): EncoderRequest {
    return { choice: project.encoders[modality], device: this.#deps.device() };
  }
}
