import type { DevicePreference } from "../core/domain/encoder";
import { AppError } from "../core/errors";
import type { Progress } from "../core/progress";

/** How often a job restarts itself before it reports the failure. */
const MAX_RESTARTS = 2;

/** One try of a job that can go on where it was. */
export interface Attempt {
  /** 0 at first, then the number of restarts so far. */
  readonly restarts: number;
  readonly device: DevicePreference;
  /** Adds what was recovered from to a progress report. */
  readonly annotate: <P extends Progress>(progress: P) => P;
}

export interface RecoveryOptions {
  readonly device: DevicePreference;
  readonly signal: AbortSignal;
  /** Ends the broken worker, so that the next attempt gets a fresh one. */
  readonly restart: () => void;
}

/**
 * Runs resumable work, restarting it after a crash, a hang or a lost graphics processor: at most
 * twice, the second time on the CPU if the graphics processor was the cause.
 *
 * @throws AppError of the last attempt, or of the first whose cause a restart cannot mend.
 */
export async function withRecovery<R>(
  { device, signal, restart }: RecoveryOptions,
  work: (attempt: Attempt) => Promise<R>,
): Promise<R> {
  let note = "";
  let current = device;
  for (let restarts = 0; ; restarts++) {
    const annotate = <P extends Progress>(progress: P): P =>
      note ? { ...progress, note } : progress;
    try {
      return await work({ restarts, device: current, annotate });
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      const mendable =
        code === "worker/crashed" || code === "worker/stalled" || code === "webgpu/lost";
      if (!mendable || signal.aborted || restarts === MAX_RESTARTS) throw thrown;
      restart();
      if (code === "webgpu/lost" && restarts + 1 === MAX_RESTARTS) current = "wasm";
      note = noteOf(code, current !== device);
    }
  }
}

function noteOf(code: string, onCpu: boolean): string {
  if (onCpu) return "The graphics processor was lost twice; going on with the CPU.";
  if (code === "webgpu/lost") return "The graphics processor was lost; restarted where it was.";
  return "The worker stopped and was restarted; finished work was kept.";
}
