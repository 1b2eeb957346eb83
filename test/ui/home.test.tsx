// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors";
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
const openFile = vi.fn();
const saveProject = vi.fn();

beforeEach(async () => {
  importPairs.mockReset().mockResolvedValue({ rows: 2 });
  openFile.mockReset().mockResolvedValue({ projectId: "p9", name: "Beetles", notes: [] });
  saveProject.mockReset().mockResolvedValue({ name: "m.zip", blob: new Blob(["z"]), notes: [] });
  services = await testServices({
    keeper: {
      open: (params) => openFile(params) as never,
      save: (params) => saveProject(params) as never,
    },
    importer: { inspect: async () => INSPECTION, importPairs: (params) => importPairs(params) },
  });
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

const projectZip = () => new File(["PK"], "beetles.zip", { type: "application/zip" });
const choose = (file: File) =>
  fireEvent.change(screen.getByLabelText("Open a project file…"), { target: { files: [file] } });

it("opens a chosen project file and shows its Data step", async () => {
  const { path } = renderPanel(<HomePanel />, { services });
  choose(projectZip());
  await waitFor(() => expect(path()).toBe("/p/p9/data"));
});

it("opens a project file that is dropped anywhere, and says what differs", async () => {
  const notes = ["The encoder “DINOv2” is here in another version."];
  openFile.mockResolvedValue({ projectId: "p9", name: "Beetles", notes });
  const { path } = renderPanel(<HomePanel />, { services });
  const target = screen.getByRole("heading", { level: 1 });
  fireEvent.drop(target, { dataTransfer: { files: [projectZip()], types: ["Files"] } });
  expect(await screen.findByText(/DINOv2/)).toBeDefined();
  expect(screen.getByRole("link", { name: "Beetles" }).getAttribute("href")).toBe("/p/p9/data");
  expect(path()).toBe("/");
});

it("says what is wrong with a project file, and by which file inside", async () => {
  openFile.mockRejectedValue(new AppError("project-file/damaged", "pairs/0000.json: is missing"));
  renderPanel(<HomePanel />, { services });
  choose(projectZip());
  expect((await screen.findByRole("alert")).textContent).toContain("pairs/0000.json: is missing");
});

it("says how old the file of a project is, and offers one before it is deleted", async () => {
  const { id } = await projectWithPairs(services, 1);
  renderPanel(<HomePanel />, { services });
  expect(await screen.findByText("Never saved as a file")).toBeDefined();
  await services.stores.settings.put(`last-saved/${id}`, Date.now() - 3 * 86_400_000 - 1_000);
  services.changes.publish("projects");
  expect(await screen.findByText("Last saved as a file 3 days ago")).toBeDefined();
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  const address = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  fireEvent.click(await screen.findByRole("button", { name: "Delete My museum" }));
  fireEvent.click(screen.getByRole("button", { name: "Save it as a file first" }));
  await waitFor(() => expect(click).toHaveBeenCalledOnce());
  expect(saveProject).toHaveBeenCalledWith({ projectId: id });
  expect(await screen.findAllByText("Last saved as a file just now")).toHaveLength(2);
  click.mockRestore();
  address.mockRestore();
});
