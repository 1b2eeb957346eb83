import { encoderById } from "../core/catalogue/encoders";
import type { DevicePreference } from "../core/domain/encoder";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
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
import type { WorkerCalls } from "./workerSlot";

interface EncodingDependencies {
  readonly projects: ProjectStore;
  readonly workers: Readonly<Record<Modality, WorkerCalls<EncodeContract>>>;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** A crash or hang is retried: first as it was, then item by item to find the culprit. */
const MAX_BATCHES = [Infinity, 1, 1] as const;

/** Commands of the Encode screen, and the encoding of queries. */
export class Encoding {
  readonly #deps: EncodingDependencies;

  constructor(deps: EncodingDependencies) {
    this.#deps = deps;
  }

  static job = (projectId: string, modality: Modality): string => `encode/${projectId}/${modality}`;

  /** Encodes what is missing of one modality. Undefined when it failed or was stopped. */
  async encode(projectId: string, modality: Modality): Promise<EncodeSummary | undefined> {
    const { jobs, changes } = this.#deps;
    const summary = await jobs.start(Encoding.job(projectId, modality), (signal, report) =>
      this.#encodeWithRetries(projectId, modality, signal, report),
    );
    changes.publish(`project/${projectId}`);
    return summary;
  }

  /** Stops after the batch in flight; encoded items are kept and the next run goes on from there. */
  stop(projectId: string, modality: Modality): void {
    this.#deps.jobs.cancel(Encoding.job(projectId, modality));
  }

  /** How much of a modality is already encoded. */
  async count(project: Project, modality: Modality) {
    const { encoderId, pooling } = this.#request(project, modality);
    return this.#deps.workers[modality].call("countEncoded", {
      projectId: project.id,
      modality,
      encoderId,
      pooling,
    });
  }

  /** Embeds queries now, ahead of a running encode job. @returns [inputs, D]. */
  async encodeQuery(
    project: Project,
    modality: Modality,
    inputs: readonly QueryInput[],
    signal?: AbortSignal,
  ) {
    const params = { ...this.#request(project, modality), inputs };
    return this.#deps.workers[modality].call("encodeQuery", params, signal ? { signal } : {});
  }

  async #encodeWithRetries(
    projectId: string,
    modality: Modality,
    signal: AbortSignal,
    report: (progress: Progress) => void,
  ): Promise<EncodeSummary> {
    const worker = this.#deps.workers[modality];
    const project = await this.#deps.projects.get(projectId);
    for (let attempt = 0; ; attempt++) {
      const params = {
        ...this.#request(project, modality),
        projectId,
        modality,
        skip: [],
        maxBatch: MAX_BATCHES[attempt] ?? 1,
      };
      try {
        return await worker.call("encodeItems", params, {
          signal,
          onProgress: report,
          watch: ["encode"],
        });
      } catch (thrown) {
        const { code } = AppError.from(thrown);
        const mended =
          code === "worker/crashed" || code === "worker/stalled" || code === "webgpu/lost";
        if (!mended || attempt + 1 >= MAX_BATCHES.length || signal.aborted) throw thrown;
        worker.close();
      }
    }
  }

  #request(project: Project, modality: Modality): EncoderRequest {
    const { id } = encoderById(project.encoders[modality]);
    return { encoderId: id, pooling: "mean", device: this.#deps.device() };
  }
}
