import type { Calibration, DevicePreference, EncoderSpec } from "../core/domain/encoder";
import type { AlignedModality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type { EncoderStore, ProjectStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { EncodeSummary, EncoderRequest, QueryInput } from "../rpc/encodeContract";
import type { Calibrating } from "./calibrating";
import type { Changes } from "./changes";
import { Culprits } from "./culprits";
import type { EncodeWorker } from "./encodeWorker";
import { EncodeTrace } from "./encodeTrace";
import type { Jobs } from "./jobs";
import { logError } from "./log";
import { OPENING_LIMITS } from "./openingLimits";
import { withRecovery } from "./recovery";

interface EncodingDependencies {
  readonly projects: ProjectStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly workers: Readonly<Record<AlignedModality, EncodeWorker>>;
  readonly calibrating: Calibrating;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/**
 * Expected work from which ten seconds of measuring pay: the best setting is up to twice as fast as
 * the usual one. A shorter job is its own measurement.
 */
const WORTH_MEASURING_MS = 60_000;

/** Commands of the Encode screen, and the encoding of queries. */
export class Encoding {
  readonly #deps: EncodingDependencies;
  /** A graphics driver that hung once is left alone until the page is reloaded. */
  #isGpuHung = false;
  /** What a job that gave up had found, so that trying again goes on from there. */
  readonly #culprits = new Map<string, Culprits>();

  constructor(deps: EncodingDependencies) {
    this.#deps = deps;
  }

  static job = (projectId: string, modality: AlignedModality): string =>
    `encode/${projectId}/${modality}`;

  /** Id of the job that measures an encoder. */
  static measureJob = (encoderId: string): string => `calibrate/${encoderId}`;

  /** Encodes what is missing of one modality. Undefined when it failed or was stopped. */
  async encode(projectId: string, modality: AlignedModality): Promise<EncodeSummary | undefined> {
    const { jobs, changes } = this.#deps;
    const summary = await jobs.start(Encoding.job(projectId, modality), (signal, report) =>
      this.#calibrateAndEncode(projectId, modality, { signal, report }),
    );
    changes.publish(`project/${projectId}`);
    return summary;
  }

  /** Stops after the batch in flight; encoded items are kept and the next run goes on from there. */
  stop(projectId: string, modality: AlignedModality): void {
    this.#deps.jobs.cancel(Encoding.job(projectId, modality));
  }

  /** What is known of an encoder's speed with the device in use; undefined: not measured. */
  calibration(spec: EncoderSpec): Promise<Calibration | undefined> {
    return this.#deps.calibrating.known(spec, this.#device());
  }

  /** Measures the chosen encoder now. Undefined when it failed or was stopped. */
  measure(project: Project, modality: AlignedModality): Promise<Calibration | undefined> {
    const { encoders, calibrating, jobs } = this.#deps;
    const choice = project.encoders[modality];
    return jobs.start(Encoding.measureJob(choice.id), async (signal, report) => {
      const preference = this.#device();
      const spec = await encoders.get(choice.id);
      return calibrating.measure(spec, { choice, preference, signal, report });
    });
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
    const params = { ...(await this.#request(project, modality)), inputs };
    try {
      return await this.#deps.workers[modality].call("encodeQuery", params, {
        limits: OPENING_LIMITS,
        ...(signal ? { signal } : {}),
      });
    } catch (thrown) {
      if (AppError.from(thrown).code === "worker/stalled") this.#isGpuHung = true;
      throw thrown;
    }
  }

  /** Loads the text encoder, so that the first words typed do not wait for it. */
  async warmUp(project: Project): Promise<void> {
    try {
      await this.encodeQuery(project, "text", [{ text: "warm up" }]);
    } catch (thrown) {
      logError(thrown); // the first query meets the same fault and shows it where it matters
    }
  }

  async #calibrateAndEncode(
    projectId: string,
    modality: AlignedModality,
    job: Job,
  ): Promise<EncodeSummary> {
    const { projects, encoders, calibrating, workers } = this.#deps;
    const project = await projects.get(projectId);
    const spec = await encoders.get(project.encoders[modality].id);
    try {
      const note = await this.#calibrateIfWorthIt(project, spec, job);
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

  /** @returns why it could not be measured, for the user to see; undefined when all is well. */
  async #calibrateIfWorthIt(
    project: Project,
    spec: EncoderSpec,
    { signal, report }: Job,
  ): Promise<string | undefined> {
    const { calibrating, workers } = this.#deps;
    const modality = spec.modality === "text" ? "text" : "image";
    const items = project.data?.report.items[modality] ?? 0;
    const known = await this.calibration(spec);
    // Seen in a job is not yet measured: other settings may be faster.
    const isMeasured = known !== undefined && known.tried.length > 0;
    const isWorthIt = (count: number) =>
      count * (known?.msPerItem ?? spec.wasmMsPerItem) > WORTH_MEASURING_MS;
    if (isMeasured || !isWorthIt(items)) return this.#waitForOthers(signal);
    const { encoded, total } = await this.count(project, modality);
    if (!isWorthIt(total - encoded)) return this.#waitForOthers(signal);
    workers[modality].release(); // its memory and threads would be in the way
    try {
      const choice = project.encoders[modality];
      await calibrating.measure(spec, { choice, preference: this.#device(), signal, report });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return `Not measured, so the usual settings are used: ${AppError.from(thrown).message}`;
    }
    return this.#waitForOthers(signal);
  }

  async #waitForOthers(signal: AbortSignal): Promise<undefined> {
    await Promise.race([
      this.#deps.calibrating.whenIdle(),
      new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve(), { once: true }),
      ),
    ]);
    if (signal.aborted) throw new AppError("cancelled");
  }

  async #encodeWithRecovery(
    project: Project,
    modality: AlignedModality,
    { signal, report, note, batchSize }: Job & { note?: string; batchSize: number | null },
  ): Promise<EncodeSummary> {
    const worker = this.#deps.workers[modality];
    const request = await this.#request(project, modality);
    const key = [project.id, modality, ...Object.values(request.choice), request.device].join("/");
    const culprits = this.#culprits.get(key) ?? new Culprits();
    this.#culprits.set(key, culprits);
    const trace = new EncodeTrace(culprits, await this.#deps.calibrating.mayUseGpu(request.device));
    const summary = await withRecovery(
      {
        device: request.device,
        signal,
        restart: () => worker.close(),
        diagnose: (error, device) => {
          const diagnosis = trace.diagnose(error, device);
          if (diagnosis === "device") this.#isGpuHung = true;
          return diagnosis;
        },
      },
      ({ device, annotate }) => {
        trace.restart();
        return worker.call(
          "encodeItems",
          {
            ...request,
            ...{ device, modality, batchSize },
            projectId: project.id,
            skip: culprits.skip,
            suspects: culprits.suspects,
          },
          {
            signal,
            watch: ["encode"],
            limits: OPENING_LIMITS,
            harmless: ["load-encoder", "self-check"],
            onProgress: ({ inFlight, ...progress }) => {
              trace.follow(progress, inFlight);
              if (inFlight) return; // one per batch: for the trace, too many for a screen
              report(annotate(note === undefined ? progress : { ...progress, note }));
            },
          },
        );
      },
    );
    this.#culprits.delete(key);
    return summary;
  }

  async #request(project: Project, modality: AlignedModality): Promise<EncoderRequest> {
    const choice = project.encoders[modality];
    const device = this.#device();
    if (device !== "auto") return { choice, device };
    const calibration = await this.calibration(await this.#deps.encoders.get(choice.id));
    return { choice, device, ...(calibration && { measured: calibration.device }) };
  }

  #device(): DevicePreference {
    return this.#isGpuHung ? "wasm" : this.#deps.device();
  }
}

/** How a running job is stopped and followed. */
interface Job {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}
