import { useEffect, useState } from "react";
import type { JobState } from "../../core/job";
import { addSample, etaOf, type Eta, type ProgressSample } from "./eta";

/** Rate and time left of a running job, from what it reported while this was on screen. */
export function useEta(job: JobState): Eta | undefined {
  const [samples, setSamples] = useState<readonly ProgressSample[]>([]);
  const progress = job.status === "running" ? job.progress : undefined;
  useEffect(() => {
    if (!progress) return;
    const atMs = performance.now();
    setSamples((before) => addSample(before, { atMs, progress }));
  }, [progress]);
  return progress ? etaOf(samples) : undefined;
}
