// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { AppError } from "../../src/core/errors";
import type { Run } from "../../src/core/domain/run";
import { AlignPanel } from "../../src/ui/features/align/AlignPanel";
import { mergedHistory, recallChart, recallSummary } from "../../src/ui/features/align/runCurve";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { baseline, point, retrieval } from "../support/retrieval";
import { sampleRun } from "../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const TOTAL = 20;

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

interface OpenOptions {
  readonly align?: FakeWorkers["align"];
  readonly encoded?: number;
  readonly canEdit?: boolean;
  readonly runs?: readonly Partial<Run>[];
}

async function open({ align, encoded = TOTAL, canEdit = true, runs = [] }: OpenOptions) {
  services = await testServices({
    ...(align ? { align } : {}),
    encode: { countEncoded: async () => ({ encoded, total: TOTAL, encoderKey: "k" }) },
  });
  const { id } = await projectWithPairs(services, TOTAL);
  for (const [i, change] of runs.entries()) {
    await services.stores.runs.put(sampleRun(`r${i}`, id, { createdAt: i, ...change }));
  }
  renderPanel(<AlignPanel />, { services, projectId: id, canEdit });
  // The hint has text once it is known whether everything is encoded.
  await screen.findByText(/held-out pairs only measure|still without an embedding/);
  return id;
}

const ended = (run: Run): Run => ({
  ...run,
  status: "done",
  training: {
    steps: 3,
    batchSize: 8,
    fuseMix: false,
    dimension: 512,
    dropout: 0.1,
    patience: null,
  },
  history: [point(1), point(2, retrieval(0.4)), point(3, retrieval(0.6))],
  baselines: [baseline("chance", 0.1), baseline("csa", 0.5)],
  best: { step: 3, score: 0.3 },
  test: retrieval(0.62, 24),
});

/** A worker that reports two live points, waits until told, then stores an ended run. */
function fakeTrainer() {
  let end = () => {};
  const released = new Promise<void>((resolve) => (end = resolve));
  const align: FakeWorkers["align"] = {
    align: async ({ runId }, { signal, report }) => {
      const run = await services.stores.runs.get(runId);
      report({ stage: "train", done: 1, total: 3, unit: "steps", points: [point(1)] });
      report({
        stage: "train",
        done: 2,
        total: 3,
        unit: "steps",
        points: [point(2, retrieval(0.4))],
        baseline: baseline("csa", 0.5),
        checkpointStep: 2,
      });
      const aborted = new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve()),
      );
      await Promise.race([released, aborted]);
      if (signal.aborted) {
        await services.stores.runs.put({ ...run, status: "paused", history: [point(1), point(2)] });
        throw new AppError("cancelled");
      }
      await services.stores.runs.put(ended(run));
      return ended(run);
    },
    finish: async () => {
      end();
      return null;
    },
  };
  return align;
}

it("trains, shows held-out recall while it runs, and keeps the best when told to stop", async () => {
  await open({ align: fakeTrainer() });
  fireEvent.click(screen.getByRole("button", { name: "Align 20 pairs" }));
  const chart = await screen.findByRole("img", { name: /recall@10 after 2 steps.*40\.0 %.*CSA/ });
  expect(within(chart).getByText("3")).toBeTruthy(); // the step axis ends where the run will
  expect(within(chart).getByText(/CSA 37\.5 %/)).toBeTruthy();
  expect(screen.getByText("2 of 3 steps", { exact: false })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Align 20 pairs" })).toHaveProperty("disabled", true);
  fireEvent.click(screen.getByRole("button", { name: "Stop and keep the best" }));
  const table = await screen.findByRole("region", { name: "Image → text: test recall" });
  expect(within(table).getByText(/24 test queries in a gallery of 24/)).toBeTruthy();
  expect(within(table).getByRole("row", { name: /freeze-align head .*62\.0 %/ })).toBeTruthy();
  expect(screen.getByText(/Fewer than 50 test queries/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Stop and keep the best" })).toBeNull();
});

it("pauses a run and offers to continue it", async () => {
  await open({ align: fakeTrainer() });
  fireEvent.click(screen.getByRole("button", { name: "Align 20 pairs" }));
  await screen.findByText("2 of 3 steps", { exact: false });
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  expect(await screen.findByText("Paused at step 2.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByRole("button", { name: "Pause" })).toBeTruthy();
});

it("offers to continue a run that a closed tab left behind", async () => {
  await open({ runs: [{ status: "running", history: [point(7)] }] });
  expect(screen.getByText("Interrupted at step 7.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Continue" })).toHaveProperty("disabled", false);
});

it("says what a failed run failed of", async () => {
  await open({
    runs: [{ status: "failed", error: { code: "align/diverged", detail: "step 12" } }],
  });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Training diverged");
  expect(alert.textContent).toContain("step 12");
});

it("names what is not encoded yet instead of starting", async () => {
  await open({ encoded: 12 });
  expect(
    await screen.findByText(/8 images and 8 captions still without an embedding/),
  ).toBeTruthy();
  expect(screen.getByRole("button", { name: "Align 20 pairs" })).toHaveProperty("disabled", true);
});

it("changes nothing in a tab that may only read", async () => {
  await open({ canEdit: false, runs: [{ status: "paused" }] });
  for (const name of ["Align 20 pairs", "Start", "Delete run first"]) {
    expect(screen.getByRole("button", { name })).toHaveProperty("disabled", true);
  }
});

it("deletes a run only after asking", async () => {
  const id = await open({ runs: [{ name: "old" }, { name: "new" }] });
  fireEvent.click(screen.getByRole("button", { name: "Delete run old" }));
  fireEvent.click(await screen.findByText("Delete run"));
  await waitFor(async () => expect(await services.stores.runs.list(id)).toHaveLength(1));
  await waitFor(() => expect(screen.queryByRole("button", { name: "old" })).toBeNull());
});

it("refuses a setting that is not a number and starts nothing", async () => {
  const id = await open({});
  fireEvent.change(screen.getByLabelText("Learning rate"), { target: { value: "fast" } });
  fireEvent.click(screen.getByRole("button", { name: "Align 20 pairs" }));
  expect((await screen.findByRole("alert")).textContent).toContain("align.learningRate");
  expect(await services.stores.runs.list(id)).toEqual([]);
});

it("joins stored and live steps in order, the newer report of a step winning", () => {
  const stored = [point(1), point(2), point(3)];
  const live = [{ ...point(3), loss: 9 }, point(4), { ...point(2), loss: 8 }, point(3)];
  const merged = mergedHistory(stored, live);
  expect(merged.map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(merged[1]?.loss).toBe(8);
});

it("draws a level at the mean of both directions and says the same in words", () => {
  const curve = {
    history: [point(10, retrieval(0.4))],
    baselines: [baseline("csa", 0.5), baseline("shuffled", 0.1)],
    k: "10",
    steps: 10,
  };
  const { references, series } = recallChart(curve);
  expect(references).toEqual([{ id: "csa", y: 0.375, label: "CSA 37.5 %", kind: "baseline" }]);
  expect(series.map(({ points }) => points[0]?.y)).toEqual([0.4, 0.2]);
  expect(recallSummary(curve)).toContain("CSA 37.5 %");
});
