// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ImportIssue, Inspection } from "../../../src/core/domain/dataset";
import { FORMATS } from "../../../src/core/domain/importFormat";
import { defaultRecipe } from "../../../src/core/domain/recipe";
import { AppError } from "../../../src/core/errors";
import { DataPanel } from "../../../src/ui/features/data/DataPanel";
import { findIssues, reportCsv, sortIssues } from "../../../src/ui/features/data/IssueTable";
import { projectWithPairs } from "../../support/projects";
import { renderPanel } from "../../support/renderPanel";
import { testServices, type FakeWorkers, type TestServices } from "../../support/services";

const INSPECTION: Inspection = {
  format: "imagefolder",
  candidates: [{ id: "imagefolder", summary: "Image folder with metadata.csv" }],
  media: "image",
  summary: "Image folder with metadata.csv: 3,246 rows, 3,246 images",
  files: 3247,
  rows: 3246,
  columns: [
    { column: "file_name", role: "file", examples: ["a.png", "b.png"], distinct: 3246 },
    { column: "text", role: "caption", examples: ["a cat"], distinct: 1652 },
    { column: "artist", role: "ignore", examples: ["Ann"], distinct: 40 },
  ],
  warnings: ["2 files are not pictures"],
};

let services: TestServices;
const importPairs = vi.fn();

beforeEach(() => {
  importPairs.mockReset().mockResolvedValue({ rows: 3246 });
});
afterEach(() => {
  cleanup();
  services.close();
});

const IMPORTER: FakeWorkers["importer"] = {
  inspect: async () => INSPECTION,
  importPairs: (params) => importPairs(params),
};

async function openEmpty(importer: FakeWorkers["importer"] = IMPORTER) {
  services = await testServices(importer ? { importer } : {});
  const { id } = await services.projects.create("New");
  renderPanel(<DataPanel />, { services, projectId: id });
  await screen.findByRole("heading", { name: "Data" });
  return id;
}

const useSample = () =>
  fireEvent.click(screen.getByRole("button", { name: "Use the emoji sample" }));

it("stores nothing before the visitor agreed, then imports with the chosen roles", async () => {
  await openEmpty();
  useSample();
  expect(await screen.findByText(INSPECTION.summary)).toBeDefined();
  expect(screen.getByText("2 files are not pictures")).toBeDefined();
  expect(importPairs).not.toHaveBeenCalled();
  fireEvent.change(screen.getByLabelText("Role of artist"), { target: { value: "group" } });
  fireEvent.change(screen.getByLabelText("Test, %"), { target: { value: "20" } });
  fireEvent.click(screen.getByRole("button", { name: "Import 3,246 rows" }));
  await waitFor(() => expect(importPairs).toHaveBeenCalledOnce());
  expect(importPairs.mock.calls[0]?.[0]).toMatchObject({
    mapping: [
      { column: "file_name", role: "file" },
      { column: "text", role: "caption" },
      { column: "artist", role: "group" },
    ],
    split: { group: "auto", validation: 0.1, test: 0.2, seed: 0 },
  });
});

it("does not import without a caption column and says so", async () => {
  await openEmpty();
  useSample();
  fireEvent.change(await screen.findByLabelText("Role of text"), { target: { value: "ignore" } });
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Import 3,246 rows" });
  expect(start.disabled).toBe(true);
  expect(screen.getByText("Choose at least one column with captions.")).toBeDefined();
});

it("refuses shares that leave nothing to train on", async () => {
  await openEmpty();
  useSample();
  fireEvent.change(await screen.findByLabelText("Validation, %"), { target: { value: "90" } });
  expect(screen.getByText(/must leave something to train on/)).toBeDefined();
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Import 3,246 rows" });
  expect(start.disabled).toBe(true);
});

it("shows why files were not recognised", async () => {
  await openEmpty({ inspect: () => Promise.reject(new AppError("import/archive", "x.zip")) });
  useSample();
  expect((await screen.findByRole("alert")).textContent).toContain("x.zip");
});

it("accounts for every row, and each count filters", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, 12);
  renderPanel(<DataPanel />, { services, projectId: id });
  const strip = within(await screen.findByRole("group", { name: "Show" }));
  expect(strip.getAllByRole("button").map((button) => button.textContent)).toEqual([
    "12 rows used",
    "1 skipped",
    "0 unpaired files",
    "1 flagged",
  ]);
  fireEvent.click(strip.getByRole("button", { name: /skipped/ }));
  expect(screen.getByText("metadata.csv:17")).toBeDefined();
  expect(screen.queryByText("=cmd.png")).toBeNull();
});

it("asks before data that runs were made on is replaced", async () => {
  services = await testServices({ importer: IMPORTER });
  const project = await projectWithPairs(services, 2);
  await services.aligning.create(project, defaultRecipe({ project: project.id }));
  renderPanel(<DataPanel />, { services, projectId: project.id });
  await screen.findByRole("heading", { name: "Data" });
  useSample();
  fireEvent.click(await screen.findByRole("button", { name: "Import 3,246 rows" }));
  expect(screen.getByText(/This project has 1 run on the present data/)).toBeDefined();
  expect(importPairs).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Replace the data" }));
  await waitFor(() => expect(importPairs).toHaveBeenCalledOnce());
});

const issue = (where: string, reason = "r"): ImportIssue => ({
  kind: "skipped",
  where,
  reason,
  remedy: "m",
});

it("finds issues by words of any column", () => {
  const issues = [issue("m.csv:10", "caption is empty"), issue("m.csv:9", "file not found")];
  expect(findIssues(issues, " EMPTY m.csv ")).toEqual([issues[0]]);
  expect(findIssues(issues, "")).toBe(issues);
  expect(findIssues(issues, "empty found")).toEqual([]);
});

it("reads the files again in another format, and keeps the drop when that fails", async () => {
  const inspectAgain = vi.fn().mockResolvedValue(INSPECTION);
  await openEmpty({ ...IMPORTER, inspect: (params) => inspectAgain(params) });
  useSample();
  const format = await screen.findByLabelText<HTMLSelectElement>("Read as");
  expect([...format.options][0]?.value).toBe("imagefolder");
  expect(format.options).toHaveLength(FORMATS.length);
  inspectAgain.mockRejectedValueOnce(new AppError("import/unrecognised", "no captions JSON"));
  fireEvent.change(format, { target: { value: "coco" } });
  expect((await screen.findByRole("alert")).textContent).toContain("no captions JSON");
  expect(inspectAgain.mock.calls[1]?.[0]).toMatchObject({ settings: { format: "coco" } });
  expect(screen.getByText(INSPECTION.summary)).toBeDefined();
});

it("says how thumbnails were chosen only at the import", async () => {
  await openEmpty();
  useSample();
  fireEvent.change(await screen.findByLabelText("Pictures"), { target: { value: "false" } });
  fireEvent.click(screen.getByRole("button", { name: "Import 3,246 rows" }));
  await waitFor(() => expect(importPairs).toHaveBeenCalledOnce());
  expect(importPairs.mock.calls[0]?.[0]).toMatchObject({ settings: { thumbnails: false } });
});

it("reads class folders again with the caption the visitor wrote", async () => {
  const classes: Inspection = { ...INSPECTION, format: "class-folders" };
  const inspectAgain = vi.fn().mockResolvedValue(classes);
  await openEmpty({ ...IMPORTER, inspect: (params) => inspectAgain(params) });
  useSample();
  const template = await screen.findByLabelText(/Caption of a class/);
  fireEvent.change(template, { target: { value: "a leaf" } });
  fireEvent.blur(template);
  expect(screen.getByText(/where the folder’s name goes/)).toBeDefined();
  expect(inspectAgain).toHaveBeenCalledOnce();
  fireEvent.change(template, { target: { value: "a leaf of {class}" } });
  fireEvent.blur(template);
  await waitFor(() => expect(inspectAgain).toHaveBeenCalledTimes(2));
  expect(inspectAgain.mock.calls[1]?.[0]).toMatchObject({
    settings: { classTemplate: "a leaf of {class}" },
  });
});

it("keeps an inspected drop when the step is left and entered again", async () => {
  const id = await openEmpty();
  useSample();
  await screen.findByText(INSPECTION.summary);
  cleanup();
  renderPanel(<DataPanel />, { services, projectId: id });
  expect(await screen.findByText(INSPECTION.summary)).toBeDefined();
});

it("adds further files to the drop before the import", async () => {
  const inspectAgain = vi.fn().mockResolvedValue(INSPECTION);
  await openEmpty({ ...IMPORTER, inspect: (params) => inspectAgain(params) });
  const drop = (id: string, ...names: string[]) =>
    fireEvent.change(screen.getByTestId(id), {
      target: { files: names.map((name) => new File(["x"], name)) },
    });
  drop("import-files", "a.png");
  await screen.findByText(INSPECTION.summary);
  drop("add-files", "metadata.csv");
  await waitFor(() => expect(inspectAgain).toHaveBeenCalledTimes(2));
  const { source } = inspectAgain.mock.calls[1]?.[0] as { source: { files: { path: string }[] } };
  expect(source.files.map(({ path }) => path)).toEqual(["a.png", "metadata.csv"]);
});

it("sorts rows by number, not as text", () => {
  const sorted = sortIssues([issue("m.csv:10"), issue("m.csv:9")], "where", false);
  expect(sorted.map(({ where }) => where)).toEqual(["m.csv:9", "m.csv:10"]);
});

it("saves a report that a spreadsheet cannot run", () => {
  expect(reportCsv([issue("=HYPERLINK(1)")])).toBe(
    "kind,where,reason,remedy\r\nskipped,'=HYPERLINK(1),r,m\r\n",
  );
});
