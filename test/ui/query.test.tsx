// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { act } from "react";
import { afterEach, expect, it } from "vitest";
import { Aligning } from "../../src/app/aligning";
import type { ProjectorPair } from "../../src/core/domain/projector";
import type { Run } from "../../src/core/domain/run";
import type { Split } from "../../src/core/domain/dataset";
import { topConfusions } from "../../src/ui/components/confusions";
import { confusionMatrix } from "../../src/ui/features/query/confusion";
import { LatestOnly } from "../../src/ui/components/search/latestOnly";
import { loadPairIndex } from "../../src/ui/features/query/pairIndex";
import { QueryPanel } from "../../src/ui/features/query/QueryPanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { estimate, point, retrieval } from "../support/retrieval";
import { sampleProjectors, sampleRun } from "../support/samples";
import { testServices, type TestServices } from "../support/services";

const TOTAL = 20;

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const isWarmUp = (input: unknown) => (input as { text?: string }).text === "warm up";

/** A space at `step` that ranks item 3 before item 10, and remembers what it was asked. */
function fakeSpace() {
  const state = {
    ...{ step: 100, asked: [] as unknown[], prompts: [] as unknown[], trained: 0 },
    /** While set, encoding waits for it. */
    gate: undefined as Promise<void> | undefined,
  };
  const hit = (item: number, rank: number, split: Split) => ({
    item,
    rank,
    split,
    score: 1 / rank,
    cosine: 1 / rank,
  });
  return {
    state,
    workers: {
      encode: {
        encodeQuery: async ({ inputs }: { inputs: readonly unknown[] }) => {
          // Loading the encoder ahead of the first query is not a question.
          state.prompts.push(...inputs.filter((input) => !isWarmUp(input)));
          await state.gate;
          const vectors = new Float32Array(inputs.length * 2);
          return { vectors, rows: inputs.length, cols: 2, elapsedMs: 14 };
        },
      },
      align: {
        latest: async ({ runId }: { runId: string }) => sampleProjectors(runId, ++state.trained),
      },
      search: {
        open: async ({ runId, projectors }: { runId: string; projectors?: ProjectorPair }) => ({
          runId,
          step: projectors ? (state.step = projectors.step) : state.step,
          dimension: 2,
          gallery: { image: TOTAL, text: TOTAL },
        }),
        search: async ({ terms: [term], target, filter: { splits } }: SearchParams) => {
          const query = term && "item" in term ? term.item : "vector";
          state.asked.push({ query, target, splits });
          const hits = [hit(3, 1, "train"), hit(10, 2, "test")];
          return { hits, gallery: TOTAL, step: state.step, elapsedMs: 4 };
        },
        classify: async ({ labels }: { labels: readonly string[] }) => ({
          step: state.step,
          items: [
            { item: 0, split: "test" as const, label: 0, probability: 0.9, next: [], truth: 0 },
            { item: 10, split: "test" as const, label: 0, probability: 0.6, next: [], truth: 1 },
          ],
          counts: labels.map((_, i) => (i === 0 ? 2 : 0)),
          score: {
            label: "category",
            classes: labels.length,
            queries: 2,
            top1: estimate(0.5),
            top5: estimate(1),
            macro: 0.5,
            ceiling: 0.8,
            knnCeiling: 0.7,
            templates: ["{}"],
            perClass: [],
            confusion: null,
          },
          chance: estimate(0.5),
        }),
      },
    },
  };
}

interface SearchParams {
  readonly terms: readonly ({ readonly item: number } | { readonly vector: unknown })[];
  readonly target: string;
  readonly filter: { readonly splits: readonly string[] };
}

async function open(runs: readonly Partial<Run>[] = [{ status: "done", test: retrieval(0.6) }]) {
  const space = fakeSpace();
  services = await testServices(space.workers);
  const { id } = await projectWithPairs(services, TOTAL);
  for (const [i, change] of runs.entries()) {
    await services.stores.runs.put(sampleRun(`r${i}`, id, { createdAt: i, ...change }));
  }
  const view = renderPanel(<QueryPanel />, { services, projectId: id });
  return { ...view, id, ...space.state, state: space.state };
}

const type = async (text: string) =>
  fireEvent.change(await screen.findByLabelText("Search by words"), { target: { value: text } });

it("finds images for words, with rank, score, caption, split and time", async () => {
  await open();
  await type("a red circle");
  const list = within(await screen.findByRole("list", { name: "Images found" }));
  await list.findAllByText("caption 10");
  const [first, second] = list.getAllByRole("listitem");
  expect(first?.textContent).toMatch(/1.*1\.000.*train.*caption 3/);
  expect(second?.textContent).toMatch(/2.*0\.500.*test.*caption 10/);
  expect(screen.getByText("encoded in 14 ms · ranked 20 in 4 ms · step 100")).toBeTruthy();
});

it("asks once for what was typed last, not for every letter", async () => {
  const { state } = await open();
  for (const text of ["a", "a r", "a red"]) await type(text);
  await screen.findByRole("list", { name: "Images found" });
  expect(state.prompts).toEqual([{ text: "a red" }]);
});

it("turns from an image found to its captions and back", async () => {
  const { state } = await open();
  await type("red");
  fireEvent.click(await screen.findByLabelText("What goes with it: caption 3"));
  await screen.findByRole("list", { name: "Captions found" });
  fireEvent.click(await screen.findByLabelText("What goes with it: caption 10"));
  await screen.findByRole("list", { name: "Images found" });
  expect(state.asked.slice(1)).toMatchObject([
    { query: 3, target: "text" },
    { query: 10, target: "image" },
  ]);
});

it("searches with a picture from a file", async () => {
  const { state } = await open();
  const file = new File(["x"], "cat.png", { type: "image/png" });
  URL.createObjectURL ??= () => "blob:x";
  URL.revokeObjectURL ??= () => {};
  fireEvent.change(await screen.findByLabelText("Picture to search with"), {
    target: { files: [file] },
  });
  await screen.findByRole("list", { name: "Captions found" });
  expect(screen.getByText("cat.png")).toBeTruthy();
  expect(state.asked).toMatchObject([{ query: "vector", target: "text" }]);
});

it("restricts the gallery to what was held out", async () => {
  const { state } = await open();
  fireEvent.click(await screen.findByText("From the held-out set"));
  await type("red");
  await screen.findByRole("list", { name: "Images found" });
  expect(state.asked).toMatchObject([{ splits: ["validation", "test"] }]);
});

it("answers again at a newer checkpoint and leaves the focus where it is", async () => {
  const { state } = await open();
  await type("red");
  await screen.findByText(/step 100/);
  const box = screen.getByLabelText("Search by words");
  box.focus();
  state.step = 120;
  act(() =>
    services.live.add("r0", {
      stage: "train",
      done: 120,
      total: 300,
      unit: "steps",
      points: [point(120)],
      checkpointStep: 120,
    }),
  );
  expect(await screen.findByText(/ranked 20 in 4 ms · step 120/)).toBeTruthy();
  expect(screen.getByText(/training · step/).textContent).toContain("120");
  expect(document.activeElement).toBe(box);
});

it("follows a training step by step, from its first step, without taking the focus", async () => {
  const { state } = await open([{ status: "running", test: null, history: [] }]);
  await screen.findByText("The run has no checkpoint yet");
  const abort = new AbortController();
  void services.jobs.start(
    Aligning.job("r0"),
    () => new Promise<void>((resolve) => abort.signal.addEventListener("abort", () => resolve())),
  );
  const progress = { stage: "train", done: 1, total: 300, unit: "steps" } as const;
  act(() => services.live.add("r0", { ...progress, points: [point(1)] }));
  await type("red");
  const box = screen.getByLabelText("Search by words");
  box.focus();
  await screen.findByText(/ranked 20 in 4 ms · step/);
  const asked = state.asked.length;
  await waitFor(() => expect(state.asked.length).toBeGreaterThan(asked + 1));
  expect(state.prompts).toEqual([{ text: "red" }]);
  expect(document.activeElement).toBe(box);
  const { trained } = state;
  await act(async () => {
    abort.abort();
    services.live.clear("r0");
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(state.trained - trained).toBeLessThanOrEqual(1); // nobody asks for more
});

it("keeps what was typed when a new run becomes searchable, and asks it the same", async () => {
  const { id, state } = await open();
  await type("red");
  await screen.findByText(/step 100/);
  await services.stores.runs.put(
    sampleRun("r9", id, { name: "newer", createdAt: 9, status: "running", history: [point(7)] }),
  );
  state.step = 7;
  act(() => services.changes.publish(`runs/${id}`));
  expect(await screen.findByText(/ranked 20 in 4 ms · step 7/)).toBeTruthy();
  expect(screen.getByDisplayValue("red")).toBeTruthy();
  expect(screen.getByRole("combobox", { name: "Run" })).toHaveProperty("value", "r9");
});

it("offers held-out captions to try", async () => {
  await open();
  fireEvent.click(await screen.findByText("caption 10"));
  expect(await screen.findByDisplayValue("caption 10")).toBeTruthy();
});

it("says what is missing and where to get it", async () => {
  await open([]);
  expect(await screen.findByText("No run yet")).toBeTruthy();
  expect(screen.getByText("Align the pairs").getAttribute("href")).toMatch(/\/align$/);
});

it("classifies with the words of a label column and shows what is confused", async () => {
  const { state } = await open();
  fireEvent.click(await screen.findByRole("tab", { name: "Zero-shot classifier" }));
  await screen.findByText("2 labels × 1 template");
  fireEvent.click(screen.getByText("Classify"));
  expect(await screen.findByText("Confusion matrix")).toBeTruthy();
  expect(state.prompts).toEqual([
    { text: "a picture of animals" },
    { text: "a picture of objects" },
  ]);
  expect(
    screen.getByText("50.0 %", { selector: "dd > span:first-child", exact: false }).textContent,
  ).toMatch(/50\.0 % ± 5\.0 · chance 50\.0 %/);
  expect(screen.getByText("✗ objects")).toBeTruthy();
  fireEvent.change(screen.getByLabelText(/^Templates/), { target: { value: "no place" } });
  await waitFor(() => expect(screen.getByText("Classify")).toHaveProperty("disabled", true));
});

it("counts confusions by truth and prediction, leaving unknown truth out", () => {
  const items = [
    { truth: 0, label: 1 },
    { truth: 0, label: 1 },
    { truth: 1, label: 1 },
    { truth: -1, label: 0 },
    { truth: 2, label: 0 },
  ];
  const matrix = confusionMatrix(items, 3);
  expect(matrix).toEqual([
    [0, 2, 0],
    [0, 1, 0],
    [1, 0, 0],
  ]);
  expect(topConfusions(matrix, 1)).toEqual([{ truth: 0, predicted: 1, count: 2 }]);
});

it("drops the questions between the first and the last", async () => {
  const latest = new LatestOnly();
  const done: number[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  latest.run(async () => {
    await gate;
    done.push(1);
  });
  for (const n of [2, 3]) latest.run(async () => void done.push(n));
  open();
  await waitFor(() => expect(done).toEqual([1, 3]));
  latest.run(async () => void done.push(4));
  await waitFor(() => expect(done).toEqual([1, 3, 4]));
});

it("knows the captions of an image and held-out examples", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, TOTAL);
  const index = await loadPairIndex(services.stores.datasets, id);
  expect(index.captionsOf(7)).toEqual([7]);
  expect(index.captionsOf(99)).toEqual([]);
  expect(index.heldOutCaptions(5)).toEqual([0, 10]);
});

it("expands a preset of templates, and stops classifying when asked to", async () => {
  const { state } = await open();
  fireEvent.click(await screen.findByRole("tab", { name: "Zero-shot classifier" }));
  await screen.findByText("2 labels × 1 template");
  fireEvent.change(screen.getByLabelText(/^Templates/), { target: { value: "clip-80" } });
  await screen.findByText("2 labels × 80 templates");
  let release = () => {};
  state.gate = new Promise((resolve) => (release = resolve));
  fireEvent.click(screen.getByText("Classify"));
  expect(await screen.findByText("Encoding and comparing: 0 of 160 prompts…")).toBeTruthy();
  await waitFor(() => expect(state.prompts).toHaveLength(64)); // the first batch is on its way
  fireEvent.click(screen.getByText("Cancel"));
  release();
  await screen.findByText("2 labels × 80 templates");
  expect(state.prompts).toHaveLength(64);
  expect(screen.queryByText("Confusion matrix")).toBeNull();
  expect(screen.queryByRole("alert")).toBeNull();
});
