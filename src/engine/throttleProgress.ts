import type { Progress } from "../core/progress";

const INTERVAL_MS = 100; // the law in core/progress.ts

/** Passes on the first event of a stage, its last, and between them at most one every 100 ms. */
export function throttleProgress(
  report: (progress: Progress) => void,
  now: () => number = () => performance.now(),
): (progress: Progress) => void {
  let stage: string | undefined;
  let sentAt = -Infinity;
  return (progress) => {
    const isDue = now() - sentAt >= INTERVAL_MS;
    if (progress.stage === stage && !isDue && progress.done < progress.total) return;
    stage = progress.stage;
    sentAt = now();
    report(progress);
  };
}
