// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors";
import type { Run } from "../../../src/core/domain/run";
import { AlignPanel } from "../../../src/ui/features/align/AlignPanel";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { baseline, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

const PAIRS = 40;

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

interface OpenOptions {
  readonly align?: NonNullable<FakeWorkers["align"]>;
  readonly runs?: readonly Partial<Run>[];
}

async function open({ align = trainer(), runs = [] }: OpenOptions = {}) {
  services = await testServices({
    align,
    encode: { countEncoded: async () => ({ encoded: PAIRS, total: PAIRS, encoderKey: "k" }) },
  });
  const { id } = await projectWithPairs(services, PAIRS);
  for (const [i, change] of runs.entries()) {
    await services.stores.runs.put(sampleRun(`r${i}`, id, { createdAt: i, ...change }));
  }
  renderPanel(<AlignPanel />, { services, projectId: id, canEdit: true });
  await screen.findByText(/held-out pairs only measure/);
  return id;
}

/** A worker that ends every run at once; one whose seed is `holdsAt` waits until it is paused. */
function trainer(holdsAt?: number): NonNullable<FakeWorkers["align"]> {
  const held = new Set<string>();
  return {
    align: async ({ runId }, { signal }) => {
      const run = await services.stores.runs.get(runId);
      if (run.recipe.align.seed === holdsAt && !held.has(runId)) {
        held.add(runId);
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          else signal.addEventListener("abort", () => resolve());
        });
        await services.stores.runs.put({ ...run, status: "paused" });
        throw new AppError("cancelled");
      }
      const ended: Run = {
        ...run,
        status: "done",
        test: retrieval(0.4),
        baselines: [baseline("chance", 0.1)],
        timings: { alignMs: 1_000, stepMs: 0 },
      };
      await services.stores.runs.put(ended);
      return ended;
    },
    finish: async () => null,
  };
}

const type = (name: string, value: string) =>
  fireEvent.change(screen.getByLabelText(name), { target: { value } });

it("keeps what was typed when the step is left", async () => {
  await open();
  type("Seed", "0, 1");
  type("Learning rate", "0.003x");
  cleanup();
  renderPanel(<AlignPanel />, {
    services,
    projectId: (await services.stores.projects.list())[0]!.id,
    canEdit: true,
  });
  await waitFor(() => expect(field("Seed")).toBe("0, 1"));
  expect(field("Learning rate")).toBe("0.003x");
});

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name).value;

it("makes a run of every value that a field lists", async () => {
  const id = await open();
  type("Seed", "0, 1");
  type("Learning rate", "0.001, 0.003");
  expect(screen.getByText(/learningRate × 2, seed × 2\./)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Align 4 runs" }));
  await waitFor(async () => {
    const runs = await services.stores.runs.list(id);
    expect(runs.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  });
  await waitFor(() => expect(screen.queryByRole("region", { name: "Queues" })).toBeNull());
});

it("pauses a queue, goes on with it and removes what is left", async () => {
  const id = await open({ align: trainer(1) });
  type("Seed", "0, 1, 2, 3");
  fireEvent.click(screen.getByRole("button", { name: "Align 4 runs" }));
  const queues = await screen.findByRole("region", { name: "Queues" });
  expect(await within(queues).findByText("run 2 of 4")).toBeTruthy();
  fireEvent.click(within(queues).getByRole("button", { name: "Pause" }));
  expect(await within(queues).findByText("1 of 4 runs ended")).toBeTruthy();
  fireEvent.click(await within(queues).findByRole("button", { name: "Remove 2 queued runs" }));
  await waitFor(async () => expect(await services.stores.runs.list(id)).toHaveLength(2));
  fireEvent.click(await within(queues).findByRole("button", { name: "Continue" }));
  await waitFor(async () => {
    const runs = await services.stores.runs.list(id);
    expect(runs.map(({ status }) => status)).toEqual(["done", "done"]);
  });
});

it("offers to go on with a queue that a closed tab left behind", async () => {
  const sweep = { id: "s", name: "Night", at: {} };
  await open({ runs: [{ sweep, status: "done" }, { sweep }] });
  const queues = screen.getByRole("region", { name: "Queues" });
  expect(queues.textContent).toContain("Night 1 of 2 runs ended");
  expect(within(queues).getByRole("button", { name: "Continue" })).toHaveProperty(
    "disabled",
    false,
  );
});

it("draws a learning curve from test scores, run by run", async () => {
  const id = await open();
  const form = await screen.findByRole("form", { name: "New learning curve" });
  expect(within(form).getByLabelText("Sizes")).toHaveProperty("value", "10, 30, all");
  fireEvent.change(within(form).getByLabelText("Seeds"), { target: { value: "2" } });
  expect(within(form).getByText(/^18 runs\./)).toBeTruthy();
  fireEvent.change(within(form).getByLabelText("Sizes"), { target: { value: "10, all" } });
  fireEvent.click(within(form).getByRole("checkbox", { name: /freeze-align/ }));
  fireEvent.click(within(form).getByRole("checkbox", { name: /Ridge/ }));
  fireEvent.click(within(form).getByRole("button", { name: "Draw the curve" }));
  const section = screen.getByRole("region", { name: "Learning curve" });
  await waitFor(async () => {
    const runs = await services.stores.runs.list(id);
    expect(runs.filter(({ status }) => status === "done")).toHaveLength(4);
  });
  expect(
    await within(section).findByRole("img", { name: /^Test recall@10: .*Chance is 7\.5 %/ }),
  ).toBeTruthy();
  const table = within(section).getByRole("region", { name: "Table of the learning curve" });
  expect(within(table).getByRole("row", { name: /CSA.*30\.0 to 30\.0, 2 seeds/ })).toBeTruthy();
});

it("compares concepts with a random pick of the same size, and shows what each concept keeps", async () => {
  const id = await open();
  const form = await screen.findByRole("form", { name: "New comparison" });
  fireEvent.change(within(form).getByLabelText("Pairs per concept"), { target: { value: "5" } });
  expect(await within(form).findByText(/^2 concepts take 10 of 36 unrelated pairs\./)).toBeTruthy();
  fireEvent.click(within(form).getByRole("button", { name: /^Compare with a random pick/ }));
  await waitFor(async () => {
    const runs = await services.stores.runs.list(id);
    expect(runs.map(({ recipe }) => recipe.align.trainOn)).toContainEqual(10);
    expect(runs.map(({ recipe }) => recipe.align.trainOn)).toContainEqual({
      concepts: "category",
      perConcept: 5,
    });
  });
  expect(await screen.findByRole("region", { name: "Concepts or random" })).toBeTruthy();
});

it("shows the concepts of a stored run before and after", async () => {
  const coverage = {
    pairs: 12,
    of: 36,
    concepts: [
      { name: "animals", before: 4, after: 4 },
      { name: "objects", before: 30, after: 5 },
    ],
  };
  await open({ runs: [{ coverage, status: "done" }] });
  const table = await screen.findByRole("region", { name: "Pairs per concept" });
  expect(within(table).getByText(/12 of 36 training pairs kept/)).toBeTruthy();
  expect(within(table).getByRole("row", { name: "objects 30 5" })).toBeTruthy();
});

it("opens the group in which something is wrong and names the field", async () => {
  await open();
  type("Learning rate", "fast");
  const field = screen.getByLabelText("Learning rate");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(field.closest("details")?.open).toBe(true);
  expect(screen.getAllByText(/^Learning rate: expected a number/).length).toBeGreaterThan(0);
  fireEvent.click(screen.getByRole("button", { name: "Reset to defaults" }));
  expect(screen.getByLabelText("Learning rate")).toHaveProperty("value", "0.001");
});
