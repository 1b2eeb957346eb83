import type { EncodeSummary, EncoderRequest, QueryInput } from "../core/domain/encodeRequest";
import type {
  Calibration,
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
  MadeWith,
} from "../core/domain/encoder";
import { encoderOf } from "../core/catalogue/encoders";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { PictureParts } from "../core/domain/pictureMap";
import { AppError } from "../core/errors";
import type { EncoderStore, ProjectStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { EncodeContract } from "../rpc/encodeContract";
import type { Calibrating } from "./calibrating";
import type { Changes } from "./changes";
import { Culprits } from "./culprits";
import { EncodePreparation, type EncodeJob } from "./encodePreparation";
import { encodeWithRecovery } from "./encodeWithRecovery";
import type { EncodeWorker } from "./encodeWorker";
import type { Jobs } from "./jobs";
import { logError } from "./log";
import { OPENING_LIMITS } from "./openingLimits";
import type { SlotCallOptions } from "./workerSlot";

interface EncodingDependencies {
  readonly projects: ProjectStore;
  readonly encoders: Pick<EncoderStore, "get" | "put">;
  readonly workers: Readonly<Record<Modality, EncodeWorker>>;
  readonly calibrating: Calibrating;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** How the parts of a picture are wanted. */
export interface PartsCallOptions {
  readonly method?: "auto" | "occlusion";
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Lowest cosine at which encoding again is taken to give the imported embeddings. */
const SAME_NETWORK_COSINE = 0.99;

/** Commands of the Encode screen, and the encoding of queries. */
export class Encoding {
  readonly #deps: EncodingDependencies;
  readonly #preparation: EncodePreparation;
  /** A graphics driver that hung once is left alone until the page is reloaded. */
  #isGpuHung = false;
  /** What a job that gave up had found, so that trying again goes on from there. */
  readonly #culprits = new Map<string, Culprits>();

  constructor(deps: EncodingDependencies) {
    this.#deps = deps;
    this.#preparation = new EncodePreparation({ ...deps, device: () => this.#device() });
  }

  static job = (projectId: string, modality: Modality): string => `encode/${projectId}/${modality}`;

  /** Id of the job that measures an encoder. */
  static measureJob = (encoderId: string): string => `calibrate/${encoderId}`;

  /** Encodes what is missing of one modality. Undefined when it failed or was stopped. */
  async encode(projectId: string, modality: Modality): Promise<EncodeSummary | undefined> {
    const { jobs, changes } = this.#deps;
    const summary = await jobs.start(Encoding.job(projectId, modality), (signal, report) =>
      this.#calibrateAndEncode(projectId, modality, { signal, report }),
    );
    changes.publish(`project/${projectId}`);
    return summary;
  }

  /** The same as part of another job, which it fails with. @throws AppError as `encodeItems`. */
  async encodeWithin(
    projectId: string,
    modality: Modality,
    job: EncodeJob,
  ): Promise<EncodeSummary> {
    const summary = await this.#calibrateAndEncode(projectId, modality, job);
    this.#deps.changes.publish(`project/${projectId}`);
    return summary;
  }

  /** Stops after the batch in flight; encoded items are kept and the next run goes on from there. */
  stop(projectId: string, modality: Modality): void {
    this.#deps.jobs.cancel(Encoding.job(projectId, modality));
  }

  /** What is known of an encoder's speed with the device in use; undefined: not measured. */
  calibration(spec: EncoderSpec): Promise<Calibration | undefined> {
    return this.#deps.calibrating.known(spec, this.#device());
  }

  /** Measures the chosen encoder now. Undefined when it failed or was stopped. */
  measure(project: Project, modality: Modality): Promise<Calibration | undefined> {
    const { encoders, calibrating, jobs } = this.#deps;
    const choice = encoderOf(project, modality);
    return jobs.start(Encoding.measureJob(choice.id), async (signal, report) => {
      const preference = this.#device();
      const spec = await encoders.get(choice.id);
      return calibrating.measure(spec, { choice, preference, signal, report });
    });
  }

  /** Id of the job that compares imported embeddings with an encoder. */
  static nameJob = (projectId: string, modality: Modality): string =>
    `name/${projectId}/${modality}`;

  /**
   * Takes `choice` to be what imported embeddings were made with, if encoding a few items again
   * gives them: queries use it from then on. Undefined when it was refused, failed or was stopped.
   */
  nameEncoder(
    project: Project,
    modality: Modality,
    choice: EmbeddingChoice,
  ): Promise<MadeWith | undefined> {
    const { jobs, encoders, workers, changes } = this.#deps;
    const vectors = encoderOf(project, modality);
    return jobs.start(Encoding.nameJob(project.id, modality), async (signal, report) => {
      const params = { projectId: project.id, modality, vectors, choice, device: this.#device() };
      const options = { signal, onProgress: report, limits: OPENING_LIMITS };
      const measured = await workers[modality].call("compareVectors", params, options);
      const { cosine, items } = measured;
      if (!(cosine >= SAME_NETWORK_COSINE)) {
        const detail = `lowest cosine ${cosine.toFixed(4)} over ${items} items`;
        throw new AppError("encoder/not-made-with", detail);
      }
      const madeWith = { choice, ...measured };
      await encoders.put({ ...(await encoders.get(vectors.id)), madeWith });
      changes.publish("encoders");
      return madeWith;
    });
  }

  /** @throws AppError `encoder/vectors-only` when nothing new of the modality can be encoded. */
  async assertEncodes(project: Project, modality: Modality): Promise<void> {
    const { origin, madeWith, name } = await this.#deps.encoders.get(
      encoderOf(project, modality).id,
    );
    if (origin === "vectors" && !madeWith) throw new AppError("encoder/vectors-only", name);
  }

  /** How much of a modality is already encoded. */
  async count(project: Project, modality: Modality) {
    return this.#deps.workers[modality].call("countEncoded", {
      projectId: project.id,
      modality,
      choice: encoderOf(project, modality),
    });
  }

  /** Embeds queries now, ahead of a running encode job. @returns [inputs, D]. */
  async encodeQuery(
    project: Project,
    modality: Modality,
    inputs: readonly QueryInput[],
    signal?: AbortSignal,
  ) {
    return this.encodeBy(encoderOf(project, modality), modality, inputs, signal);
  }

  /** The same by an encoder that need not be a project's. */
  async encodeBy(
    choice: EmbeddingChoice,
    modality: Modality,
    inputs: readonly QueryInput[],
    signal?: AbortSignal,
  ) {
    const params = { ...(await this.#requestBy(choice)), inputs };
    return this.#query(modality, "encodeQuery", params, signal ? { signal } : {});
  }

  async #query<M extends "encodeQuery" | "pictureParts">(
    modality: Modality,
    method: M,
    params: EncodeContract[M]["params"],
    options: Pick<SlotCallOptions<Progress>, "signal" | "onProgress">,
  ): Promise<EncodeContract[M]["result"]> {
    try {
      return await this.#deps.workers[modality].call(method, params, {
        limits: OPENING_LIMITS,
        harmless: ["load-encoder", "self-check"],
        ...options,
      });
    } catch (thrown) {
      if (AppError.from(thrown).code === "worker/stalled") this.#isGpuHung = true;
      throw thrown;
    }
  }

  /** Raw embeddings of the parts of a picture by the project's image encoder, now. */
  async pictureParts(
    project: Project,
    picture: EncodeContract["pictureParts"]["params"]["picture"],
    { method = "auto", ...options }: PartsCallOptions = {},
  ): Promise<PictureParts> {
    const request = await this.#request(project, "image");
    const params = { ...request, projectId: project.id, picture, method };
    return this.#query("image", "pictureParts", params, options);
  }

  /** Loads the text encoder, so that the first words typed do not wait for it. */
  async warmUp(project: Project): Promise<void> {
    try {
      const { origin, madeWith } = await this.#deps.encoders.get(project.encoders.text.id);
      if (origin === "vectors" && !madeWith) return; // there is nothing to load
      await this.encodeQuery(project, "text", [{ text: "warm up" }]);
    } catch (thrown) {
      logError(thrown); // the first query meets the same fault and shows it where it matters
    }
  }

  async #calibrateAndEncode(
    projectId: string,
    modality: Modality,
    job: EncodeJob,
  ): Promise<EncodeSummary> {
    const { calibrating, workers } = this.#deps;
    try {
      const { project, spec, note } = await this.#preparation.prepare(projectId, modality, job);
      const calibration = await this.calibration(spec);
      if (calibration) workers[modality].useThreads(calibration.threads);
      const summary = await this.#encodeWithRecovery(project, modality, {
        ...job,
        ...(note !== undefined && { note }),
        batchSize: calibration?.batchSize ?? null,
      });
      await calibrating.record(spec, this.#device(), summary);
      return summary;
    } finally {
      workers[modality].release();
    }
  }

  async #encodeWithRecovery(
    project: Project,
    modality: Modality,
    { batchSize, ...job }: EncodeJob & { note?: string; batchSize: number | null },
  ): Promise<EncodeSummary> {
    const request = await this.#request(project, modality);
    const key = [project.id, modality, ...Object.values(request.choice), request.device].join("/");
    const culprits = this.#culprits.get(key) ?? new Culprits();
    this.#culprits.set(key, culprits);
    const summary = await encodeWithRecovery(this.#deps.workers[modality], {
      request: { ...request, projectId: project.id, modality, batchSize },
      culprits,
      mayUseGpu: await this.#deps.calibrating.mayUseGpu(request.device),
      onHungGpu: () => (this.#isGpuHung = true),
      ...job,
    });
    this.#culprits.delete(key);
    return summary;
  }

  #request(project: Project, modality: Modality): Promise<EncoderRequest> {
    return this.#requestBy(encoderOf(project, modality));
  }

  async #requestBy(choice: EmbeddingChoice): Promise<EncoderRequest> {
    const device = this.#device();
    if (device !== "auto") return { choice, device };
    const calibration = await this.calibration(await this.#deps.encoders.get(choice.id));
    return { choice, device, ...(calibration && { measured: calibration.device }) };
  }

  #device(): DevicePreference {
    return this.#isGpuHung ? "wasm" : this.#deps.device();
  }
}
