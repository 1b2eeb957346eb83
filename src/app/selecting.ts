import type {
  Choices,
  Comparison,
  ComparisonSettings,
  LeftOutSet,
  ProbeReport,
} from "../core/domain/comparison";
import type { DevicePreference, EmbeddingChoice } from "../core/domain/encoder";
import { ALIGNED_MODALITIES, type Modality } from "../core/domain/modality";
import type { EncoderStore, SettingStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { EncodeContract } from "../rpc/encodeContract";
import type { SelectContract } from "../rpc/selectContract";
import type { Changes } from "./changes";
import type { EncodeWorker } from "./encodeWorker";
import type { Jobs } from "./jobs";
import { OPENING_LIMITS } from "./openingLimits";
import { withRecovery } from "./recovery";
import type { WorkerCalls } from "./workerSlot";

interface SelectingDependencies {
  readonly selector: WorkerCalls<SelectContract>;
  readonly workers: Readonly<Record<Modality, Pick<EncodeWorker, keyof EncodeWorker>>>;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly settings: SettingStore;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** A probe's label column and the sample it is read on. */
export interface ProbeSettings {
  readonly label: string;
  readonly maxPairs: number;
  readonly seed: number;
}

interface Job {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Commands that say, before any training, which embeddings to align. */
export class Selecting {
  readonly #deps: SelectingDependencies;

  constructor(deps: SelectingDependencies) {
    this.#deps = deps;
  }

  static compareJob = (projectId: string): string => `compare/${projectId}`;
  static probeJob = (projectId: string): string => `probe/${projectId}`;

  /**
   * Encodes what the sample lacks, then compares every image embedding with every text one, and
   * remembers the result. Undefined when it failed or was stopped; encoded items are kept.
   */
  compare(
    projectId: string,
    choices: Choices,
    settings: ComparisonSettings,
  ): Promise<Comparison | undefined> {
    const { jobs, selector } = this.#deps;
    return jobs.start(Selecting.compareJob(projectId), (signal, report) =>
      this.#withSample(projectId, choices, { ...settings, signal, report }, async (refused) => {
        const comparison = await selector.call(
          "compare",
          { projectId, choices, settings },
          { signal, onProgress: report },
        );
        return this.#keep(comparisonName(projectId), projectId, withCauses(comparison, refused));
      }),
    );
  }

  /**
   * Encodes what the sample lacks, then reads a label column from every embedding, and remembers
   * the result. Undefined when it failed or was stopped.
   */
  probe(
    projectId: string,
    choices: Choices,
    settings: ProbeSettings,
  ): Promise<ProbeReport | undefined> {
    const { jobs, selector } = this.#deps;
    return jobs.start(Selecting.probeJob(projectId), (signal, report) =>
      this.#withSample(projectId, choices, { ...settings, signal, report }, async (refused) => {
        const found = await selector.call(
          "probe",
          { projectId, choices, ...settings },
          { signal, onProgress: report },
        );
        return this.#keep(probeName(projectId), projectId, withCauses(found, refused));
      }),
    );
  }

  /** The last comparison of a project, made in this browser at any time; null: none. */
  async comparison(projectId: string): Promise<Comparison | null> {
    // Only `compare` writes under this name.
    return ((await this.#deps.settings.get(comparisonName(projectId))) as Comparison) ?? null;
  }

  /** The last probe report of a project; null: none. */
  async probeReport(projectId: string): Promise<ProbeReport | null> {
    // Only `probe` writes under this name.
    return ((await this.#deps.settings.get(probeName(projectId))) as ProbeReport) ?? null;
  }

  async #keep<T>(name: string, projectId: string, result: T): Promise<T> {
    await this.#deps.settings.put(name, result);
    this.#deps.changes.publish(`project/${projectId}`);
    return result;
  }

  /** Runs `task` once the sample is encoded, then gives the memory of all workers back. */
  async #withSample<T>(
    projectId: string,
    choices: Choices,
    job: Job & { readonly maxPairs: number; readonly seed: number },
    task: (refused: readonly LeftOutSet[]) => Promise<T>,
  ): Promise<T> {
    const { selector, workers } = this.#deps;
    const { maxPairs, seed } = job;
    try {
      const { digests } = await selector.call("sample", { projectId, maxPairs, seed }, job);
      const refused: LeftOutSet[] = [];
      for (const modality of ALIGNED_MODALITIES) {
        for (const own of byEncoder(choices[modality])) {
          const params = { projectId, modality, choices: own, digests: digests[modality] };
          refused.push(...(await this.#encodeSample(params, job)));
        }
        workers[modality].release();
      }
      return await task(refused);
    } finally {
      for (const modality of ALIGNED_MODALITIES) workers[modality].release();
      selector.close(); // hundreds of megabytes; the next comparison starts a fresh one
    }
  }

  /** @returns the encoder, with the cause, when items of the sample were refused. */
  async #encodeSample(
    request: Pick<
      EncodeContract["encodeSample"]["params"],
      "projectId" | "modality" | "choices" | "digests"
    >,
    { signal, report }: Job,
  ): Promise<LeftOutSet[]> {
    const { workers, encoders, device } = this.#deps;
    const [first] = request.choices;
    if (!first) return [];
    const spec = await encoders.get(first.id);
    if (spec.preprocessing === null) return []; // imported vectors: there is no network to run
    const worker = workers[request.modality];
    const { failed } = await withRecovery(
      { device: device(), signal, restart: () => worker.close() },
      (attempt) =>
        worker.call(
          "encodeSample",
          { ...request, encoderId: first.id, device: attempt.device },
          {
            signal,
            watch: ["encode"],
            limits: OPENING_LIMITS,
            onProgress: (progress) =>
              report(attempt.annotate({ ...progress, note: progress.note ?? spec.name })),
          },
        ),
    );
    if (failed.length === 0) return [];
    const [one] = failed;
    const reason = `${failed.length} of the sample could not be encoded, e.g. ${one?.source}: ${one?.reason}`;
    return [{ name: spec.name, reason }];
  }
}

/** What is remembered under; dropped with the project. */
const comparisonName = (projectId: string) => `comparison/${projectId}`;
const probeName = (projectId: string) => `probe/${projectId}`;

/** The choices of each encoder, encoders in order of appearance. */
function byEncoder(choices: readonly EmbeddingChoice[]): EmbeddingChoice[][] {
  const groups = new Map<string, EmbeddingChoice[]>();
  for (const choice of choices) groups.set(choice.id, [...(groups.get(choice.id) ?? []), choice]);
  return [...groups.values()];
}

function withCauses<T extends { readonly leftOut: readonly LeftOutSet[] }>(
  result: T,
  refused: readonly LeftOutSet[],
): T {
  return { ...result, leftOut: [...result.leftOut, ...refused] };
}
