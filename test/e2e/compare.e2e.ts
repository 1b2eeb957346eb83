import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { createProject, goTo, importFiles, LONG, zipFile } from "./actions";

let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(() => site?.close());

it("compares every layer before anything is encoded, and remembers what was chosen", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  await createProject(page);
  const { zip } = await emojiSubset(120, { every: 27 });
  await importFiles(page, [zipFile(zip)]);
  await goTo(page, "Encode");
  await page.getByRole("button", { name: "Compare 6 × 8 embeddings" }).click();
  const map = page.getByRole("region", { name: /kNN of image and text/ });
  await map.waitFor(LONG);
  expect(await map.getByRole("button").count()).toBe(48);
  const ranked = page.getByRole("region", { name: "Ranked pairs" });
  await ranked.getByRole("button", { name: /^Use/ }).first().click();
  const chosen = page.getByText(/^The chosen pair, .*mutual kNN/);
  await chosen.waitFor();
  const words = await chosen.textContent();
  await page.getByText("Probe: what one embedding knows by itself").click();
  await page.getByRole("button", { name: "Probe 14 embeddings" }).click();
  const report = page.getByRole("region", { name: "Probe report" });
  await report.waitFor(LONG);
  expect(await report.getByRole("row").count()).toBe(15);
  await browser.expectAccessible();
  await browser.screenshot("compare");
  await page.reload();
  await map.waitFor(LONG);
  expect(await chosen.textContent()).toBe(words);
  await browser.expectClean(/No available adapters/);
});
