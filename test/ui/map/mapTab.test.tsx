// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { EditRequest } from "../../../src/core/domain/edit";
import { AppError } from "../../../src/core/errors";
import { readItemFacts } from "../../../src/engine/map/itemFacts";
import { MapTab } from "../../../src/ui/features/query/map/MapTab";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";
import { testServices, type TestServices } from "../../support/services";

const SIZE = 6;

// jsdom lays nothing out, and a list without height shows no rows.
vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);

let services: TestServices;
afterEach(() => {
  cleanup();
  services?.close();
});

const items = () => ({
  image: Uint32Array.from({ length: SIZE }, (_, i) => i),
  text: Uint32Array.from({ length: SIZE }, (_, i) => i),
});
const places = (scale: number) =>
  Float32Array.from({ length: 4 * SIZE }, (_, i) => scale * Math.sin(i));

interface Faults {
  readonly places?: AppError;
  readonly scores?: AppError;
}

async function open({ canEdit = true, faults = {} as Faults } = {}) {
  const asked = { edits: [] as EditRequest[], centred: [] as boolean[], layouts: 0 };
  const state = { faults };
  services = await testServices({
    encode: {
      encodeQuery: async () => ({
        ...{ vectors: new Float32Array(2), rows: 1, cols: 2, elapsedMs: 1 },
      }),
    },
    search: {
      open: async ({ runId }) => ({
        ...{ runId, step: 3, dimension: 2, gallery: { image: SIZE, text: SIZE } },
      }),
      mapPlaces: async ({ isCentred }) => {
        if (state.faults.places) throw state.faults.places;
        asked.centred.push(isCentred);
        return { items: items(), places: places(1), explained: [0.4, 0.2], step: 3 };
      },
      mapVectors: async () => ({ items: items(), data: places(1), width: 2, step: 3 }),
      mapScores: async (_, { report }) => {
        report({ stage: "evaluate", done: 1, total: 1, unit: "items" });
        if (state.faults.scores) throw state.faults.scores;
        const ranks = Uint32Array.from({ length: 2 * SIZE }, (_, i) => i % 3);
        return { items: items(), ranks, cosines: places(1).slice(0, 2 * SIZE), step: 3 };
      },
    },
    explore: {
      itemFacts: ({ projectId }) => readItemFacts(services.stores.datasets, projectId),
      layOut: async (_, { report }) => {
        asked.layouts++;
        report({ stage: "lay-out", done: 1, total: 1, unit: "steps", places: places(2) });
        return { places: places(2), sampled: 2 * SIZE, elapsedMs: 1 };
      },
    },
    importer: {
      edit: async ({ request }) => {
        asked.edits.push(request);
        return { words: `${request.kind} done` };
      },
      undoEdit: async () => ({ words: "undone" }),
    },
  });
  const { id } = await projectWithPairs(services, SIZE);
  const run = sampleRun("r", id, { status: "done", test: retrieval(0.6) });
  await services.stores.runs.put(run);
  const view = renderPanel(<MapTab run={run} />, { services, projectId: id, canEdit });
  return { ...view, asked, state, id };
}

const side = async () => within(await screen.findByRole("region", { name: "Selection" }));
const group = (name: RegExp) => screen.findByRole("button", { name });

it("counts both sides and selects a colour's points by a click", async () => {
  await open();
  await screen.findByText(/6 images and 6 texts · 40.0 % of the variance across/);
  fireEvent.click(await group(/^texts/));
  expect((await side()).getByText("6 points · 6 pairs")).toBeTruthy();
  expect(await screen.findByText("caption 3")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: /Leave “caption 3”/ }));
  expect((await side()).getByText("5 points · 5 pairs")).toBeTruthy();
});

it("walks from point to point by the keyboard and names each aloud", async () => {
  await open();
  const map = await screen.findByRole("application");
  fireEvent.keyDown(map, { key: "ArrowRight" });
  expect(await screen.findByText(/^(image|text): caption \d$/)).toBeTruthy();
  fireEvent.keyDown(map, { key: "Enter" });
  expect((await side()).getByText("1 point · 1 pair")).toBeTruthy();
  fireEvent.keyDown(map, { key: "Escape" });
  expect((await side()).getByText("Nothing selected")).toBeTruthy();
});

it("tags, excludes with undo, and leads to training without the excluded", async () => {
  const { asked, path, id } = await open();
  fireEvent.click(await group(/^images/));
  fireEvent.change(await screen.findByPlaceholderText("Tag"), { target: { value: " odd " } });
  fireEvent.click(screen.getByRole("button", { name: "Tag" }));
  await screen.findByText("tag done.");
  fireEvent.click(screen.getByRole("button", { name: "Exclude 6 pairs" }));
  await screen.findByText("exclude done.");
  expect(asked.edits).toEqual([
    { kind: "tag", pairs: [0, 1, 2, 3, 4, 5], tag: "odd" },
    { kind: "exclude", pairs: [0, 1, 2, 3, 4, 5], reason: "selected on the map" },
  ]);
  fireEvent.click(screen.getByRole("link", { name: "Train again without them" }));
  expect(path()).toBe(`/p/${id}/align`);
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("Undone: undone.");
});

it("changes nothing where another tab has the project", async () => {
  await open({ canEdit: false });
  fireEvent.click(await group(/^images/));
  const button = await screen.findByRole("button", { name: "Exclude 6 pairs" });
  expect((button as HTMLButtonElement).disabled).toBe(true);
});

it("lays out by neighbours once, when first asked", async () => {
  const { asked } = await open();
  const neighbours = await screen.findByLabelText("Neighbours (UMAP)");
  fireEvent.click(neighbours);
  await screen.findByText(/near in the space is near here/);
  fireEvent.click(screen.getByLabelText("Principal components"));
  fireEvent.click(neighbours);
  await screen.findByText(/near in the space is near here/);
  expect(asked.layouts).toBe(1);
});

it("asks for the map anew without centring", async () => {
  const { asked } = await open();
  await screen.findByRole("application");
  fireEvent.click(screen.getByRole("checkbox", { name: /Centre/ }));
  await screen.findByText(/20.0 % upwards$/);
  expect(asked.centred).toEqual([true, false]);
});

it("computes ranks when they are first looked at, and selects by them", async () => {
  await open();
  const colour = await screen.findByLabelText("Colour by");
  fireEvent.change(colour, { target: { value: "rank" } });
  await group(/^2 to 3/);
  fireEvent.change(await screen.findByLabelText("Rank at least"), { target: { value: "2" } });
  fireEvent.click(screen.getByRole("button", { name: "Select 4 points" }));
  expect((await side()).getByText(/4 points/)).toBeTruthy();
});

it("lists the points in a table that sorts", async () => {
  await open();
  const summary = await screen.findByText("Table of all points");
  const fold = summary.parentElement as HTMLDetailsElement;
  fold.open = true;
  fireEvent(fold, new Event("toggle"));
  const table = await screen.findByRole("table");
  await within(table).findAllByText("caption 0");
  expect(table.getAttribute("aria-rowcount")).toBe("13");
  fireEvent.click(within(table).getByRole("button", { name: /Modality/ }));
  fireEvent.click(within(table).getByRole("button", { name: /Modality/ }));
  const [, first] = within(table).getAllByRole("row");
  expect(first?.textContent).toContain("text");
});

it("says what is wrong and draws the map once that is over", async () => {
  const { state } = await open({ faults: { places: new AppError("data/non-finite", "image 3") } });
  await screen.findByText(/image 3/);
  state.faults = {};
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("application");
});

it("ranks again after ranking failed", async () => {
  const { state } = await open({
    faults: { scores: new AppError("worker/crashed", "out of memory") },
  });
  fireEvent.change(await screen.findByLabelText("Colour by"), { target: { value: "rank" } });
  await screen.findByText(/out of memory/);
  state.faults = {};
  fireEvent.click(screen.getByRole("button", { name: "Rank again" }));
  await group(/^2 to 3/);
});
