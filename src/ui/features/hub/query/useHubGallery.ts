import { useEffect, useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useJob, useServices } from "../../../../app/services";
import type { WholeHub } from "../../../../core/domain/hub";
import type { HubStatus } from "../../../../core/domain/hubQuery";

/** The gallery of a hub: made ready when it is first looked at, and again when members change. */
export function useHubGallery({ hub, members }: WholeHub) {
  const { hubs, jobs } = useServices();
  const [attempt, setAttempt] = useState(0);
  const [opened, setOpened] = useState<{ readonly version: string; readonly status: HubStatus }>();
  const jobId = `open-hub/${hub.id}`;
  const job = useJob(jobId);
  const version = `${hub.id}/${members.map(({ digest }) => digest).join()}/${attempt}`;
  useEffect(() => {
    let current = true;
    const open = async () => {
      const status = await jobs.start(jobId, (signal, onProgress) =>
        hubs.open(hub.id, { signal, onProgress }),
      );
      if (current && status) setOpened({ version, status });
    };
    // One that is under way for members as they were ends first: then this one's turn comes, once.
    let isWaiting = true;
    const begin = () => {
      if (!isWaiting || isActive(jobs.get(jobId))) return;
      isWaiting = false;
      void open();
    };
    begin();
    // Later: a job that tells of its end cannot be started again yet.
    const unsubscribe = jobs.subscribe(() => queueMicrotask(begin));
    return () => {
      current = false;
      isWaiting = false;
      unsubscribe();
    };
  }, [hubs, jobs, jobId, hub.id, version]);
  return {
    /** Undefined until it is ready; the one before stays while it is made anew. */
    status: opened?.status.hubId === hub.id ? opened.status : undefined,
    /** Another where it was made anew. */
    step: opened?.status.hubId === hub.id ? opened.version : undefined,
    job,
    stop: () => jobs.cancel(jobId),
    retry: () => setAttempt((n) => n + 1),
  };
}
