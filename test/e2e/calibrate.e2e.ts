import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { createProject, encodeBoth, goTo, importFiles, LONG, zipFile } from "./actions";

const ROWS = 40;

let site: Preview;
let browser: TestPage;
beforeAll(async () => {
  site = await servePreview();
  browser = await openPage({ url: site.url, webgpu: false });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Encode workers alive, and how many of them hold a runtime (fetched its WebAssembly). */
async function encodeWorkers(): Promise<{ alive: number; loaded: number }> {
  const workers = browser.page.workers().filter((worker) => /encode\.worker/.test(worker.url()));
  const holds = await Promise.all(
    workers.map((worker) =>
      worker
        .evaluate(() =>
          performance.getEntriesByType("resource").some(({ name }) => name.includes(".wasm")),
        )
        // One that ends while it is asked holds nothing any more.
        .catch(() => false),
    ),
  );
  return { alive: workers.length, loaded: holds.filter(Boolean).length };
}

it("measures on demand, keeps the figures, pauses at once while loading, and frees the encoders", async () => {
  const { page } = browser;
  await createProject(page);
  await importFiles(page, [zipFile((await emojiSubset(ROWS, { every: 80 })).zip)]);
  await goTo(page, "Encode");
  const images = page.getByRole("region", { name: "images" });
  await images.getByText(/40 images: not measured on this device/).waitFor();

  await images.getByRole("button", { name: "Measure" }).click();
  const estimate = images.getByText(/40 images: about .+ on this device \(WebAssembly, batch \d+/);
  await estimate.waitFor(LONG);
  await browser.expectAccessible();
  await browser.screenshot("calibrate");
  await page.reload();
  await estimate.waitFor(LONG);
  expect(await encodeWorkers()).toMatchObject({ loaded: 0 });

  await images.getByRole("button", { name: "Encode 40 images" }).click();
  // At once: on a quiet machine the encoder is open within a second.
  const asked = performance.now();
  await images.getByRole("button", { name: "Pause" }).click();
  await images.getByRole("button", { name: /Resume|Encode/ }).waitFor();
  const pausedMs = Math.round(performance.now() - asked);
  console.log(`pausing while the encoder loads took ${pausedMs} ms, with two clicks' waiting`);
  expect(pausedMs).toBeLessThan(5_000); // a second on a quiet machine; ten were waited before

  await encodeBoth(page);
  await images.getByText(/Device: CPU · WebAssembly/).waitFor();
  expect(await encodeWorkers()).toMatchObject({ loaded: 0 });
  // Chromium's own words when a page asks for an adapter and there is none.
  await browser.expectClean(/No available adapters/);
});
