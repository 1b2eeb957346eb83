import type { BaselineResult } from "../core/domain/evaluation";
import type { HistoryPoint } from "../core/domain/run";
import type { AlignProgress } from "../rpc/alignContract";

/** What a training has reported since this tab started it. The stored run has the rest. */
export interface LiveRun {
  readonly points: readonly HistoryPoint[];
  readonly baselines: readonly BaselineResult[];
  /** Step of the newest stored checkpoint, or -1. */
  readonly checkpointStep: number;
  readonly device: string | null;
}

const NOTHING: LiveRun = { points: [], baselines: [], checkpointStep: -1, device: null };

/** Live curves of running trainings, outside React. */
export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  readonly #listeners = new Set<() => void>();

  readonly get = (runId: string): LiveRun => this.#runs.get(runId) ?? NOTHING;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(runId: string, progress: AlignProgress): void {
    const { points = [], baseline, checkpointStep, device } = progress;
    if (!points.length && !baseline && checkpointStep === undefined && !device) return;
    const before = this.get(runId);
    this.#runs.set(runId, {
      points: points.length ? [...before.points, ...points] : before.points,
      baselines: baseline ? [...before.baselines, baseline] : before.baselines,
      checkpointStep: checkpointStep ?? before.checkpointStep,
      device: device ?? before.device,
    });
    for (const listener of this.#listeners) listener();
  }

  /** The stored run now holds everything: forget the live copy. */
  clear(runId: string): void {
    if (!this.#runs.delete(runId)) return;
    for (const listener of this.#listeners) listener();
  }
}
