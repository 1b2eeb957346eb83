import { readFile } from "node:fs/promises";
import { downloadZip } from "client-zip";
import Papa from "papaparse";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import type { ProjectorPair } from "../../src/core/domain/projector";
import type { Run } from "../../src/core/domain/run";
import { openPage, type TestPage } from "../support/launch";
import { referenceSubset } from "../support/referenceSubset";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  fillDetails,
  goTo,
  importFiles,
  LONG,
  longTasksDuring,
  readStore,
  startRun,
  waitUntilAligned,
  zipFile,
} from "./actions";

const ROWS = 650; // more than 50 of them are held out for the test: enough queries not to be warned
const EVERY = 5;
const SHORT = { Steps: "20", "Batch size": "64", Dimension: "64" };

// One project, each test goes on where the one before it ended: so do the visitor's runs.
let site: Preview;
let browser: TestPage;
let page: Page;
beforeAll(async () => {
  site = await servePreview();
  browser = await openPage({ url: site.url, viewport: { width: 1440, height: 900 } });
  ({ page } = browser);
  const zip = await downloadZip(referenceSubset(ROWS, EVERY)).arrayBuffer();
  await createProject(page);
  await importFiles(page, [zipFile(new Uint8Array(zip), "reference.zip")]);
  await page.getByRole("button", { name: `${ROWS} rows used` }).waitFor();
  await goTo(page, "Align");
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Main-thread tasks over 50 ms while `work` ran. Reported, not asserted: other work makes them. */
async function observed(step: string, work: () => Promise<void>): Promise<void> {
  const tasks = await longTasksDuring(page, work);
  const words = tasks.length > 0 ? `${tasks.join(", ")} ms` : "none";
  console.log(`main-thread tasks over 50 ms during ${step}: ${words}`);
}

const runs = () => readStore<Run>(page, "runs");
const chooseMethod = (name: string) =>
  page.getByRole("group", { name: "Method" }).getByRole("radio", { name }).check();
const queues = () => page.getByRole("region", { name: "Queues" });

/** Of the baselines, chance alone: the others take most of the time of a run as short as these. */
async function onlyChance(): Promise<void> {
  const boxes = page.getByRole("group", { name: "Baselines" }).getByRole("checkbox");
  for (const box of await boxes.all()) {
    if ((await box.getAttribute("aria-label")) !== "Chance") await box.uncheck();
  }
}

async function newestRun(): Promise<Run> {
  const [newest] = (await runs()).toSorted((a, b) => b.createdAt - a.createdAt);
  if (!newest) throw new Error("no run is stored");
  return newest;
}

it("chooses a method by itself, and says what it tried and which it kept", async () => {
  await observed("auto", async () => {
    await chooseMethod("Automatic");
    await startRun(page, SHORT);
    await waitUntilAligned(page);
  });
  const { method, candidates, status } = await newestRun();
  expect(status).toBe("done");
  expect(candidates.map((candidate) => candidate.method)).toEqual(
    expect.arrayContaining(["procrustes", "ridge", "csa", "linear", "freeze-align"]),
  );
  const table = page.getByRole("region", { name: "Candidates" });
  expect(await table.locator("tbody tr").count()).toBe(candidates.length);
  const kept = table.locator("tbody tr", { hasText: "· kept" });
  expect(await kept.count()).toBe(1);
  const name = (await kept.locator("strong").innerText()).trim();
  await page.getByText(`${name} was kept:`).waitFor();
  expect(candidates.find((candidate) => candidate.method === method)?.error).toBeUndefined();
  await browser.screenshot("runs-auto");
  await browser.expectClean();
});

it("lowers a batch larger than the data and says so", async () => {
  await chooseMethod("Linear heads");
  await startRun(page, { ...SHORT, "Batch size": "1024" });
  const warnings = page.getByRole("list", { name: "Warnings" });
  await warnings.getByText(/smaller than asked for.*1024 asked for, \d+ taken/s).waitFor(LONG);
  await waitUntilAligned(page);
  const { training, warnings: stored, name } = await newestRun();
  expect(name).toBe("Linear heads");
  expect(training?.batchSize).toBeLessThan(600);
  expect(stored).toContainEqual({
    code: "batch-lowered",
    detail: `1024 asked for, ${training?.batchSize} taken`,
  });
  await browser.expectClean();
});

it("says at which step a training diverged, keeps what was good, and runs again with a lower rate", async () => {
  await chooseMethod("Linear heads");
  // A decay of 6 at this rate multiplies the weights by −5 in every step; at 0.3, by −0.8.
  await onlyChance();
  const wild = { ...SHORT, Steps: "150", "Learning rate": "1", "Weight decay": "6" };
  await startRun(page, wild);
  const alert = page.getByRole("alert").filter({ hasText: "Training diverged" });
  await alert.waitFor(LONG);
  const told = await alert.innerText();
  expect(told).toMatch(/step \d+/);
  expect(told).toContain("the learning rate was 1, try 0.3");
  const failed = await newestRun();
  expect([failed.status, failed.error?.code]).toEqual(["failed", "align/diverged"]);
  const best = failed.best?.step;
  expect(best).toBeGreaterThan(0);
  await page.getByText(`the best checkpoint, step ${best}, is kept`).waitFor();
  const kept = await readStore<ProjectorPair>(page, "projectors");
  expect(kept.find(({ runId }) => runId === failed.id)?.step).toBe(best);
  await browser.screenshot("runs-diverged");

  await page.getByRole("button", { name: "Run again with a learning rate of 0.3" }).click();
  await page.getByRole("heading", { level: 2, name: /learning rate 0\.3/ }).waitFor();
  await expect.poll(async () => (await newestRun()).status, LONG).toBe("done");
  const again = await newestRun();
  expect(again.id).not.toBe(failed.id);
  expect(again.recipe).toEqual({
    ...failed.recipe,
    name: again.recipe.name,
    align: { ...failed.recipe.align, learningRate: 0.3 },
  });
  await browser.expectClean();
});

it("runs a sweep as a queue that is paused, survives a reload, goes on and ends", async () => {
  const before = new Set((await runs()).map(({ id }) => id));
  const swept = async () => (await runs()).filter(({ id }) => !before.has(id));
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  await chooseMethod("Linear heads");
  const others = page.getByRole("group", { name: "Also try other methods" });
  await page.locator("summary", { hasText: "Also try other methods" }).click();
  await others.getByRole("checkbox", { name: "Procrustes" }).check();
  await fillDetails(page, { ...SHORT, Steps: "1000", Patience: "never", Seed: "0, 1" });
  await onlyChance();
  await observed("a sweep, to its pause", async () => {
    await page.getByRole("button", { name: "Align 4 runs" }).click();
    await page
      .getByText(/[1-9]\d\d of 1,000 steps/)
      .first()
      .waitFor(LONG);
    await queues().getByRole("button", { name: "Pause" }).click();
    await queues().getByRole("button", { name: "Continue" }).waitFor(LONG);
  });
  const paused = await swept();
  expect(paused).toHaveLength(4);
  const [inHand] = paused.filter(({ status }) => status === "paused");
  expect(inHand?.history.length).toBeGreaterThan(0);
  expect(paused.filter(({ status }) => status === "queued").length).toBeGreaterThan(0);

  await page.reload();
  await queues().getByRole("button", { name: "Continue" }).click();
  await queues().waitFor({ state: "detached", ...LONG });
  const ended = await swept();
  expect(ended.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  expect(ended.map(({ sweep }) => sweep?.at).toSorted(byText)).toEqual(
    ["linear", "procrustes"]
      .flatMap((method) => [0, 1].map((seed) => ({ "align.method": method, "align.seed": seed })))
      .toSorted(byText),
  );
  const resumed = ended.find(({ id }) => id === inHand?.id);
  expect(resumed?.history.at(-1)?.step).toBe(1000);
  const known = inHand?.history.at(-1)?.step ?? 0;
  expect(resumed?.history.filter(({ step }) => step <= known)).toEqual(inHand?.history);
  await browser.expectClean();
});

const byText = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));

it("compares two runs: settings that differ, and what can be said of their results", async () => {
  const table = page.getByRole("region", { name: "Table of runs" });
  for (const name of ["linear, seed 0", "procrustes, seed 0"]) {
    await table.getByRole("checkbox", { name: new RegExp(`^Compare .*${name}`) }).check();
  }
  const comparison = page.getByRole("region", { name: "Comparison of runs" });
  await observed("a comparison", async () => {
    const verdict = comparison.getByRole("status").filter({ hasText: "5 % level" });
    await verdict.waitFor(LONG);
    const words = await verdict.innerText();
    console.log(words);
    const [run] = (await runs()).filter(({ test }) => test);
    expect(words).toContain(String(run?.test?.imageToText.queries));
    expect(words).toMatch(/queries/);
  });
  const differences = comparison.getByRole("region", { name: "Differences of the recipes" });
  const rows = (await differences.locator("tbody tr").allInnerTexts()).map((text) =>
    text.split(/\s+/).filter(Boolean),
  );
  expect(rows).toEqual([["align.method", "linear", "procrustes"]]);
  const results = comparison.getByRole("region", { name: "Test results side by side" });
  expect(await results.locator("tbody").count()).toBe(2);
  await browser.screenshot("runs-compared");
  await browser.expectClean();
});

it("draws a learning curve with chance and the size of the gallery", async () => {
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  await chooseMethod("Linear heads");
  await fillDetails(page, SHORT);
  await onlyChance();
  const section = page.getByRole("region", { name: "Learning curve", exact: true });
  await section.getByText("Draw a curve").click();
  const form = section.getByRole("form", { name: "New learning curve" });
  for (const box of await form.getByRole("checkbox").all()) await box.uncheck();
  await form.getByRole("checkbox", { name: "Linear heads" }).check();
  await form.getByRole("checkbox", { name: "Ridge regression" }).check();
  await form.getByRole("textbox", { name: "Sizes" }).fill("50, 200");
  await form.getByRole("textbox", { name: "Seeds" }).fill("2");
  await observed("a learning curve", async () => {
    await form.getByRole("button", { name: "Draw the curve" }).click();
    await queues().waitFor();
    await queues().waitFor({ state: "detached", ...LONG });
  });
  const [run] = (await runs()).filter(({ test }) => test);
  const { imageToText, textToImage } = run!.test!;
  await section
    .getByText(
      `mean of both directions: ${imageToText.queries} images among ${imageToText.gallery} captions, ${textToImage.queries} captions among ${textToImage.gallery} images`,
    )
    .waitFor();
  const summary = await section.getByRole("img").first().getAttribute("aria-label");
  expect(summary).toMatch(/Linear heads from [\d.]+ % with 50 pairs to [\d.]+ % with 200/);
  expect(summary).toMatch(/Ridge regression from .*Chance is [\d.]+ %/);
  const cells = section
    .getByRole("region", { name: "Table of the learning curve" })
    .locator("tbody td");
  const words = await cells.allInnerTexts();
  expect(words).toHaveLength(4);
  for (const cell of words) expect(cell).toMatch(/% *\s[\d.]+ to [\d.]+, 2 seeds/);
  await section.scrollIntoViewIfNeeded();
  await browser.screenshot("runs-curve");
  await browser.expectClean();
});

it("keeps notes over a reload, saves every run as a row, and is accessible in both themes", async () => {
  const table = page.getByRole("region", { name: "Table of runs" });
  const select = () => table.getByRole("button", { name: "Automatic", exact: true }).click();
  await select();
  const notes = page.getByRole("textbox", { name: /^Notes/ });
  await notes.fill("The first look.\nCSA was close.");
  await page.getByText("· saved").waitFor();
  await page.reload();
  await select();
  await expect.poll(() => notes.inputValue()).toBe("The first look.\nCSA was close.");

  const stored = await runs();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: `Save ${stored.length} runs (CSV)` }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("runs.csv");
  const csv = await readFile(await download.path(), "utf8");
  const { data, errors } = Papa.parse<Record<string, string>>(csv, {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(data.map(({ name }) => name).toSorted()).toEqual(
    stored.map(({ name }) => name).toSorted(),
  );
  expect(data.find(({ name }) => name === "Automatic")).toMatchObject({
    status: "done",
    method_asked_for: "auto",
  });

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await browser.expectAccessible();
  }
  await browser.screenshot("runs-dark");
  await browser.expectClean();
});
