import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Aligning } from "../../../app/aligning";
import { isActive } from "../../../app/jobs";
import { useJob, useLoaded, useServices } from "../../../app/services";
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
  const training = useRunInTraining(loaded.value);
  const [chosen, setChosen] = useState(project.queryRunId);
  const [error, setError] = useState<AppError | null>(null);
  const searchable = loaded.value?.filter(
    ({ id, test, history }) => test !== null || history.length > 0 || id === training,
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

/** A run that this tab trains is searchable from its first step, before its record says so. */
function useRunInTraining(runs: readonly Run[] | undefined): string | undefined {
  const { live } = useServices();
  return useSyncExternalStore(
    live.subscribe,
    () => runs?.find(({ id }) => live.get(id).points.length > 0)?.id,
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
 * Opens the run's shared space and keeps it new: after every change of what is stored, and a few
 * times a second while this tab trains the run. The space before stays in use meanwhile, so that
 * nothing on screen goes away.
 */
export function useSpace(project: Project, run: Run): SpaceState {
  const { encoding, querying } = useServices();
  const { checkpointStep, points } = useLiveRun(run.id);
  useEffect(() => void encoding.warmUp(project), [encoding, project]);
  const [attempt, setAttempt] = useState(0);
  const [opened, setOpened] = useState<{
    runId: string;
    status?: SpaceState["status"];
    error: AppError | null;
  }>();
  const follows = isActive(useJob(Aligning.job(run.id))) && points.length > 0;
  // Followed step by step, a checkpoint is older than what is on screen.
  const stored = checkpointStep >= 0 ? checkpointStep : `stored ${run.updatedAt} ${run.status}`;
  const version = follows ? "followed" : stored;
  const dataDigest = project.data?.digest;
  useEffect(() => {
    let current = true;
    const take = (status: SpaceState["status"]) =>
      current && setOpened({ runId: run.id, ...(status && { status }), error: null });
    const fail = (thrown: unknown) =>
      current &&
      setOpened((before) => ({
        ...(before?.runId === run.id ? before : {}),
        runId: run.id,
        error: AppError.from(thrown),
      }));
    if (version !== "followed") querying.open(project.id, run.id).then(take, fail);
    return () => {
      current = false;
    };
  }, [querying, project.id, dataDigest, run.id, version, attempt]);
  useFollowing(follows, { projectId: project.id, runId: run.id, attempt }, (news) =>
    setOpened((before) => ({
      ...(before?.runId === run.id ? before : {}),
      runId: run.id,
      ...news,
    })),
  );
  const mine = opened?.runId === run.id ? opened : undefined;
  return {
    status: mine?.status,
    error: mine?.error ?? null,
    retry: () => setAttempt((n) => n + 1),
  };
}

interface Followed {
  readonly projectId: string;
  readonly runId: string;
  /** Raised to try again after an error. */
  readonly attempt: number;
}

type News = { readonly status: SpaceState["status"]; readonly error: null } | { error: AppError };

/** Least rest between two refreshes: the training needs the processor more than the eye does. */
const REST_MS = 100;

/** While a training goes on, projects the gallery anew as often as the search worker can. */
function useFollowing(
  follows: boolean,
  { projectId, runId, attempt }: Followed,
  onNews: (news: News) => void,
) {
  const { aligning, querying } = useServices();
  const tell = useRef(onNews);
  useEffect(() => {
    tell.current = onNews;
  });
  useEffect(() => {
    if (!follows) return;
    let current = true;
    const follow = async () => {
      while (current) {
        const started = performance.now();
        const projectors = document.hidden ? null : await aligning.latest(runId);
        if (!current) return;
        if (projectors) {
          const status = await querying.openAt(projectId, projectors);
          if (current) tell.current({ status, error: null });
        }
        // A quarter of the time it took: on a machine with one core the training goes on too.
        await pause(Math.max(REST_MS, (performance.now() - started) / 4));
      }
    };
    follow().catch((thrown: unknown) => {
      if (current) tell.current({ error: AppError.from(thrown) });
    });
    return () => {
      current = false;
    };
  }, [aligning, querying, follows, projectId, runId, attempt]);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
