// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ImportSource, Inspection } from "../../src/core/domain/dataset";
import { HomePanel } from "../../src/ui/features/home/HomePanel";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type TestServices } from "../support/services";

const INSPECTION: Inspection = {
  format: "imagefolder",
  candidates: [],
  media: "image",
  summary: "Image folder with metadata.csv: 2 rows, 2 images",
  files: 3,
  rows: 2,
  columns: [
    { column: "file_name", role: "file", examples: ["a.png"], distinct: 2 },
    { column: "text", role: "caption", examples: ["a cat"], distinct: 2 },
  ],
  warnings: [],
};

let services: TestServices;
const importPairs = vi.fn();

beforeEach(async () => {
  importPairs.mockReset().mockResolvedValue({ rows: 2 });
  services = await testServices({
    importer: { inspect: async () => INSPECTION, importPairs: (params) => importPairs(params) },
  });
  // jsdom has no modal dialogs; opening and closing is all that these screens need.
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
});
afterEach(() => {
  cleanup();
  services.close();
});

it("brings the sample in with the guessed mapping and shows its Data step", async () => {
  const { path } = renderPanel(<HomePanel />, { services });
  fireEvent.click(screen.getByRole("button", { name: "Try the emoji sample" }));
  await waitFor(() => expect(importPairs).toHaveBeenCalledOnce());
  const [project] = await services.stores.projects.list();
  expect(project?.name).toBe("Emoji sample");
  expect(path()).toBe(`/p/${project?.id}/data`);
  const params = importPairs.mock.calls[0]?.[0] as { source: ImportSource; mapping: unknown };
  expect(params.source).toEqual({ kind: "sample", sampleId: "emoji" });
  expect(params.mapping).toEqual([
    { column: "file_name", role: "file" },
    { column: "text", role: "caption" },
  ]);
});

it("lists projects with their size and renames one", async () => {
  await projectWithPairs(services, 3);
  renderPanel(<HomePanel />, { services });
  const row = (await screen.findByRole("link", { name: "My museum" })).closest("tr");
  expect(row && within(row).getByText("4.9 MB")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Rename My museum" }));
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Bird atlas" } });
  fireEvent.click(screen.getByRole("button", { name: "Rename" }));
  expect(await screen.findByRole("link", { name: "Bird atlas" })).toBeDefined();
});

it("deletes a project only after its name was typed", async () => {
  await projectWithPairs(services, 1);
  renderPanel(<HomePanel />, { services });
  fireEvent.click(await screen.findByRole("button", { name: "Delete My museum" }));
  const remove = screen.getByRole<HTMLButtonElement>("button", { name: "Delete project" });
  expect(remove.disabled).toBe(true);
  fireEvent.change(screen.getByLabelText("Type the name to confirm"), {
    target: { value: "My museum" },
  });
  expect(remove.disabled).toBe(false);
  fireEvent.click(remove);
  expect(await screen.findByText(/None yet/)).toBeDefined();
  expect(await services.stores.projects.list()).toEqual([]);
});

it("opens a recipe as a preview address and runs nothing", async () => {
  const { path } = renderPanel(<HomePanel />, { services });
  const recipe = new File(['{"version":1,"data":{"sample":"emoji"}}'], "recipe.json");
  fireEvent.change(screen.getByLabelText(/Open a recipe/), { target: { files: [recipe] } });
  await waitFor(() => expect(path()).toMatch(/^\/recipe=[\w-]+$/));
  expect(await services.stores.projects.list()).toEqual([]);
});

it("names the faulty key of a recipe that is not valid", async () => {
  renderPanel(<HomePanel />, { services });
  const recipe = new File(['{"version":1,"data":{"sample":"emoji"},"algin":{}}'], "recipe.json");
  fireEvent.change(screen.getByLabelText(/Open a recipe/), { target: { files: [recipe] } });
  expect((await screen.findByRole("alert")).textContent).toContain("algin");
});
