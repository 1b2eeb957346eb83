import { useSyncExternalStore } from "react";
import { Hubs } from "../../../app/hubs";
import { isActive } from "../../../app/jobs";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { WholeHub } from "../../../core/domain/hub";
import { JobStatus } from "../../components/JobStatus";
import { JoinCurve } from "./JoinCurve";
import { curveSides, type CurveSides } from "./joinCurve";
import styles from "./Members.module.css";

interface JoinStatusProps {
  readonly hubId: string;
  /** Whose items join. */
  readonly projectId: string;
  /** What the curve is called by; left out: by what joins, and the hub. */
  readonly sides?: CurveSides;
}

/** One joining as it goes: what it does, how fast, its curve; how it ended if not well. */
export function JoinStatus({ hubId, projectId, sides }: JoinStatusProps) {
  const { jobs, live, stores } = useServices();
  const id = Hubs.joinJob(hubId, projectId);
  const job = useJob(id);
  const { points } = useSyncExternalStore(live.subscribe, () => live.get(id));
  const project = useLoaded(projectId, () => stores.projects.get(projectId), ["projects"]).value;
  if (job.status === "idle" || job.status === "done") return null;
  const progress = job.status === "running" ? job.progress : undefined;
  const planned = progress?.stage === "train" ? progress.total : 1;
  return (
    <div className={styles.joining}>
      <JobStatus
        job={job}
        label={`${project?.name ?? "Items"} joining the hub`}
        stopLabel="Cancel"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
      {isActive(job) && points.length > 0 && (
        <JoinCurve
          history={points}
          sides={sides ?? curveSides(project?.data?.media ?? "audio", [])}
          steps={Math.max(planned, points.at(-1)?.step ?? 1)}
        />
      )}
    </div>
  );
}

/** Every joining of a hub that goes on or failed, whoever started it and where. */
export function ActiveJoins({ hub }: WholeHub) {
  const { jobs } = useServices();
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const prefix = Hubs.joinJob(hub.id, "");
  return [...states.keys()]
    .filter((id) => id.startsWith(prefix))
    .map((id) => <JoinStatus key={id} hubId={hub.id} projectId={id.slice(prefix.length)} />);
}
