import type { DevicePreference } from "../core/domain/encoder";
import { AppError } from "../core/errors";
import type { Progress } from "../core/progress";

/** How often a job restarts itself without knowing the cause, before it reports the failure. */
const MAX_RESTARTS = 2;

/** One try of a job that can go on where it was. */
export interface Attempt {
  /** 0 at first, then the number of restarts so far. */
  readonly restarts: number;
  readonly device: DevicePreference;
  /** Adds what was recovered from to a progress report. */
  readonly annotate: <P extends Progress>(progress: P) => P;
}

/**
 * What ended a worker. `item`: one of the items, and the next attempt takes that into account.
 * `device`: the graphics driver, so the next attempt is on the CPU.
 */
export type Diagnosis = "item" | "device" | "unknown";

export interface RecoveryOptions {
  readonly device: DevicePreference;
  readonly signal: AbortSignal;
  /** Ends the broken worker, so that the next attempt gets a fresh one. */
  readonly restart: () => void;
  /**
   * Names the cause of a crash or hang. Restarts whose cause is known are not counted: whoever
   * diagnoses ends the series by throwing.
   */
  readonly diagnose?: (error: AppError, device: DevicePreference) => Diagnosis;
}

/**
 * Runs resumable work, restarting it after a crash, a hang or a lost graphics processor: at most
 * twice where the cause is unknown, the second time on the CPU if the graphics processor was lost.
 *
 * @throws AppError of the last attempt, or of the first whose cause a restart cannot mend.
 */
export async function withRecovery<R>(
  { device, signal, restart, diagnose = () => "unknown" }: RecoveryOptions,
  work: (attempt: Attempt) => Promise<R>,
): Promise<R> {
  let note = "";
  let current = device;
  let unexplained = 0;
  for (let restarts = 0; ; restarts++) {
    const annotate = <P extends Progress>(progress: P): P =>
      note ? { ...progress, note } : progress;
    try {
      return await work({ restarts, device: current, annotate });
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!MENDABLE.has(error.code) || signal.aborted) throw thrown;
      const diagnosis = diagnose(error, current);
      if (diagnosis === "unknown" && unexplained++ === MAX_RESTARTS) throw thrown;
      restart();
      const isLostTwice = error.code === "webgpu/lost" && unexplained === MAX_RESTARTS;
      if (diagnosis === "device" || isLostTwice) current = "wasm";
      note = noteOf(error, diagnosis, isLostTwice);
    }
  }
}

const MENDABLE: ReadonlySet<string> = new Set(["worker/crashed", "worker/stalled", "webgpu/lost"]);

function noteOf({ code }: AppError, diagnosis: Diagnosis, isLostTwice: boolean): string {
  if (diagnosis === "device") return "The graphics driver did not answer; going on with the CPU.";
  if (diagnosis === "item") return "An item stopped the worker; looking for it.";
  if (isLostTwice) return "The graphics processor was lost twice; going on with the CPU.";
  if (code === "webgpu/lost") return "The graphics processor was lost; restarted where it was.";
  return "The worker stopped and was restarted; finished work was kept.";
}
