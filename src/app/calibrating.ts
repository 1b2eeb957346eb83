import type { EncodeSummary, Measurement } from "../core/domain/encodeRequest";
import { bestTrial, calibrationName, type Trial } from "../core/domain/calibration";
import type {
  Calibration,
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
} from "../core/domain/encoder";
import { AppError } from "../core/errors";
import type { SettingStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { EncodeContract } from "../rpc/encodeContract";
import type { Changes } from "./changes";
import type { DeviceInfo } from "./device";
import { OPENING_LIMITS } from "./openingLimits";
import type { WorkerCalls } from "./workerSlot";

/** All of a calibration takes about this long, loading included where that is quick. */
const BUDGET_MS = 10_000;

/** Every worker measures at least this long, however slowly the one before it loaded. */
const MINIMUM_MS = 1_000;

const BATCH_SIZES = [1, 4, 8, 16, 32, 64] as const;

/** So much faster than one thread that more threads cannot catch up. */
const OUT_OF_REACH = 4;

interface CalibratingDependencies {
  readonly settings: SettingStore;
  readonly changes: Changes;
  readonly deviceInfo: Promise<DeviceInfo>;
  /** A fresh worker with so many threads; closed after use. */
  readonly start: (threads: number) => WorkerCalls<EncodeContract>;
  /** Logical cores, and whether threads may share memory here. */
  readonly cores: number;
  readonly isIsolated: boolean;
}

export interface MeasureOptions {
  readonly choice: EmbeddingChoice;
  readonly preference: DevicePreference;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Measures how an encoder runs fastest on this device, and remembers it. */
export class Calibrating {
  readonly #deps: CalibratingDependencies;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: CalibratingDependencies) {
    this.#deps = deps;
  }

  /** What is known of an encoder here: measured on purpose, or seen in the last job. */
  async known(spec: EncoderSpec, preference: DevicePreference): Promise<Calibration | undefined> {
    const stored = await this.#deps.settings.get(await this.#name(spec, preference));
    const calibration = stored as Calibration | undefined; // only this class writes the name
    // Headers or hardware may have changed since.
    return calibration && this.#threadCounts().includes(calibration.threads)
      ? calibration
      : undefined;
  }

  /**
   * Tries devices, threads and batch sizes for about ten seconds, one measurement at a time.
   *
   * @throws AppError `cancelled`, or as the encoder fails on every device that may be used.
   */
  async measure(spec: EncoderSpec, options: MeasureOptions): Promise<Calibration> {
    const mine = this.#last.then(() => this.#measureAlone(spec, options));
    // The next one waits for this one, however it ends; its own caller gets the error.
    this.#last = mine.catch(() => undefined);
    const { signal } = options;
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new AppError("cancelled"));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
    return Promise.race([mine, stopped]); // one that waits for its turn stops at once, too
  }

  /** Resolves when no measurement runs or waits: a job beside one would spoil its numbers. */
  async whenIdle(): Promise<void> {
    let seen: unknown;
    while (seen !== this.#last) {
      seen = this.#last;
      await this.#last;
    }
  }

  /** Whether a graphics processor would be considered at all. */
  async mayUseGpu(preference: DevicePreference): Promise<boolean> {
    if (preference !== "auto") return preference === "webgpu";
    return (await this.#deps.deviceInfo).device === "webgpu";
  }

  /** Remembers what a finished job really took. */
  async record(
    spec: EncoderSpec,
    preference: DevicePreference,
    { device, threads, adapter, rate }: EncodeSummary,
  ): Promise<void> {
    if (!rate || device === "cpu") return;
    const before = await this.known(spec, preference);
    await this.#put(spec, preference, {
      encoderId: spec.id,
      ...{ device, adapter, threads, ...rate },
      tried: before?.tried ?? [],
      measuredAt: Date.now(),
    });
  }

  async #measureAlone(
    spec: EncoderSpec,
    { choice, preference, signal, report }: MeasureOptions,
  ): Promise<Calibration> {
    const gpu = await this.mayUseGpu(preference);
    const deadline = performance.now() + BUDGET_MS;
    const counts = preference === "webgpu" ? [1] : this.#threadCounts();
    const trials: Trial[] = [];
    let adapter: string | null = null;
    let note: string | undefined;
    const tryOn = async (where: Trial["device"], threads: number, stepsLeft: number) => {
      const budgetMs = Math.max(MINIMUM_MS, (deadline - performance.now()) / stepsLeft);
      const worker = this.#deps.start(threads);
      try {
        const measurement = await worker.call(
          "measure",
          { choice, device: where, batchSizes: BATCH_SIZES, budgetMs },
          {
            signal,
            onProgress: (progress) => report(note ? { ...progress, note } : progress),
            limits: OPENING_LIMITS,
            harmless: ["load-encoder", "self-check", "calibrate"],
          },
        );
        adapter ??= measurement.adapter;
        trials.push(...trialsOf(measurement));
      } finally {
        worker.close();
      }
    };
    if (signal.aborted) throw new AppError("cancelled");
    try {
      if (gpu) await tryOn("webgpu", 1, 1 + counts.length);
    } catch (thrown) {
      const { code, message } = AppError.from(thrown);
      // Under `auto` a graphics processor that fails or hangs is one that is not used.
      if (preference === "webgpu" || code === "cancelled") throw thrown;
      note = `WebGPU is not used: ${message}`;
    }
    if (preference !== "webgpu") {
      for (const [i, threads] of counts.entries()) {
        if (i > 0 && !isWorthMore(trials, threads)) break;
        await tryOn("wasm", threads, counts.length - i);
      }
    }
    const best = bestTrial(trials);
    if (!best) throw new AppError("encoder/failed", "no batch was finished in the time given");
    return this.#put(spec, preference, {
      encoderId: spec.id,
      ...best,
      adapter: best.device === "webgpu" ? adapter : null,
      tried: trials,
      measuredAt: Date.now(),
    });
  }

  async #put(
    spec: EncoderSpec,
    preference: DevicePreference,
    calibration: Calibration,
  ): Promise<Calibration> {
    await this.#deps.settings.put(await this.#name(spec, preference), calibration);
    this.#deps.changes.publish("calibrations");
    return calibration;
  }

  async #name(spec: EncoderSpec, preference: DevicePreference): Promise<string> {
    const { label } = await this.#deps.deviceInfo;
    const { cores, isIsolated } = this.#deps;
    const cpu = `CPU × ${isIsolated ? cores : 1}`;
    if (preference === "webgpu") return calibrationName(spec, `only WebGPU, ${label}`);
    const isGpu = await this.mayUseGpu(preference);
    return calibrationName(spec, isGpu ? `${label}, ${cpu}` : cpu);
  }

  /** 1, 2, 4 as far as there are cores; threads are fixed when a runtime starts. */
  #threadCounts(): readonly number[] {
    const { cores, isIsolated } = this.#deps;
    return [1, 2, 4].filter((count) => count === 1 || (isIsolated && count <= cores));
  }
}

function trialsOf({ device, threads, trials }: Measurement): Trial[] {
  return trials.map((trial) => ({ device, threads, ...trial }));
}

/** More threads are tried only while the last doubling paid, and the GPU is within their reach. */
function isWorthMore(trials: readonly Trial[], threads: number): boolean {
  const fastest = (chosen: readonly Trial[]) =>
    Math.min(...chosen.map(({ msPerItem }) => msPerItem));
  const cpu = trials.filter(({ device }) => device === "wasm");
  const gpu = trials.filter(({ device }) => device === "webgpu");
  if (fastest(gpu) * OUT_OF_REACH < fastest(cpu)) return false;
  const last = fastest(cpu.filter((trial) => trial.threads === threads / 2));
  const before = fastest(cpu.filter((trial) => trial.threads === threads / 4));
  return !(last > before * 0.9);
}
