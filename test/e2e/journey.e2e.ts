import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import type { Run } from "../../src/core/domain/run";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  encodeBoth,
  goTo,
  importFiles,
  LONG,
  longTasksDuring,
  readStore,
  startRun,
  waitUntilAligned,
  zipFile,
} from "./actions";

const ROWS = 120;

let site: Preview;
let browser: TestPage;
beforeAll(async () => {
  site = await servePreview();
  browser = await openPage({ url: site.url, viewport: { width: 1440, height: 900 } });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Axe on the present screen, light and dark. */
async function expectAccessible() {
  for (const colorScheme of ["light", "dark"] as const) {
    await browser.page.emulateMedia({ colorScheme });
    await browser.expectAccessible();
  }
  await browser.page.emulateMedia({ colorScheme: "light" });
}

/** Reported, not asserted: on a busy machine the scheduler alone makes a task long. */
function report(step: string, longTasks: number[]) {
  const words = longTasks.length > 0 ? `${longTasks.join(", ")} ms` : "none";
  console.log(`main-thread tasks over 50 ms during ${step}: ${words}`);
}

it("imports, encodes, aligns, evaluates and searches real pairs, and keeps all of it", async () => {
  const { page } = browser;
  const subset = await emojiSubset(ROWS, { every: 27 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expectAccessible();

  await createProject(page);
  await expectAccessible();
  await importFiles(page, [zipFile(subset.zip)]);
  await page.getByRole("button", { name: `${ROWS} rows used` }).waitFor();
  await page.getByText(/from the data’s own column/).waitFor();
  await expectAccessible();
  await browser.screenshot("journey-data");

  await goTo(page, "Encode");
  await expectAccessible();
  report("encode", await longTasksDuring(page, () => encodeBoth(page)));
  await page
    .getByText(/self-check/i)
    .first()
    .waitFor();
  await expectAccessible();
  await browser.screenshot("journey-encode");

  await goTo(page, "Align");
  await expectAccessible();
  report(
    "align",
    await longTasksDuring(page, async () => {
      await startRun(page, { Steps: "40", "Batch size": "64", Dimension: "128" });
      await waitUntilAligned(page);
    }),
  );
  await expectAccessible();
  await browser.screenshot("journey-align");
  const [run] = await readStore<Run>(page, "runs");
  expect(run).toMatchObject({ status: "done", device: "wasm", leftOut: 0 });
  expect(run!.baselines.map(({ id }) => id)).toEqual([
    "chance",
    "shuffled",
    "procrustes",
    "ridge",
    "csa",
  ]);
  expect(run!.history.at(-1)!.step).toBe(40);
  expect(run!.test!.imageToText.gallery).toBeGreaterThan(5);
  await searchBothWays();
  await classify();

  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Query" }).waitFor();
  // A reload stays on the tab it was on.
  await page.getByRole("tab", { name: "Zero-shot classifier", selected: true }).waitFor();
  await page.getByRole("tab", { name: "Search" }).click();
  await page.getByLabel("Search by words").fill("a smiling face");
  await page.getByRole("list", { name: "Images found" }).getByRole("listitem").first().waitFor();
  await goTo(page, "Encode");
  await page.getByRole("link", { name: "Go on to Align" }).waitFor();
  await browser.expectClean();
});

async function searchBothWays() {
  const { page } = browser;
  await goTo(page, "Query");
  await page.getByLabel("Search by words").fill("a smiling face");
  const images = page.getByRole("list", { name: "Images found" }).getByRole("listitem");
  await images.first().waitFor();
  expect(await images.count()).toBeGreaterThan(10);
  await page.getByText(/ranked 120 in/).waitFor();
  await expectAccessible();
  await browser.screenshot("journey-query");
  await images.first().hover();
  await images.first().getByRole("button", { name: "What goes with it" }).click();
  const captions = page.getByRole("list", { name: "Captions found" }).getByRole("listitem");
  await captions.first().waitFor();
  expect(await captions.count()).toBeGreaterThan(10);
  await page.getByRole("button", { name: "From the held-out set" }).click();
  await page.getByText(/ranked \d{1,2} of \d+ in/).waitFor();
  await page.getByRole("button", { name: "From the held-out set" }).click();
  await page.getByRole("button", { name: "Clear" }).click();
}

async function classify() {
  const { page } = browser;
  await page.getByRole("tab", { name: "Zero-shot classifier" }).click();
  await page.getByRole("button", { name: "Classify" }).click();
  await page.getByText("Accuracy").waitFor(LONG);
  await expectAccessible();
  await browser.screenshot("journey-classify");
}

it("shows the licences of everything it ships", async () => {
  const { page } = browser;
  await page.goto(`${site.url}#/licences`);
  await page.getByRole("heading", { level: 1, name: "Licences" }).waitFor();
  await page.getByText("EfficientNet-Lite0").first().waitFor();
  await expectAccessible();
  await browser.expectClean();
});
