import { useState, useSyncExternalStore } from "react";
import { isActive } from "../../../app/jobs";
import { Joinings } from "../../../app/joinings";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { WholeHub } from "../../../core/domain/hub";
import type { JoinPlace, JoinWish } from "../../../core/domain/joinRequest";
import type { Project } from "../../../core/domain/project";
import type { UnfinishedJoining } from "../../../core/domain/unfinishedJoining";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import { JoinCurve } from "./JoinCurve";
import { joiningSides } from "./joinCurve";
import styles from "./Members.module.css";
import { PausedJoin } from "./PausedJoin";
import { useHubPlace } from "./useHubPlace";
import { useIsHere } from "./useIsHere";
import { useJoinings } from "./useJoinings";

interface JoinStatusProps {
  readonly whole: WholeHub;
  /** Whose items join. */
  readonly projectId: string;
}

/** One joining: as it goes, or how it ended if not well and how to go on with it. */
export function JoinStatus({ whole, projectId }: JoinStatusProps) {
  const { stores } = useServices();
  const place = { hubId: whole.hub.id, projectId };
  const job = useJob(Joinings.job(place));
  const project = useLoaded(projectId, () => stores.projects.get(projectId), ["projects"]).value;
  const joining = useJoinings(place.hubId).value?.find(({ wish }) => wish.projectId === projectId);
  const goOn = useGoOn(whole);
  if (!joining && (job.status === "idle" || job.status === "done")) return null;
  return (
    <div className={styles.joining}>
      <JoinProgress {...{ whole, place, project, joining }} />
      {joining && !isActive(job) && (
        <PausedJoin
          {...{ whole, joining, project }}
          onGoOn={() => void goOn({ ...joining.wish })}
        />
      )}
    </div>
  );
}

/** Begins a joining or goes on with it; a visitor who is still here sees who has joined. */
export function useGoOn({ hub }: Pick<WholeHub, "hub">) {
  const { hubs } = useServices();
  const { open } = useHubPlace();
  const isHere = useIsHere();
  return async (wish: JoinWish) => {
    const member = await hubs.joinings.join(wish);
    if (member && isHere()) open("members", hub.id);
  };
}

interface JoinProgressProps extends Pick<JoinStatusProps, "whole"> {
  readonly place: JoinPlace;
  readonly project: Project | undefined;
  readonly joining: UnfinishedJoining | undefined;
}

/** What a joining does now, how fast, and its curve. */
function JoinProgress({ whole, place, project, joining }: JoinProgressProps) {
  const { jobs, live, hubs } = useServices();
  const id = Joinings.job(place);
  const job = useJob(id);
  const { points } = useSyncExternalStore(live.subscribe, () => live.get(id));
  const progress = job.status === "running" ? job.progress : undefined;
  const planned = progress?.stage === "train" ? progress.total : 1;
  return (
    <>
      <JobStatus
        job={job}
        label={`${joining?.wish.name ?? project?.name ?? "Items"} joining the hub`}
        stopLabel="Pause"
        onStop={() => hubs.joinings.pause(place)}
        onDismiss={() => jobs.dismiss(id)}
      />
      {progress?.stage === "train" && <FinishNow place={place} />}
      {isActive(job) && points.length > 0 && (
        <JoinCurve
          history={points}
          sides={joiningSides(
            joining?.wish ?? { modality: project?.data?.media ?? "audio", anchors: [] },
            whole.members,
          )}
          steps={Math.max(planned, points.at(-1)?.step ?? 1)}
        />
      )}
    </>
  );
}

/** Ends a training early. */
function FinishNow({ place }: { readonly place: JoinPlace }) {
  const { hubs } = useServices();
  const { canEdit } = useProject();
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const finish = async () => {
    setAsked(true);
    try {
      await hubs.joinings.finish(place);
    } catch (thrown) {
      setError(AppError.from(thrown));
      setAsked(false);
    }
  };
  return (
    <div className={styles.actions}>
      <button
        type="button"
        className="button"
        disabled={!canEdit || isAsked}
        onClick={() => void finish()}
      >
        {isAsked ? "Stopping after this step" : "Stop and keep the best"}
      </button>
      {error && <ErrorNote error={error} />}
    </div>
  );
}

interface HubJoinsProps {
  readonly whole: WholeHub;
  /** The project whose joining is shown elsewhere. */
  readonly except?: string | undefined;
}

/** Every joining of a hub that goes on, failed or was stopped, whoever started it and where. */
export function HubJoins({ whole, except }: HubJoinsProps) {
  const { jobs } = useServices();
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const { value: joinings = [], error } = useJoinings(whole.hub.id);
  const prefix = Joinings.job({ hubId: whole.hub.id, projectId: "" });
  const known = joinings.map(({ wish }) => wish.projectId);
  const begun = [...states.keys()].filter((id) => id.startsWith(prefix));
  const all = new Set([...known, ...begun.map((id) => id.slice(prefix.length))]);
  return (
    <>
      {error && <ErrorNote error={error} />}
      {[...all]
        .filter((projectId) => projectId !== except)
        .map((projectId) => (
          <JoinStatus key={projectId} whole={whole} projectId={projectId} />
        ))}
    </>
  );
}
