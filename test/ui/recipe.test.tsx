// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { File as NodeFile } from "node:buffer"; // jsdom's cannot be sent to a worker
import { afterEach, expect, it } from "vitest";
import { encoderById } from "../../src/core/catalogue/encoders";
import type { Project } from "../../src/core/domain/project";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { AppError } from "../../src/core/errors";
import { encodeRecipeLink } from "../../src/core/formats/recipeLink";
import { recipeProgress } from "../../src/ui/features/recipe/recipeProgress";
import { RecipePanel } from "../../src/ui/features/recipe/RecipePanel";
import type { RecipeEventDetail } from "../../src/ui/features/recipe/commandLine";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { baseline, estimate, retrieval } from "../support/retrieval";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const BASE = { version: 1, name: "museum, CSA", align: { method: "csa" } };
const events: RecipeEventDetail[] = [];
const listen = (event: Event) => events.push((event as CustomEvent<RecipeEventDetail>).detail);

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
  window.removeEventListener("playground:recipe", listen);
  events.length = 0;
});

async function open(recipe: object, fakes: FakeWorkers = {}) {
  services = await testServices(fakes);
  window.addEventListener("playground:recipe", listen);
  // As a link would carry it, faults included.
  const valid = encodeRecipeLink(resolveRecipe({ version: 1, data: { sample: "emoji" } }));
  const json = Buffer.from(JSON.stringify(recipe)).toString("base64url");
  const path = `/${valid.slice(0, valid.indexOf("=") + 1)}${json}`;
  return renderPanel(<RecipePanel />, { services, path });
}

/** Workers that import, encode, align and search a few items at once. */
function fakes(): FakeWorkers {
  return {
    importer: {
      inspect: async () => ({
        format: "imagefolder",
        candidates: [],
        media: "image",
        summary: "",
        files: 1,
        rows: 20,
        columns: [],
        warnings: [],
      }),
      importPairs: async ({ projectId }) => {
        const made = await projectWithPairs(services, 20);
        const content = {
          audio: [],
          sensor: [],
          image: await services.stores.datasets.items(made.id, "image"),
          text: await services.stores.datasets.items(made.id, "text"),
          pairs: await services.stores.datasets.pairs(made.id),
        };
        const project: Project = {
          ...(await services.stores.projects.get(projectId)),
          data: made.data,
        };
        await services.stores.datasets.replaceData(project, content);
        return project.data!.report;
      },
    },
    encode: {
      encodeItems: async (_, { report }) => {
        report({ stage: "encode", done: 20, total: 20, unit: "items" });
        return {
          encoderKey: "k",
          items: 20,
          encoded: 20,
          device: "wasm",
          threads: 1,
          adapter: null,
          elapsedMs: 5,
          parityCosine: 1,
          failed: [],
        };
      },
      encodeQuery: async () => ({ vectors: new Float32Array(2), rows: 1, cols: 2, elapsedMs: 1 }),
    },
    align: {
      align: async ({ runId }) => {
        const run = {
          ...(await services.stores.runs.get(runId)),
          status: "done" as const,
          test: retrieval(0.6),
          baselines: [baseline("chance", 0.1)],
        };
        await services.stores.runs.put(run);
        return run;
      },
    },
    search: { search: async () => ({ hits: [], gallery: 20, step: 0, elapsedMs: 1 }) },
  };
}

it("shows what a recipe does and starts nothing", async () => {
  await open({ ...BASE, data: { sample: "emoji" } });
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("museum, CSA");
  expect(screen.getByText(/3,246 emoji pictures/)).toBeTruthy();
  expect(screen.getByText(/EfficientNet-Lite0/).textContent).toContain("6.7 MB");
  expect(screen.getByText(/Nothing has been read, downloaded or started/)).toBeTruthy();
  expect(await services.stores.projects.list()).toEqual([]);
  expect(services.jobs.all().size).toBe(0);
});

it.each([
  ["an unknown key", { ...BASE, data: { sample: "emoji" }, colour: 1 }, 'unknown key "colour"'],
  ["a wrong value in a list", { ...BASE, data: { sample: "emoji" }, align: { seed: [0, -1] } }, "in the run with seed -1"], // prettier-ignore
  ["an unknown sample", { ...BASE, data: { sample: "cats" } }, "cats"],
])("refuses %s by name and offers nothing to run", async (_, recipe, detail) => {
  await open(recipe);
  expect(screen.getByRole("alert").textContent).toContain(detail);
  expect(screen.queryByText("Run recipe")).toBeNull();
});

it("runs all four steps on chosen files and reports to the command line", async () => {
  await open({ ...BASE, data: { path: "museum.zip" } }, fakes());
  const button = screen.getByText("Run recipe");
  expect(button).toHaveProperty("disabled", true);
  expect(screen.getByTestId("recipe-folder").hasAttribute("webkitdirectory")).toBe(true);
  const file = new NodeFile(["zip"], "museum.zip");
  fireEvent.change(screen.getByTestId("recipe-files"), { target: { files: [file] } });
  fireEvent.click(button);
  await screen.findByText("Download results.json");
  expect(screen.getAllByText("60.0 %", { exact: false })[0]?.closest("tr")?.textContent).toMatch(
    /^CSA/,
  );
  const steps = events.flatMap((event) => (event.type === "progress" ? event.text : []));
  for (const name of ["Import pairs", "Encode both sides", "Align and evaluate", "Time queries"]) {
    expect(steps.some((text) => text.startsWith(name))).toBe(true);
  }
  const last = events.at(-1);
  const results = last?.type === "done" ? last.results : undefined;
  if (!results || "sweep" in results) throw new Error("a plain recipe gives plain results");
  expect(results.test.imageToText.recall["10"]).toEqual(estimate(0.6));
  const [project] = await services.stores.projects.list();
  const link = screen.getByText("Open the project").getAttribute("href");
  expect(link).toMatch(/^\/p\/.*\/query$/);
  expect(project).toBeDefined();
});

const SWEEP = {
  version: 1,
  name: "grid",
  align: { learningRate: [0.001, 0.01], seed: [0, 1], trainOn: 300, positives: "masked" },
  evaluate: { csls: true },
};

it("says how many runs a sweep is, of what, before anything runs", async () => {
  await open({ ...SWEEP, data: { sample: "emoji" } });
  const shown = screen.getByRole("heading", { level: 1 }).closest("div")?.textContent ?? "";
  expect(shown).toContain(
    "4 runs, one after the other: align.learningRate 0.001, 0.01 × align.seed 0, 1",
  );
  expect(shown).toContain("learning rate 0.001 / 0.01");
  expect(shown).toContain("300 unrelated training pairs");
  expect(shown).toContain("drawn freely, never each other's negatives");
  expect(shown).toContain("corrected for hubs (CSLS)");
  expect(await services.stores.projects.list()).toEqual([]);
});

it("runs a sweep on one import and shows a row per run, and why one failed", async () => {
  const all = fakes();
  const asked: unknown[] = [];
  await open(
    { ...SWEEP, data: { sample: "emoji" } },
    {
      ...all,
      align: {
        align: async (params, context) => {
          const { recipe } = await services.stores.runs.get(params.runId);
          asked.push([recipe.align.learningRate, recipe.align.seed]);
          if (asked.length === 4) throw new AppError("align/diverged", "step 7");
          return all.align!.align!(params, context);
        },
      },
    },
  );
  fireEvent.click(screen.getByText("Run recipe"));
  await screen.findByText("Download results.json");
  expect(asked).toEqual([
    [0.001, 0],
    [0.001, 1],
    [0.01, 0],
    [0.01, 1],
  ]);
  const table = screen.getByRole("table");
  expect(table.querySelectorAll("tbody tr")).toHaveLength(3);
  expect(screen.getByText("1 run failed")).toBeTruthy();
  expect(screen.getByText("0.01, 1").closest("li")?.textContent).toContain("step 7");
  const last = events.at(-1);
  const results = last?.type === "done" ? last.results : undefined;
  if (!results || !("sweep" in results)) throw new Error("a sweep gives sweep results");
  expect(results.sweep.runs.map(({ at }) => at["align.seed"])).toEqual([0, 1, 0]);
  expect(results.sweep.runs[0]?.recipe.align.learningRate).toBe(0.001);
  expect(results.sweep.failed).toMatchObject([{ code: "align/diverged" }]);
  expect(results.sweep.data.pairs).toBe(20);
  expect(await services.stores.projects.list()).toHaveLength(1 + 1); // the fake import makes one
});

it("encodes every encoder a sweep names, each once, before the runs", async () => {
  const all = fakes();
  const encoded: string[] = [];
  await open(
    {
      ...{ version: 1, data: { sample: "emoji" } },
      encoders: { image: { layer: [null, "stage4"] } },
    },
    {
      ...all,
      encode: {
        ...all.encode,
        encodeItems: (params, context) => {
          if (params.modality === "image") encoded.push(String(params.choice.layer));
          return all.encode!.encodeItems!(params, context);
        },
      },
    },
  );
  fireEvent.click(screen.getByText("Run recipe"));
  await screen.findByText("Download results.json");
  expect(encoded).toEqual(["null", "stage4"]);
  const [project] = await services.stores.projects.list();
  const runs = (await services.stores.runs.list(project!.id)).map(
    ({ recipe }) => recipe.encoders.image.layer,
  );
  expect(new Set(runs)).toEqual(new Set([null, "stage4"]));
});

it("fails with the text the visitor sees", async () => {
  const broken = {
    ...fakes(),
    importer: { inspect: () => Promise.reject(new AppError("import/archive", "museum.zip")) },
  };
  await open({ ...BASE, data: { path: "museum.zip" } }, broken);
  fireEvent.change(screen.getByTestId("recipe-files"), {
    target: { files: [new NodeFile(["?"], "museum.zip")] },
  });
  fireEvent.click(screen.getByText("Run recipe"));
  expect((await screen.findByRole("alert")).textContent).toContain("The archive cannot be read.");
  await waitFor(() => expect(events.at(-1)?.type).toBe("failed"));
  const { message } = events.at(-1) as { message: string };
  expect(message).toBe(new AppError("import/archive", "museum.zip").fullText);
});

it("counts steps alike and averages the jobs of one", () => {
  const running = { status: "running", startedAt: 0 } as const;
  const half = {
    ...running,
    progress: { stage: "encode", done: 5, total: 10, unit: "items" },
  } as const;
  expect(recipeProgress("encode", [half, { status: "done", result: null }])).toEqual({
    text: "Encode both sides: encoding 5 of 10 items",
    fraction: (1 + 0.75) / 4,
  });
  expect(recipeProgress("query", [])).toEqual({ text: "Time queries", fraction: 0.75 });
  const third = { stage: "sweep", done: 2, total: 4, unit: "runs" } as const;
  expect(
    recipeProgress("align", [{ ...running, progress: { ...third, remainingMs: 240_000 } }]),
  ).toEqual({ text: "Align and evaluate: run 3 of 4, about 4 min left", fraction: 2.5 / 4 });
  expect(recipeProgress("align", [{ ...running, progress: { ...third, done: 4 } }]).text).toBe(
    "Align and evaluate: run 4 of 4",
  );
});

const WITH_DINO = {
  ...BASE,
  data: { sample: "emoji" },
  encoders: { image: { id: "dinov2-small", pooling: "cls" } },
};

it("asks before it downloads an encoder, and runs when that is done", async () => {
  const order: string[] = [];
  const all = fakes();
  await open(WITH_DINO, {
    ...all,
    encode: {
      ...all.encode,
      encodeItems: (params, context) => {
        order.push(`encode ${params.modality}`);
        return all.encode!.encodeItems!(params, context);
      },
    },
    download: {
      download: async ({ encoderId }) => {
        order.push(`download ${encoderId}`);
        const spec = encoderById(encoderId);
        await services.stores.encoders.put(spec);
        return spec;
      },
    },
  });
  expect(
    screen.getByText(/to be downloaded from Xenova\/dinov2-small, after you agree/),
  ).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Run recipe" }));
  expect(order).toEqual([]);
  fireEvent.click(await screen.findByRole("button", { name: "Download 88 MB and run" }));
  await waitFor(() => expect(events.at(-1)?.type).toBe("done"));
  expect(order[0]).toBe("download dinov2-small");
  expect(order).toContain("encode image");
});

it("does nothing at all when the visitor does not agree", async () => {
  await open(WITH_DINO, fakes());
  fireEvent.click(screen.getByRole("button", { name: "Run recipe" }));
  fireEvent.click(await screen.findByRole("button", { name: "Not now" }));
  expect(await services.stores.projects.list()).toEqual([]);
  await expect(
    services.recipes.run(resolveRecipe(WITH_DINO), [], { onStep() {}, onRun() {} }),
  ).rejects.toMatchObject({ code: "encoder/not-downloaded", detail: "DINOv2-small" });
  expect(await services.stores.projects.list()).toEqual([]);
});

it("names the poolings and layers an encoder offers when the recipe asks for another", async () => {
  await open({ ...WITH_DINO, encoders: { image: { id: "clip-vit-b32-vision" } } });
  expect((await screen.findByRole("alert")).textContent).toContain(
    "encoders.image.pooling: clip-vit-b32-vision offers cls",
  );
  cleanup();
  await open({ ...WITH_DINO, encoders: { image: { id: "efficientnet-lite0", layer: "stage9" } } });
  expect((await screen.findByRole("alert")).textContent).toContain("offers stage3, stage4");
});
