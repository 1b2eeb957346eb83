// @vitest-environment jsdom
import { Blob as NodeBlob } from "node:buffer";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import Papa from "papaparse";
import { afterEach, expect, it, vi } from "vitest";
import { portableRecipe } from "../../src/core/domain/portableRecipe";
import { parseRecipe } from "../../src/core/domain/recipe";
import type { TakeAwayListing } from "../../src/core/domain/takeAway";
import { AppError } from "../../src/core/errors";
import { resultFiles } from "../../src/core/formats/resultFiles";
import { TakeAwayPanel } from "../../src/ui/features/takeAway/TakeAwayPanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { baseline, point, retrieval } from "../support/retrieval";
import { sampleRun } from "../support/samples";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  services?.close();
});

async function finishedRun(exporter: FakeWorkers["exporter"] = {}) {
  services = await testServices({ exporter });
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

const listing: TakeAwayListing = {
  model: {
    name: "My-museum-aligned.zip",
    files: [
      { path: "README.md", sizeBytes: 4_000 },
      { path: "projector_a.safetensors", sizeBytes: 2_600_000 },
    ],
    parity: { largest: 2.4e-7, vectors: 16 },
    step: 200,
  },
  why: null,
  embeddings: {
    image: { rows: 4, width: 1_280, sharedWidth: 512, preview: "float32 [4, 1280]\n[[0.1, …" },
    text: { rows: 4, width: 384, sharedWidth: 512, preview: "float32 [4, 384]\n[[0.2, …" },
  },
  pairs: { rows: 4, preview: "file_name,text\r\n0.png,a cat\r\n" },
};

const file = async (name: string) => ({ name, blob: new NodeBlob(["x"]) as Blob });

it("lists each file with its size and first lines", async () => {
  const { project } = await finishedRun({ list: async () => listing });
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText(/^method,direction,k,recall/)).toBeTruthy();
  expect(await screen.findByText(/^float32 \[4, 1280\]/)).toBeTruthy();
  const own = ["My-museum-aligned.zip", "image embeddings", "text embeddings", "pairs.csv"];
  const results = ["recipe.json", "results.json", "results.csv", "history.csv"];
  for (const name of [...own, ...results]) {
    expect(screen.getByRole("button", { name: `Download ${name}` })).toBeTruthy();
  }
  expect(screen.getByText("Parity: max |Δ| 2.4e-7")).toBeTruthy();
});

it("asks for what was chosen, and saves it under its name", async () => {
  const asked: unknown[] = [];
  const { project } = await finishedRun({
    list: async () => listing,
    exportEmbeddings: async ({ choice, runId }) => {
      asked.push([runId, choice]);
      return file("e.parquet");
    },
    exportModel: async ({ embeddings, isRaw }) => {
      asked.push([embeddings, isRaw]);
      return file("m.zip");
    },
  });
  const saved: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download);
  });
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  const spaces = await screen.findByLabelText("Space of the image embeddings");
  fireEvent.change(spaces, { target: { value: "shared" } });
  const formats = screen.getByLabelText("Format of the image embeddings");
  fireEvent.change(formats, { target: { value: "parquet" } });
  fireEvent.click(screen.getByRole("button", { name: "Download image embeddings" }));
  await waitFor(() => expect(saved).toEqual(["e.parquet"]));
  fireEvent.click(screen.getByRole("button", { name: "Download all as one zip" }));
  await waitFor(() => expect(saved).toEqual(["e.parquet", "m.zip"]));
  expect(asked).toEqual([
    ["r1", { side: "image", space: "shared", format: "parquet" }],
    ["f32", false],
  ]);
});

it("warns where the files do not give the browser's vectors", async () => {
  const model = { ...listing.model!, parity: { largest: 0.3, vectors: 16 } };
  const { project } = await finishedRun({ list: async () => ({ ...listing, model }) });
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText(/do not rely on these files/)).toBeTruthy();
});

it("says why a file could not be written", async () => {
  const { project } = await finishedRun({
    list: async () => listing,
    exportPairs: async () => Promise.reject(new AppError("storage/missing", "p1")),
  });
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  fireEvent.click(await screen.findByRole("button", { name: "Download pairs.csv" }));
  expect(await screen.findByText(/This project no longer exists/)).toBeTruthy();
});

it("lets data and embeddings leave before anything is aligned", async () => {
  const asked: unknown[] = [];
  services = await testServices({
    exporter: {
      list: async () => ({ ...listing, model: null, why: "nothing has been aligned yet" }),
      exportData: async (params) => {
        asked.push(params);
        return Promise.reject(new AppError("cancelled"));
      },
    },
  });
  const project = await projectWithPairs(services, 4);
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText(/nothing has been aligned yet/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Download recipe.json" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Download all as one zip" }));
  await waitFor(() =>
    expect(asked).toEqual([{ projectId: project.id, embeddings: "f32", isRaw: false }]),
  );
});

it("lists no results before there are any", async () => {
  services = await testServices();
  const project = await projectWithPairs(services, 4);
  expect(resultFiles(sampleRun("r1", project.id), project).map(({ name }) => name)).toEqual([
    "recipe.json",
  ]);
});

it("says what will be here while a project is empty", async () => {
  services = await testServices();
  const project = await services.projects.create("Empty");
  renderPanel(<TakeAwayPanel />, { services, projectId: project.id });
  expect(await screen.findByText("Nothing to take away yet")).toBeTruthy();
});
