import type { Run } from "./run";
import type { SweepAxis, SweepValue } from "./sweep";

/** A sweep as its stored runs tell of it. */
export interface StoredSweep {
  readonly id: string;
  readonly name: string;
  /** Keys its runs vary, with the values they take, in the order of the runs. */
  readonly axes: readonly SweepAxis[];
  /** In the order they are trained. */
  readonly runs: readonly Run[];
  /** Runs that ended: done, stopped early or failed. */
  readonly ended: number;
  readonly failed: number;
}

// A run that is “running” while no job trains it was interrupted.
const UNFINISHED: ReadonlySet<Run["status"]> = new Set(["queued", "paused", "running"]);

/** The sweeps among a project's runs, newest first. */
export function sweepsOf(runs: readonly Run[]): StoredSweep[] {
  const groups = new Map<string, Run[]>();
  for (const run of inOrder(runs)) {
    if (!run.sweep) continue;
    const group = groups.get(run.sweep.id);
    if (group) group.push(run);
    else groups.set(run.sweep.id, [run]);
  }
  return [...groups].map(([id, group]) => storedSweep(id, group)).reverse();
}

/** The runs of one sweep, in the order they are trained. */
export function runsOfSweep(runs: readonly Run[], sweepId: string): Run[] {
  return inOrder(runs).filter(({ sweep }) => sweep?.id === sweepId);
}

/** Whether a queue still has to train this run. A failed one had its turn. */
export function isUnfinished({ status }: Pick<Run, "status">): boolean {
  return UNFINISHED.has(status);
}

function storedSweep(id: string, runs: readonly Run[]): StoredSweep {
  const values = new Map<string, Set<SweepValue>>();
  for (const { sweep } of runs) {
    for (const [key, value] of Object.entries(sweep?.at ?? {})) {
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  return {
    id,
    name: runs[0]?.sweep?.name ?? "",
    axes: [...values].map(([key, taken]) => ({ key, values: [...taken] })),
    runs,
    ended: runs.filter((run) => !isUnfinished(run)).length,
    failed: runs.filter(({ status }) => status === "failed").length,
  };
}

/** Runs of a sweep are a millisecond apart. */
function inOrder(runs: readonly Run[]): Run[] {
  return runs.toSorted((a, b) => a.createdAt - b.createdAt);
}
