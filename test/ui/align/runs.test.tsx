// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { AppError } from "../../../src/core/errors";
import type { Run } from "../../../src/core/domain/run";
import { compareRuns } from "../../../src/core/metrics/compareRuns";
import { RunsTable } from "../../../src/ui/features/align/RunsTable";
import { RunView } from "../../../src/ui/features/align/RunView";
import { useRuns } from "../../../src/ui/features/align/useRuns";
import { useProject } from "../../../src/ui/components/projectContext";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { baseline, estimate, point, retrieval, sampleReport } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  services.close();
});

const duplicated = vi.fn();

/** The part of the Align screen that shows runs. */
function RunsScreen() {
  const { project } = useProject();
  const runs = useRuns(project);
  if (!runs.runs) return null;
  return (
    <>
      {runs.selected && (
        <RunView key={runs.selected.id} run={runs.selected} runs={runs} onDuplicate={duplicated} />
      )}
      <RunsTable runs={runs} list={runs.runs} onDuplicate={duplicated} />
    </>
  );
}

async function open(changes: readonly Partial<Run>[]) {
  duplicated.mockClear();
  services = await testServices({
    search: {
      compareRuns: async ({ before, after }) =>
        compareRuns(await services.stores.runs.get(before), await services.stores.runs.get(after)),
    },
  });
  const { id } = await projectWithPairs(services, 20);
  for (const [i, change] of changes.entries()) {
    const run = sampleRun(`r${i}`, id, {
      name: `run ${i}`,
      createdAt: i,
      status: "done",
      ...change,
    });
    await services.stores.runs.put(run);
  }
  renderPanel(<RunsScreen />, { services, projectId: id });
  await screen.findByRole("region", { name: "Table of runs" });
  return id;
}

const table = () => screen.getByRole("region", { name: "Table of runs" });
const names = () =>
  within(table())
    .getAllByRole("checkbox")
    .map((box) => box.getAttribute("aria-label")?.replace("Compare ", ""));
const recipeWith = (align: Partial<Run["recipe"]["align"]>) => {
  const { recipe } = sampleRun();
  return { ...recipe, align: { ...recipe.align, ...align } };
};
const tested = (recall: number, miss: number): Partial<Run> => ({
  test: retrieval(recall),
  report: sampleReport(Array.from({ length: 60 }, (_, i) => (i % miss ? 0 : 30))),
});

it("lists the newest first, sorts by any column both ways and says so", async () => {
  await open([{ test: retrieval(0.5) }, { test: retrieval(0.9) }, {}, { test: retrieval(0.7) }]);
  expect(names()).toEqual(["run 3", "run 2", "run 1", "run 0"]);
  const header = within(table()).getByRole("button", { name: "Image → text @10" });
  fireEvent.click(header);
  expect(names()).toEqual(["run 1", "run 3", "run 0", "run 2"]);
  expect(header.closest("th")?.getAttribute("aria-sort")).toBe("descending");
  fireEvent.click(header);
  expect(names()).toEqual(["run 0", "run 3", "run 1", "run 2"]);
  expect(header.closest("th")?.getAttribute("aria-sort")).toBe("ascending");
});

it("filters by words and shows the baselines of the selected run beneath", async () => {
  await open([{ notes: "with more dropout" }, { baselines: [baseline("csa", 0.5)] }]);
  expect(within(table()).getByText("Baselines of “run 1”: its pairs, its test")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("Words in runs"), { target: { value: "dropout" } });
  expect(names()).toEqual(["run 0"]);
  fireEvent.change(screen.getByLabelText("Words in runs"), {
    target: { value: "nothing like it" },
  });
  fireEvent.click(screen.getByRole("button", { name: "Show all 2 runs" }));
  expect(names()).toHaveLength(2);
});

it("keeps the chosen columns", async () => {
  await open([{ test: retrieval(0.5) }]);
  expect(within(table()).queryByRole("button", { name: "Created" })).toBeNull();
  fireEvent.click(screen.getByRole("checkbox", { name: "Created" }));
  expect(within(table()).getByRole("button", { name: "Created" })).toBeTruthy();
  await waitFor(async () =>
    expect(await services.stores.settings.get("runs-columns")).toContain("created"),
  );
});

it("overlays ticked runs and tells which difference can be shown", async () => {
  const history = [point(1, retrieval(0.1)), point(2, retrieval(0.3))];
  await open([
    { ...tested(0.4, 2), history, recipe: recipeWith({ learningRate: 0.001 }) },
    { ...tested(0.8, 10), history, recipe: recipeWith({ learningRate: 0.003 }) },
  ]);
  fireEvent.click(screen.getByLabelText("Compare run 0"));
  fireEvent.click(screen.getByLabelText("Compare run 1"));
  expect(await screen.findByRole("img", { name: /At the end: run 1 .*, run 0 / })).toBeTruthy();
  const settings = screen.getByRole("region", { name: "Differences of the recipes" });
  expect(
    within(settings).getByRole("row", { name: "align.learningRate 0.001 0.003" }),
  ).toBeTruthy();
  expect(
    await screen.findByText(/“run 1” is better than “run 0” in image → text recall@1/),
  ).toBeTruthy();
  const results = screen.getByRole("region", { name: "Test results side by side" });
  expect(within(results).getAllByText(/^\+40\.0 points/)).not.toHaveLength(0);
  fireEvent.click(screen.getByRole("button", { name: "Swap" }));
  expect(await screen.findByText(/“run 0” is worse than “run 1”/)).toBeTruthy();
});

it("compares nothing query by query when the queries differ", async () => {
  await open([
    tested(0.4, 2),
    { ...tested(0.8, 10), report: sampleReport([0, 1], { queries: "others" }) },
  ]);
  fireEvent.click(screen.getByLabelText("Compare run 0"));
  fireEvent.click(screen.getByLabelText("Compare run 1"));
  expect(await screen.findByText(/^Not the same test queries/)).toBeTruthy();
  expect(screen.getByText("The recipes are identical.", { exact: false })).toBeTruthy();
});

it("keeps notes as they are typed, and says when it could not", async () => {
  await open([{}]);
  const field = screen.getByRole("textbox", { name: /^Notes/ });
  fireEvent.change(field, { target: { value: "promising" } });
  await waitFor(async () => expect((await services.stores.runs.get("r0")).notes).toBe("promising"));
  expect(await screen.findByText("· saved")).toBeTruthy();
  const annotate = vi.spyOn(services.stores.runs, "annotate");
  annotate.mockRejectedValueOnce(new AppError("storage/quota", "full"));
  fireEvent.change(field, { target: { value: "very promising" } });
  fireEvent.blur(field);
  expect((await screen.findByRole("alert")).textContent).toContain("full");
  expect(field).toHaveProperty("value", "very promising");
  fireEvent.click(screen.getByRole("button", { name: "Save the notes again" }));
  await waitFor(async () =>
    expect((await services.stores.runs.get("r0")).notes).toBe("very promising"),
  );
});

it("keeps notes that were just typed when another run is chosen", async () => {
  await open([{}, {}]);
  fireEvent.change(screen.getByRole("textbox", { name: /^Notes/ }), { target: { value: "typed" } });
  fireEvent.click(within(table()).getByRole("button", { name: "run 0" }));
  await waitFor(async () => expect((await services.stores.runs.get("r1")).notes).toBe("typed"));
  expect((await services.stores.runs.get("r0")).notes).toBe("");
});

it("duplicates, renames, and runs a diverged run again with the lower rate it names", async () => {
  const error = { code: "align/diverged", detail: "step 12: the loss is no longer a number" };
  await open([
    {
      status: "failed",
      error,
      best: { step: 10, score: 0.2 },
      history: [point(10), point(12)],
      recipe: recipeWith({ learningRate: 0.3 }),
    },
  ]);
  expect((await screen.findByRole("alert")).textContent).toContain("step 12");
  expect(screen.getByText(/the best checkpoint, step 10, is kept/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Duplicate and edit" }));
  expect(duplicated).toHaveBeenCalledWith(expect.objectContaining({ version: 1 }));
  fireEvent.click(screen.getByRole("button", { name: "Rename" }));
  const name = await screen.findByRole("textbox", { name: "Name" });
  fireEvent.change(name, { target: { value: "too fast" } });
  fireEvent.click(screen.getByRole("button", { name: "Rename run" }));
  expect(await screen.findByRole("heading", { name: "too fast" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Run again with a learning rate of 0.1" }));
  await waitFor(async () => {
    const runs = await services.stores.runs.list((await services.stores.runs.get("r0")).projectId);
    expect(runs.map(({ recipe }) => recipe.align.learningRate)).toContain(0.1);
  });
});

it("shows warnings, seeds, candidates, geometry and classes of a run", async () => {
  const seed = (n: number, recall: number) => ({
    seed: n,
    best: { step: 10, score: recall },
    validation: null,
    test: retrieval(recall),
    history: [],
    elapsedMs: 5,
  });
  const candidate = (method: "csa" | "freeze-align", score: number) => ({
    method,
    score,
    validation: retrieval(score),
    chosen: { rank: 256 },
    elapsedMs: 4,
  });
  await open([
    {
      ...tested(0.6, 3),
      recipe: recipeWith({ method: "auto", seeds: 2 }),
      method: "csa",
      warnings: [{ code: "straddling", detail: "2 captions, such as “a cat”." }],
      seedResults: [seed(0, 0.4), seed(1, 0.6)],
      candidates: [candidate("csa", 0.5), candidate("freeze-align", 0.4)],
      zeroShot: {
        label: "category",
        classes: 2,
        queries: 10,
        top1: estimate(0.6),
        top5: estimate(1),
        macro: 0.6,
        ceiling: 0.8,
        knnCeiling: 0.75,
        templates: ["a picture of {}"],
        perClass: [
          { name: "food", images: 6, recall: 0.9, precision: 0.7 },
          { name: "flags", images: 4, recall: 0.1, precision: null },
        ],
        confusion: Uint32Array.of(5, 1, 3, 1),
      },
    },
  ]);
  expect(screen.getByRole("list", { name: "Warnings" }).textContent).toContain("such as “a cat”");
  const seeds = screen.getByRole("region", { name: "Results of every seed" });
  expect(within(seeds).getByRole("row", { name: /^1 · kept/ })).toBeTruthy();
  expect(
    within(seeds).getByRole("row", { name: /^Mean ± SD.*50\.0 % ± 14\.1 SD of 2/ }),
  ).toBeTruthy();
  const candidates = screen.getByRole("region", { name: "Candidates" });
  expect(within(candidates).getByRole("row", { name: /^CSA .* · kept 50\.0 % / })).toBeTruthy();
  expect(screen.getByRole("row", { name: /^Modality gap 0\.40 / })).toBeTruthy();
  const classes = screen.getByRole("region", { name: "Classes" });
  const firstClass = () => within(classes).getAllByRole("rowheader")[0]?.textContent;
  expect(firstClass()).toBe("flags");
  fireEvent.click(within(classes).getByRole("button", { name: "Right" }));
  expect(firstClass()).toBe("food");
  expect(within(classes).getByText("never chosen")).toBeTruthy();
  fireEvent.click(screen.getByRole("radio", { name: "Share of the true class" }));
  const confusion = screen.getByRole("region", { name: "Confusion table" });
  expect(within(confusion).getByRole("row", { name: "food 83 % 17 %" })).toBeTruthy();
  const share = screen.getByText("Top 1 of the higher ceiling").nextElementSibling;
  expect(share?.textContent).toBe("75 %");
});
