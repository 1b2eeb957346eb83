import { isActive } from "../../app/jobs";
import { SensorEncoders } from "../../app/sensorEncoders";
import { useJob, useServices } from "../../app/services";
import { JobStatus } from "./JobStatus";
import { useProject } from "./projectContext";

/** Makes the encoder of a project's windows; shown until there is one. */
export function MakeSensorEncoder({ projectId }: { readonly projectId: string }) {
  const { sensorEncoders, jobs } = useServices();
  const { canEdit } = useProject();
  const id = SensorEncoders.job(projectId);
  const job = useJob(id);
  return (
    <>
      <p className="quiet">
        Sensors differ, so their encoder is made here: fixed random filters over the project’s own
        channels, scaled to its training windows. Nothing is downloaded and nothing is trained.
      </p>
      <div>
        <button
          type="button"
          className="button"
          disabled={!canEdit || isActive(job)}
          onClick={() => void sensorEncoders.create(projectId)}
        >
          Make an encoder for these channels
        </button>
      </div>
      <JobStatus
        job={job.status === "cancelled" ? { status: "idle" } : job}
        label="Making the encoder"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
    </>
  );
}
