import { useRef, useState } from "react";
import { Encoding } from "../../../app/encoding";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import { chosenEncoder } from "../../../core/catalogue/encoders";
import type { Modality } from "../../../core/domain/modality";
import type { JobState } from "../../../core/job";
import { useProject } from "../../components/projectContext";
import { useEncodedCount } from "../../components/useEncodedCount";

/** What one run of an encoder gave. */
export type EncodeResult = NonNullable<Awaited<ReturnType<Encoding["encode"]>>>;

/** State and commands of one modality on the Encode screen. */
export function useEncodeSide(modality: Modality) {
  const { encoding, jobs } = useServices();
  const { project } = useProject();
  const id = Encoding.job(project.id, modality);
  const job = useJob(id) as JobState<EncodeResult>; // only `encoding.encode` starts this job
  const count = useEncodedCount(project, modality);
  const [paused, setPaused] = useState(false);
  const forget = useRef(false);

  const start = async () => {
    forget.current = false;
    setPaused(false);
    await encoding.encode(project.id, modality);
    if (forget.current) jobs.dismiss(id);
  };

  return {
    job,
    active: isActive(job),
    paused,
    encoded: encodedNow(job, count.value?.encoded ?? 0, count.value?.total ?? 0),
    total: count.value?.total ?? 0,
    /** False for sensors until an encoder was made for their channels. */
    hasEncoder: chosenEncoder(project, modality) !== undefined,
    /** Items the last run could not encode: nothing is left to do about them here. */
    failed: job.status === "done" ? job.result.failed.length : 0,
    /** False until the stored embeddings were counted. */
    counted: Boolean(count.value),
    countError: count.error,
    start,
    pause: () => {
      setPaused(true);
      encoding.stop(project.id, modality);
    },
    cancel: () => {
      forget.current = true;
      encoding.stop(project.id, modality);
    },
    dismiss: () => jobs.dismiss(id),
  };
}

/** The stored count is read again only when a job ends; until then its progress knows better. */
function encodedNow(job: JobState, stored: number, total: number): number {
  const progress = "progress" in job ? job.progress : undefined;
  const live = progress?.stage === "encode" && progress.total === total ? progress.done : 0;
  return Math.max(stored, live);
}
