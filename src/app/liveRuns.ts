import type { BaselineResult } from "../core/domain/evaluation";
import type { Candidate, HistoryPoint, SeedResult } from "../core/domain/run";
import type { AlignProgress } from "../core/domain/alignRequest";

/** What a training has reported since this tab started it. The stored run has the rest. */
export interface LiveRun {
  /** Of the training in hand: a run of several seeds, or of `auto`, starts over with each. */
  readonly points: readonly HistoryPoint[];
  readonly baselines: readonly BaselineResult[];
  /** What `auto` has tried since. */
  readonly candidates: readonly Candidate[];
  /** Seeds that have ended since. */
  readonly seedResults: readonly SeedResult[];
  /** Step of the newest stored checkpoint, or -1. */
  readonly checkpointStep: number;
  readonly device: string | null;
}

const NOTHING: LiveRun = {
  points: [],
  baselines: [],
  candidates: [],
  seedResults: [],
  checkpointStep: -1,
  device: null,
};

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
    const { points = [], baseline, candidate, seedResult, checkpointStep, device } = progress;
    const news = points.length > 0 || baseline || candidate || seedResult || device;
    if (!news && checkpointStep === undefined) return;
    const before = this.get(runId);
    const ended = candidate !== undefined || seedResult !== undefined;
    this.#runs.set(runId, {
      points: ended ? [] : joined(before.points, points),
      baselines: baseline ? [...before.baselines, baseline] : before.baselines,
      candidates: candidate ? [...before.candidates, candidate] : before.candidates,
      seedResults: seedResult ? [...before.seedResults, seedResult] : before.seedResults,
      checkpointStep: ended ? -1 : (checkpointStep ?? before.checkpointStep),
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

/** A training that was restarted from its checkpoint reports the steps after it once more. */
function joined(
  before: readonly HistoryPoint[],
  points: readonly HistoryPoint[],
): readonly HistoryPoint[] {
  const first = points[0];
  if (!first) return before;
  const last = before.at(-1);
  const kept = last && last.step >= first.step ? before.filter((p) => p.step < first.step) : before;
  return [...kept, ...points];
}
