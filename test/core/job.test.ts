import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors";
import { reduceJob, type JobEvent, type JobState } from "../../src/core/job";
import type { Progress } from "../../src/core/progress";

const progress = (done: number): Progress => ({ stage: "encode", done, total: 9, unit: "items" });
const idle = { status: "idle" } as JobState<number>; // as: not narrowed to "idle" for good
const fold = (...events: JobEvent<number>[]) => events.reduce(reduceJob<number>, idle);
const start = { type: "start", at: 5 } as const;
const cancel = { type: "cancel" } as const;
const report = { type: "progress", progress: progress(4) } as const;
const succeed = { type: "succeed", result: 42 } as const;
const stopped = { type: "fail", error: new AppError("cancelled") } as const;
const failed = { type: "fail", error: new AppError("worker/crashed") } as const;

describe("the ordinary course", () => {
  it("runs, reports and is done", () => {
    expect(fold(start)).toEqual({ status: "running", startedAt: 5 });
    expect(fold(start, report)).toEqual({ status: "running", startedAt: 5, progress: progress(4) });
    expect(fold(start, report, succeed)).toEqual({ status: "done", result: 42 });
  });

  it("keeps its error", () => {
    expect(fold(start, failed)).toEqual({ status: "failed", error: failed.error });
  });

  it("starts again from every end", () => {
    for (const end of [succeed, stopped, failed]) {
      expect(fold(start, end, { type: "start", at: 8 })).toEqual({
        status: "running",
        startedAt: 8,
      });
    }
  });
});

describe("cancelling", () => {
  it("is not failing: the job ends as cancelled, with how far it came", () => {
    expect(fold(start, report, cancel)).toMatchObject({ status: "cancelling" });
    expect(fold(start, report, cancel, stopped)).toEqual({
      status: "cancelled",
      progress: progress(4),
    });
    expect(fold(start, cancel, stopped)).toEqual({ status: "cancelled" });
  });

  it("lets a result that beats it count", () => {
    expect(fold(start, cancel, succeed)).toEqual({ status: "done", result: 42 });
  });

  it("shows a real failure on the way out", () => {
    expect(fold(start, cancel, failed)).toMatchObject({ status: "failed" });
  });
});

describe("events that come too late or twice", () => {
  it("leave an ended job as it is", () => {
    for (const end of [succeed, stopped, failed]) {
      const state = fold(start, report, end);
      for (const late of [report, cancel, succeed, stopped, failed]) {
        expect(reduceJob(state, late)).toBe(state);
      }
    }
  });

  it("do not restart a running job or report after a cancel", () => {
    const running = fold(start, report);
    expect(reduceJob(running, { type: "start", at: 99 })).toBe(running);
    const cancelling = fold(start, cancel);
    expect(reduceJob(cancelling, report)).toBe(cancelling);
    expect(reduceJob(cancelling, cancel)).toBe(cancelling);
  });

  it("never end a job that was not started", () => {
    for (const event of [report, cancel, succeed, stopped, failed]) {
      expect(reduceJob(idle, event)).toBe(idle);
    }
  });
});

it("settles at most once per start, whatever the order of events", () => {
  const event = fc.constantFrom<JobEvent<number>>(start, report, cancel, succeed, stopped, failed);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state = idle;
      let starts = 0;
      let ends = 0;
      for (const next of events) {
        const before = state;
        state = reduceJob(state, next);
        const wasActive = before.status === "running" || before.status === "cancelling";
        const isActive = state.status === "running" || state.status === "cancelling";
        if (!wasActive && isActive) starts++;
        if (wasActive && !isActive) ends++;
        expect(starts - ends).toBe(Number(isActive));
      }
    }),
  );
});
