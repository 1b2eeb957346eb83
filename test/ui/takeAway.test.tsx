// @vitest-environment jsdom
import { cleanup, configure, screen } from "@testing-library/react";
import Papa from "papaparse";
import { afterEach, expect, it, vi } from "vitest";
import { portableRecipe } from "../../src/core/domain/portableRecipe";
import { parseRecipe } from "../../src/core/domain/recipe";
import { resultFiles } from "../../src/core/formats/resultFiles";
import { TakeAwayPanel } from "../../src/ui/features/takeAway/TakeAwayPanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { baseline, point, retrieval } from "../support/retrieval";
import { sampleRun } from "../support/samples";
import { testServices, type TestServices } from "../support/services";

configure({ defaultHidden: true }); // nothing here is hidden by style, and looking is slow
vi.setConfig({ testTimeout: 20_000 }); // a busy machine is no reason to fail

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

async function finishedRun() {
  services = await testServices();
  const project = await projectWithPairs(services, 4);
  const run = sampleRun("r1", project.id, {
    status: "done",
    dataDigest: "d1",
    history: [point(1), point(2, retrieval(0.5))],
    test: retrieval(0.6),
    baselines: [baseline("chance", 0.1)],
  });
  await services.stores.runs.put(run);
  return { project, run };
}

it("writes a recipe others can open, results and a curve that other tools can read", async () => {
  const { project, run } = await finishedRun();
  const files = new Map(resultFiles(run, project).map(({ name, text }) => [name, text]));
  const recipe = parseRecipe(files.get("recipe.json")!);
  expect(recipe.data).toEqual({ path: "museum.zip" });
  const results = JSON.parse(files.get("results.json")!);
  expect(results.test.imageToText.recall["10"].value).toBe(0.6);
  expect(results.data.skipped).toEqual([{ where: "metadata.csv:17", reason: "caption is empty" }]);
  const rows = Papa.parse<Record<string, string>>(files.get("results.csv")!.trim(), {
    header: true,
  }).data;
  expect(rows).toHaveLength(12);
  expect(rows.find(({ method, k }) => method === "baseline:chance" && k === "10")?.["recall"]).toBe(
    "0.1",
  );
  const curve = Papa.parse<string[]>(files.get("history.csv")!.trim()).data;
  expect(curve.map((row) => row.length)).toEqual([11, 11, 11]);
});

it("names the sample when the data came with the page", async () => {
  const { project, run } = await finishedRun();
  const sampled = { ...project, data: { ...project.data!, source: "emoji.zip" } };
  expect(portableRecipe(run.recipe, sampled).data).toEqual({ sample: "emoji" });
});

it("lists each file with its size and first lines", async () => {
  const { project } = await finishedRun();
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText(/^method,direction,k,recall/)).toBeTruthy();
  for (const name of ["recipe.json", "results.json", "results.csv", "history.csv"]) {
    expect(screen.getByRole("button", { name: `Download ${name}` })).toBeTruthy();
  }
});

it("lists no results before there are any", async () => {
  services = await testServices();
  const project = await projectWithPairs(services, 4);
  expect(resultFiles(sampleRun("r1", project.id), project).map(({ name }) => name)).toEqual([
    "recipe.json",
  ]);
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText("Nothing to take away yet")).toBeTruthy();
});
