// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DataCheck } from "../../../src/core/domain/edit";
import { DataEditor } from "../../../src/engine/importing/dataEditor";
import { DataPanel } from "../../../src/ui/features/data/DataPanel";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { testServices, type TestServices } from "../../support/services";

const COPIES: DataCheck = {
  id: "same-picture",
  name: "exact copies of pictures",
  count: 4,
  detail: "2 files are copies of another, byte for byte.",
  groups: [
    [2, 5],
    [3, 7],
  ],
  action: {
    words: "Keep the first of each, exclude 2",
    request: { kind: "exclude", pairs: [5, 7], reason: "copy of another picture" },
  },
};
const MISSING: DataCheck = {
  id: "near-picture",
  name: "near-duplicate pictures",
  count: null,
  detail: "Not computed: thumbnails were off.",
  groups: [],
  action: null,
};

let services: TestServices;
let projectId: string;
const check = vi.fn();

beforeEach(async () => {
  check.mockReset().mockResolvedValue([COPIES, MISSING]);
  // jsdom has no layout: three columns of cards in a window that shows them all.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(
    DOMRect.fromRect({ width: 900, height: 800 }),
  );
  const editor: { current?: DataEditor } = {};
  const ready = () => (editor.current ??= new DataEditor(services.stores));
  services = await testServices({
    importer: {
      check: () => check(),
      edit: (params) => ready().edit(params.projectId, params.request),
      undoEdit: (params) => ready().undo(params.projectId),
      relatedPairs: (params) => ready().related(params.projectId, params.pair),
    },
  });
  projectId = (await projectWithPairs(services, 12)).id;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  services.close();
});

async function openData(canEdit = true) {
  renderPanel(<DataPanel />, { services, projectId, canEdit });
  return screen.findByRole("button", { name: "caption 3" });
}
const pairs = () => services.stores.datasets.pairs(projectId);
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>("button", { name });
const excluded = async () =>
  (await pairs()).flatMap(({ excluded: out }, i) => (out === undefined ? [] : i));

it("excludes what is selected, says so, and undoes it", async () => {
  await openData();
  fireEvent.click(screen.getByLabelText("Select pair 2"));
  fireEvent.click(screen.getByLabelText("Select pair 4"), { shiftKey: true });
  fireEvent.click(
    within(await screen.findByRole("group", { name: "Selected pairs" })).getByText("Exclude"),
  );
  expect((await screen.findAllByText("Excluded 3 pairs.")).length).toBeGreaterThan(0);
  expect(await excluded()).toEqual([1, 2, 3]);
  expect(await button(/3 excluded by you/)).toBeDefined();
  fireEvent.click(await button("Undo"));
  await waitFor(async () => expect(await excluded()).toEqual([]));
  expect((await screen.findAllByText("Undone: Excluded 3 pairs.")).length).toBeGreaterThan(0);
});

it("works by keys: arrows move, X selects, Delete excludes, Ctrl + Z undoes", async () => {
  const card = await openData();
  act(() => card.focus());
  fireEvent.keyDown(card, { key: "ArrowRight" });
  const next = screen.getByRole("button", { name: "caption 4" });
  await waitFor(() => expect(document.activeElement).toBe(next));
  fireEvent.keyDown(next, { key: "x" });
  fireEvent.keyDown(next, { key: "Delete" });
  await waitFor(async () => expect(await excluded()).toEqual([4]));
  await button(/^Undo: Excluded 1 pair/);
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await waitFor(async () => expect(await excluded()).toEqual([]));
});

it("keeps Ctrl + Z of a text field to the field", async () => {
  await openData();
  fireEvent.click(screen.getByLabelText("Select pair 1"));
  fireEvent.keyDown(screen.getByLabelText("Select pair 1"), { key: "Delete" });
  await button(/^Undo: Excluded 1 pair/);
  fireEvent.click(await button("caption 3"));
  fireEvent.click(await button("Edit caption"));
  fireEvent.keyDown(screen.getByLabelText("Caption"), { key: "z", ctrlKey: true });
  await act(async () => {});
  expect(await excluded()).toEqual([0]);
});

it("opens a pair, changes its caption, and goes on with the arrow keys", async () => {
  fireEvent.click(await openData());
  const sheet = await screen.findByRole("complementary", { name: "Pair" });
  expect(document.activeElement).toBe(sheet);
  fireEvent.click(await within(sheet).findByRole("button", { name: "Edit caption" }));
  const field = within(sheet).getByLabelText("Caption");
  fireEvent.change(field, { target: { value: "a stag beetle" } });
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  expect(await button("a stag beetle")).toBeDefined();
  const texts = await services.stores.datasets.items(projectId, "text");
  expect(texts[(await pairs())[3]!.text!]!.text).toBe("a stag beetle");
  fireEvent.keyDown(sheet, { key: "ArrowRight" });
  await within(sheet).findByText("images/4.png");
  fireEvent.keyDown(sheet, { key: "Escape" });
  expect(screen.queryByRole("complementary", { name: "Pair" })).toBeNull();
});

it("shows a refused change and keeps the words that were typed", async () => {
  fireEvent.click(await openData());
  fireEvent.click(await button("Edit caption"));
  const field = screen.getByLabelText("Caption");
  fireEvent.change(field, { target: { value: "caption 9" } });
  vi.spyOn(services.projects.editing, "apply").mockRejectedValueOnce(
    new DOMException("", "QuotaExceededError"),
  );
  fireEvent.click(await button("Save"));
  expect((await screen.findByRole("alert")).textContent).toContain("no room left");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Caption").value).toBe("caption 9");
});

it("checks by itself, shows the pairs of a check, and applies its remedy", async () => {
  await openData();
  expect(await screen.findByText(/1 found something/)).toBeDefined();
  expect(screen.getByText(/0 found nothing, 1 not computed/)).toBeDefined();
  fireEvent.click(await button("Show the pairs"));
  expect(await screen.findByText(/Only pairs of the check/)).toBeDefined();
  await waitFor(() => expect(screen.queryByRole("button", { name: "caption 0" })).toBeNull());
  expect(await button("caption 7")).toBeDefined();
  fireEvent.click(await button("Keep the first of each, exclude 2"));
  await waitFor(async () => expect(await excluded()).toEqual([5, 7]));
  await waitFor(() => expect(check).toHaveBeenCalledTimes(2));
});

it("lists the excluded pairs and takes them back in", async () => {
  await services.projects.editing.apply(projectId, { kind: "exclude", pairs: [6], reason: "blur" });
  await openData();
  fireEvent.click(await button(/1 excluded by you/));
  fireEvent.click(await button("caption 6"));
  expect(await screen.findByText("blur")).toBeDefined();
  fireEvent.click(await button("Include"));
  await waitFor(async () => expect(await excluded()).toEqual([]));
});

it("draws the splits again from the shares of the dialog", async () => {
  await openData();
  fireEvent.click(await button("Draw the splits again"));
  fireEvent.change(screen.getByLabelText("Test, %"), { target: { value: "50" } });
  fireEvent.click(await button("Draw the splits"));
  await waitFor(async () => {
    const { data } = await services.stores.projects.get(projectId);
    expect(data).toMatchObject({ split: { test: 0.5 }, report: { splits: { test: 6 } } });
  });
});

it("changes nothing while another tab has the project", async () => {
  fireEvent.click(await openData(false));
  expect((await button("Edit caption")).disabled).toBe(true);
  expect((await button("Draw the splits again")).disabled).toBe(true);
  expect(check).not.toHaveBeenCalled();
});
