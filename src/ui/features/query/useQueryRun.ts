import { useEffect, useState, useSyncExternalStore } from "react";
import { useLoaded, useServices } from "../../../app/services";
import type { LiveRun } from "../../../app/liveRuns";
import { mainRun } from "../../../core/domain/mainRun";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import { AppError } from "../../../core/errors";

/** Runs one can search with, and the chosen one: the project's choice, else see `usualRun`. */
export function useQueryRun(project: Project, canEdit: boolean) {
  const { stores, projects } = useServices();
  const loaded = useLoaded(`runs/${project.id}`, () => stores.runs.list(project.id), [
    `runs/${project.id}`,
  ]);
  const newest = useNewestCheckpoint(loaded.value);
  const [chosen, setChosen] = useState(project.queryRunId);
  const [error, setError] = useState<AppError | null>(null);
  const searchable = loaded.value?.filter(
    ({ id, test, history }) => test !== null || history.length > 0 || id === newest,
  );
  return {
    loading: loaded.value === undefined && loaded.error === undefined,
    error: error ?? loaded.error ?? null,
    started: (loaded.value?.length ?? 0) > 0,
    runs: searchable ?? [],
    run: searchable?.find(({ id }) => id === chosen) ?? usualRun(searchable ?? []),
    choose(runId: string) {
      setChosen(runId);
      if (!canEdit) return; // another tab has the project: the choice stays in this one
      projects
        .update(project.id, { queryRunId: runId })
        .catch((thrown: unknown) => setError(AppError.from(thrown)));
    },
  };
}

/** The newest, so that a training is searched as it goes; a queue of runs does not take its place. */
function usualRun(searchable: readonly Run[]): Run | undefined {
  const [newest] = searchable;
  return newest?.sweep == null ? newest : (mainRun(searchable) ?? newest);
}

/** A run that stored its first checkpoint in this session is searchable before its record says so. */
function useNewestCheckpoint(runs: readonly Run[] | undefined): string | undefined {
  const { live } = useServices();
  return useSyncExternalStore(
    live.subscribe,
    () => runs?.find(({ id }) => live.get(id).checkpointStep >= 0)?.id,
  );
}

/** What a training reports while this tab runs it. */
export function useLiveRun(runId: string): LiveRun {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => live.get(runId));
}

/** The shared space of a run as it stands in the search worker. */
export interface SpaceState {
  /** Undefined until the gallery is ready for the first time. */
  readonly status: { readonly step: number; readonly gallery: Record<string, number> } | undefined;
  readonly error: AppError | null;
  readonly retry: () => void;
}

/**
 * Opens the run's shared space and brings it to every newer checkpoint. The space before stays in
 * use meanwhile, so that nothing on screen goes away.
 */
export function useSpace(project: Project, run: Run): SpaceState {
  const { encoding, querying } = useServices();
  const { checkpointStep } = useLiveRun(run.id);
  useEffect(() => void encoding.warmUp(project), [encoding, project]);
  const [attempt, setAttempt] = useState(0);
  const [opened, setOpened] = useState<{
    runId: string;
    status?: SpaceState["status"];
    error: AppError | null;
  }>();
  const version = checkpointStep >= 0 ? checkpointStep : `stored ${run.updatedAt} ${run.status}`;
  useEffect(() => {
    let current = true;
    querying.open(project.id, run.id).then(
      (status) => current && setOpened({ runId: run.id, status, error: null }),
      (thrown: unknown) =>
        current &&
        setOpened((before) => ({
          ...(before?.runId === run.id ? before : {}),
          runId: run.id,
          error: AppError.from(thrown),
        })),
    );
    return () => {
      current = false;
    };
  }, [querying, project.id, project.data?.digest, run.id, version, attempt]);
  const mine = opened?.runId === run.id ? opened : undefined;
  return {
    status: mine?.status,
    error: mine?.error ?? null,
    retry: () => setAttempt((n) => n + 1),
  };
}
