import { useJob, useServices } from "../../app/services";
import type { Progress } from "../../core/progress";

interface CallOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * A measurement as a job: it goes on, and what it found stays, while one looks elsewhere.
 *
 * @param id names the job; `run` alone starts it.
 */
export function useTest<Request, Result>(
  id: string,
  run: (request: Request, options: CallOptions) => Promise<Result>,
) {
  const { jobs } = useServices();
  const job = useJob(id);
  return {
    job,
    /** With what was asked for; undefined until it is done. */
    found:
      job.status === "done"
        ? (job.result as { readonly request: Request; readonly result: Result }) // only `start` below starts it
        : undefined,
    start: (request: Request) =>
      void jobs.start(id, async (signal, onProgress) => ({
        request,
        result: await run(request, { signal, onProgress }),
      })),
    stop: () => jobs.cancel(id),
    dismiss: () => jobs.dismiss(id),
  };
}

/** What `useTest` gives. */
export type Test<Request, Result> = ReturnType<typeof useTest<Request, Result>>;
