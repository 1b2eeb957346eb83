import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { createProject, encodeBoth, goTo, importFiles, LONG, zipFile } from "./actions";

let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(() => site?.close());

it("works without WebGPU, and says why it computes on the CPU", async () => {
  browser = await openPage({ url: site.url, webgpu: false });
  const { page } = browser;
  await page
    .getByText(/CPU · WebAssembly.*\((this browser has no WebGPU|WebGPU found no adapter)\)/)
    .waitFor();
  await createProject(page);
  const subset = await emojiSubset(12, { every: 270 });
  await importFiles(page, [zipFile(subset.zip)]);
  await goTo(page, "Encode");
  await encodeBoth(page);
  // Chromium's own words when a page asks for an adapter and there is none.
  await browser.expectClean(/No available adapters/);
});

it("goes through the whole journey with the network unplugged", async () => {
  browser = await openPage({ url: site.url });
  const { page, context } = browser;
  await createProject(page);
  const subset = await emojiSubset(12, { every: 270 });
  await importFiles(page, [zipFile(subset.zip)]);
  await goTo(page, "Encode");
  await encodeBoth(page);
  await context.setOffline(true);
  await goTo(page, "Data");
  await page.getByRole("button", { name: "12 rows used" }).waitFor();
  await browser.expectClean(/ERR_INTERNET_DISCONNECTED/);
});

it("lets one tab edit a project; the second is read-only until it takes over", async () => {
  browser = await openPage({ url: site.url });
  const { page, context } = browser;
  await createProject(page);
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByText(/being edited in another tab/).waitFor();
  expect(await second.getByRole("button", { name: "Choose files" }).isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Choose files" }).isEnabled()).toBe(true);
  await second.getByRole("button", { name: "Take over" }).click();
  await page.getByText(/being edited in another tab/).waitFor();
  expect(await second.getByRole("button", { name: "Choose files" }).isEnabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Choose files" }).isDisabled()).toBe(true);
  await browser.expectClean();
});

it("says that the disk is full, keeps what is done, and goes on once there is room", async () => {
  browser = await openPage({ url: site.url });
  const { page, context } = browser;
  // Before the first write: the browser remembers for half a minute how much room there was.
  const session = await context.newCDPSession(page);
  const { origin } = new URL(site.url);
  const quotaSize = 400_000; // the import takes 200 kB, the embeddings 400 kB
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  await createProject(page);
  const subset = await emojiSubset(60, { every: 54 });
  await importFiles(page, [zipFile(subset.zip)]);
  await goTo(page, "Encode");
  await page.getByRole("button", { name: "Encode both" }).click();
  await page
    .getByText(/The browser has no room left/)
    .first()
    .waitFor(LONG);
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await encodeBoth(page);
  await browser.expectClean();
});
