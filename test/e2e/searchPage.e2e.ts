import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emojiSubset } from "../support/emojiSubset";
import { openPage } from "../support/launch";
import { serveFolder } from "../support/serveFolder";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  encodeBoth,
  goTo,
  importFiles,
  LONG,
  startRun,
  waitUntilAligned,
  zipFile,
} from "./actions";

const TOP = 10;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "search-page-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Captions of the first results, best first: a card or tile is named `1. peach, …`. */
async function topOf(page: Page, list: string): Promise<string[]> {
  const names = await page
    .getByRole("list", { name: list })
    .locator("[aria-label]")
    .evaluateAll((elements) => elements.map((element) => element.getAttribute("aria-label") ?? ""));
  const found = new Map<number, string>();
  for (const name of names) {
    const [, rank, caption] = /^(\d+)\. (.*?)(?:, score .*)?$/.exec(name) ?? [];
    if (rank !== undefined && caption !== undefined) found.set(Number(rank), caption);
  }
  return Array.from({ length: TOP }, (_, i) => found.get(i + 1) ?? "");
}

async function unzip(path: string): Promise<string> {
  const reader = new ZipReader(new BlobReader(new Blob([await readFile(path)])), {
    useWebWorkers: false,
  });
  let root = "";
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const target = join(folder, entry.filename);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await entry.getData(new Uint8ArrayWriter()));
    if (entry.filename.endsWith("index.html")) root = dirname(target);
  }
  await reader.close();
  return root;
}

/** Searches an exported page for `caption`: its first results, nothing else having happened. */
async function searchExported(url: string, caption: string): Promise<string[]> {
  const opened = await openPage({ url, webgpu: false });
  try {
    const { page } = opened;
    const started = performance.now();
    await page.getByLabel("Search the pictures by words").fill(caption);
    await page.getByText(/^The nearest \d+ of 120/).waitFor(LONG);
    const firstMs = Math.round(performance.now() - started);
    const status = await page.getByRole("status").innerText();
    console.log(`${new URL(url).protocol} first search after ${firstMs} ms: ${status}`);
    const top = await topOf(page, "Pictures");
    await opened.screenshot(`search-page-${new URL(url).protocol.replace(":", "")}`);
    await opened.expectClean(); // before axe, which fetches the styles of a page from a disk
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await opened.expectAccessible();
    }
    return top;
  } finally {
    await opened.close();
  }
}

it("finds from a disk and from any host what the app finds, without a request elsewhere", async () => {
  const subset = await emojiSubset(120, { every: 27 });
  const caption = subset.entries.find(({ split }) => split === "test")!.text;
  const site = await servePreview();
  const app = await openPage({ url: site.url, webgpu: false });
  try {
    const { page } = app;
    await createProject(page);
    await importFiles(page, [zipFile(subset.zip)]);
    await goTo(page, "Encode");
    await encodeBoth(page);
    await goTo(page, "Align");
    await startRun(page, { Steps: "40", "Batch size": "64", Dimension: "64" });
    await waitUntilAligned(page);

    await goTo(page, "Take away");
    const [download] = await Promise.all([
      page.waitForEvent("download", LONG),
      page.getByRole("button", { name: "Download search page" }).click(LONG),
    ]);
    const zip = join(folder, "page.zip");
    await download.saveAs(zip);
    const root = await unzip(zip);

    const fromDisk = await searchExported(pathToFileURL(join(root, "index.html")).href, caption);
    const host = await serveFolder(root);
    const fromHost = await searchExported(host.url, caption).finally(() => host.close());
    expect(fromDisk).toHaveLength(TOP);
    expect(fromHost).toEqual(fromDisk);

    await goTo(page, "Query");
    await page.getByLabel("Search by words").fill(caption, LONG);
    await page.getByLabel("Search by words").press("Enter");
    await expect.poll(() => topOf(page, "Images found"), LONG).toEqual(fromDisk);
    await app.expectClean(/No available adapters/); // Chromium's own word on a browser without a GPU
  } finally {
    await app.close();
    await site.close();
  }
}, 600_000);
