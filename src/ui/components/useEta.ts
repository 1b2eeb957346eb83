import { useState } from "react";
import type { JobState } from "../../core/job";
import { addSample, etaOf, type Eta, type ProgressSample } from "./eta";

/** Rate and time left of a running job, from what it reported while this was on screen. */
export function useEta(job: JobState): Eta | undefined {
  const [samples, setSamples] = useState<readonly ProgressSample[]>([]);
  const progress = job.status === "running" ? job.progress : undefined;
  // While drawing, not in an effect: a burst of reports would leave an effect's update pending
  // after each, which React takes for an endless loop (error 185) after fifty.
  if (progress && samples.at(-1)?.progress !== progress) {
    setSamples(addSample(samples, { atMs: performance.now(), progress }));
  }
  return progress ? etaOf(samples) : undefined;
}
