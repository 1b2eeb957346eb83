import { expect, it } from "vitest";
import type { Run } from "../../src/core/domain/run";
import { emojiSubset } from "../support/emojiSubset";
import { openPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  encodeBoth,
  goTo,
  importFiles,
  LONG,
  readStore,
  startRun,
  zipFile,
} from "./actions";

it("answers from the newest checkpoint while training runs, and a stop keeps the best", async () => {
  const site = await servePreview();
  const browser = await openPage({ url: site.url, viewport: { width: 1440, height: 900 } });
  try {
    const { page } = browser;
    const subset = await emojiSubset(120, { every: 27 });
    await createProject(page);
    await importFiles(page, [zipFile(subset.zip)]);
    await goTo(page, "Encode");
    await encodeBoth(page);
    await goTo(page, "Align");
    await startRun(page, { Steps: "20000", "Batch size": "64", Dimension: "64" });
    await page.getByRole("button", { name: "Stop and keep the best" }).waitFor();

    await goTo(page, "Query");
    const box = page.getByLabel("Search by words");
    await box.fill("a smiling face", LONG);
    await page.getByRole("list", { name: "Images found" }).waitFor(LONG);
    const answeredAt = async () =>
      Number(
        /ranked 120 in .* · step ([\d,]+)/
          .exec(await page.getByRole("main").innerText())?.[1]
          ?.replace(",", ""),
      );
    await expect.poll(answeredAt, LONG).toBeGreaterThan(0);
    const first = await answeredAt();
    await expect.poll(answeredAt, LONG).toBeGreaterThan(first);
    expect(await box.evaluate((input) => input === document.activeElement)).toBe(true);

    await goTo(page, "Align");
    await page.getByRole("button", { name: "Stop and keep the best" }).click();
    await page.getByRole("heading", { name: "Test results" }).waitFor(LONG);
    const [run] = await readStore<Run>(page, "runs");
    expect(run!.status).toBe("stopped");
    expect(run!.best!.step).toBeLessThanOrEqual(run!.history.at(-1)!.step);
    expect(run!.history.at(-1)!.step).toBeLessThan(20_000);
    await browser.expectClean();
  } finally {
    await browser.close();
    await site.close();
  }
});
