import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { isActive } from "../../../../app/jobs";
import { Mapping, type MapChoice, type NeighbourLayout } from "../../../../app/mapping";
import { useJob, useLoaded, useServices } from "../../../../app/services";
import type { MapPlaces, MapScores } from "../../../../core/domain/jointMap";
import type { Project } from "../../../../core/domain/project";
import type { Run } from "../../../../core/domain/run";
import { AppError } from "../../../../core/errors";
import { useSpace, type SpaceState } from "../useQueryRun";
import { likeBefore, mapModel, placesFor, sameItems, type MapModel } from "./mapModel";
import { PointIndex } from "./pointIndex";

/** How points are arranged: by the directions of largest variance, or by neighbours (UMAP). */
export type Arrangement = "components" | "neighbours";

interface MapOptions {
  readonly isCentred: boolean;
  readonly arrangement: Arrangement;
  /** Whether ranks and cosines are to be computed. */
  readonly needsScores: boolean;
}

/** The map of a run's space: points, what is known of them, where they are, and its jobs. */
export function useMap(project: Project, run: Run, options: MapOptions) {
  const { mapping, jobs } = useServices();
  const { isCentred, arrangement, needsScores } = options;
  const choice = useMemo<MapChoice>(
    () => ({ projectId: project.id, runId: run.id, isCentred }),
    [project.id, run.id, isCentred],
  );
  const space = useSpace(project, run);
  const facts = useLoaded(`${project.id} facts`, () => mapping.facts(project.id), [
    `project/${project.id}`,
  ]);
  const found = usePlaces(choice, space.status);
  const scores = useScores(choice, found.places, needsScores);
  const layout = useSyncExternalStore(mapping.subscribe, () => mapping.layout(choice));
  const items = useStableItems(found.places);
  const judged = useJudged(project);
  const model = useMemo<MapModel | null>(
    () =>
      items && facts.value ? mapModel(items, facts.value, { scores: scores.value, judged }) : null,
    [items, facts.value, scores.value, judged],
  );
  // Where motion is not wanted, the points move once: when the layout is finished.
  const layoutJob = useJob(Mapping.layoutJob(choice));
  const isMoving = layout?.sampled === null && isActive(layoutJob);
  const still = isMoving && prefersStillness() ? undefined : layout;
  const arranged = useMemo(
    () => (found.places ? arrange(found.places, still, arrangement) : null),
    [found.places, still, arrangement],
  );
  const index = useMemo(() => (arranged ? new PointIndex(arranged.places) : null), [arranged]);
  return {
    choice,
    model,
    index,
    /** What is shown may be another than asked for: a layout that is not there yet. */
    shown: arranged?.arrangement ?? "components",
    layout,
    isLayoutOld: layout !== undefined && found.places !== null && layout.step !== found.places.step,
    lacksItems: arrangement === "neighbours" && arranged?.arrangement !== "neighbours",
    explained: found.places?.explained ?? ([0, 0] as const),
    step: found.places?.step ?? 0,
    error: space.error ?? found.error ?? facts.error ?? null,
    retry() {
      space.retry();
      found.retry();
    },
    layoutJob,
    scoresJob: scores.job,
    layOut: () => void mapping.layOut(choice),
    stopLayout: () => jobs.cancel(Mapping.layoutJob(choice)),
    stopScores: () => jobs.cancel(Mapping.scoresJob(choice)),
    /** Forgets that ranking failed or was stopped; where ranks are looked at, it begins anew. */
    rankAgain: () => jobs.dismiss(Mapping.scoresJob(choice)),
  };
}

export type JointMap = ReturnType<typeof useMap>;

/** What the pair doctor found, if it looked at the data as they are now. */
function useJudged(project: Project) {
  const { doctoring } = useServices();
  const { value } = useLoaded(`${project.id} doctor`, () => doctoring.diagnosis(project.id), [
    `project/${project.id}`,
  ]);
  return value && value.dataDigest === project.data?.digest ? value.ranking : null;
}

const prefersStillness = () =>
  typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;

function arrange(
  places: MapPlaces,
  layout: NeighbourLayout | undefined,
  arrangement: Arrangement,
): { readonly arrangement: Arrangement; readonly places: Float32Array } {
  const laidOut = arrangement === "neighbours" && layout ? placesFor(places.items, layout) : null;
  return laidOut
    ? { arrangement: "neighbours", places: laidOut }
    : { arrangement: "components", places: places.places };
}

/** Places by principal components, drawn anew for every checkpoint and every change to the data. */
function usePlaces(choice: MapChoice, opened: SpaceState["status"]) {
  const { mapping } = useServices();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ places: MapPlaces | null; error: AppError | null }>({
    places: null,
    error: null,
  });
  const before = useRef<{ choice: MapChoice; places: Float32Array } | undefined>(undefined);
  useEffect(() => {
    // Not before the space has been opened anew: until then the worker has the one before.
    if (!opened) return;
    const abort = new AbortController();
    mapping.places(choice, abort.signal).then(
      (found) => {
        if (abort.signal.aborted) return;
        const last = before.current?.choice === choice ? before.current.places : undefined;
        const places = likeBefore(found.places, last) as MapPlaces["places"]; // a copy, or itself
        before.current = { choice, places };
        setState({ places: { ...found, places }, error: null });
      },
      (thrown: unknown) => {
        const error = AppError.from(thrown);
        if (!abort.signal.aborted) setState(({ places }) => ({ places, error }));
      },
    );
    return () => abort.abort();
  }, [mapping, choice, opened, attempt]);
  return { ...state, retry: () => setAttempt((n) => n + 1) };
}

/** Ranks and cosines, computed once per checkpoint and data when first needed. */
function useScores(choice: MapChoice, places: MapPlaces | null, isNeeded: boolean) {
  const { mapping } = useServices();
  const job = useJob(Mapping.scoresJob(choice));
  const [value, setValue] = useState<MapScores | null>(null);
  const isCurrent =
    value !== null &&
    places !== null &&
    value.step === places.step &&
    sameItems(value.items, places.items);
  const refused = job.status === "failed" || job.status === "cancelled";
  const isDue = isNeeded && places !== null && !isCurrent && !isActive(job) && !refused;
  useEffect(() => {
    if (!isDue) return;
    void mapping.scores(choice).then((found) => found && setValue(found));
  }, [mapping, choice, isDue]);
  return { job, value };
}

/** The same object for the same items, so that a selection outlives a new checkpoint. */
function useStableItems(places: MapPlaces | null): MapPlaces["items"] | null {
  const [items, setItems] = useState<MapPlaces["items"] | null>(null);
  if (places && (!items || !sameItems(items, places.items))) setItems(places.items);
  return places ? (items ?? places.items) : null;
}
