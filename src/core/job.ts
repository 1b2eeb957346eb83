import type { AppError } from "./errors";
import type { Progress } from "./progress";

/** One long-running job, as the UI sees it. Invalid combinations cannot be written down. */
export type JobState<Result = unknown> =
  | { readonly status: "idle" }
  | { readonly status: "running"; readonly progress?: Progress; readonly startedAt: number }
  | { readonly status: "cancelling"; readonly progress?: Progress; readonly startedAt: number }
  | { readonly status: "done"; readonly result: Result }
  | { readonly status: "cancelled"; readonly progress?: Progress }
  | { readonly status: "failed"; readonly error: AppError };

export type JobEvent<Result = unknown> =
  | { type: "start"; at: number }
  | { type: "progress"; progress: Progress }
  | { type: "cancel" }
  | { type: "succeed"; result: Result }
  | { type: "fail"; error: AppError };

/** Next state. Events that arrive too late (progress after cancel, say) change nothing. */
export function reduceJob<R>(state: JobState<R>, event: JobEvent<R>): JobState<R> {
  const active = state.status === "running" || state.status === "cancelling";
  switch (event.type) {
    case "start":
      return active ? state : { status: "running", startedAt: event.at };
    case "progress":
      return state.status === "running" ? { ...state, progress: event.progress } : state;
    case "cancel":
      return state.status === "running" ? { ...state, status: "cancelling" } : state;
    case "succeed":
      return active ? { status: "done", result: event.result } : state;
    case "fail":
      if (!active) return state;
      if (event.error.code !== "cancelled") return { status: "failed", error: event.error };
      return state.progress
        ? { status: "cancelled", progress: state.progress }
        : { status: "cancelled" };
  }
}
