import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { createProject, encodeBoth, goTo, importFiles, LONG, readStore, zipFile } from "./actions";
import { startRun, waitUntilAligned } from "./actions";

const NO_ADAPTER = /No available adapters/; // what Chromium says where it has none

let folder: string;
let site: Preview;
const pages: TestPage[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-project-"));
  site = await servePreview();
});
afterAll(async () => {
  for (const opened of pages) await opened.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A profile of its own, on the CPU: bits are only promised there. */
async function openProfile(): Promise<TestPage> {
  const opened = await openPage({ url: `${site.url}?device=wasm`, webgpu: false });
  pages.push(opened);
  return opened;
}

interface StoredProjectors {
  readonly runId: string;
  readonly step: number;
  readonly image: { tensors: Record<string, { data: Float32Array }> };
  readonly text: { tensors: Record<string, { data: Float32Array }> };
}

/** SHA-256 over every tensor of a finished run's projectors. */
async function projectorDigest(page: Page): Promise<string> {
  const [projectors] = await readStore<StoredProjectors>(page, "projectors");
  if (!projectors) throw new Error("no projectors are stored");
  const hash = createHash("sha256").update(`step ${projectors.step}`);
  for (const side of ["image", "text"] as const) {
    for (const [name, { data }] of Object.entries(projectors[side].tensors).sort()) {
      hash
        .update(`${side} ${name}`)
        .update(Buffer.from(Float32Array.from(Object.values(data)).buffer));
    }
  }
  return hash.digest("hex");
}

const checkpoints = (page: Page) => readStore<{ step: number }>(page, "checkpoints");

it("a project paused in training goes on in another browser to the same weights", async () => {
  const here = await openProfile();
  await createProject(here.page);
  const { zip } = await emojiSubset(60, { every: 40 });
  await importFiles(here.page, [zipFile(zip)]);
  await goTo(here.page, "Encode");
  await encodeBoth(here.page);
  await goTo(here.page, "Align");
  const details = { Steps: "400", "Batch size": "16", Dimension: "32" };
  await startRun(here.page, details);
  await here.page
    .getByText(/(1[2-9]|[2-9]\d|\d{3}) of 400 steps/)
    .first()
    .waitFor(LONG);
  await here.page.getByRole("button", { name: "Pause" }).click(LONG);
  await here.page.getByRole("button", { name: "Continue" }).waitFor(LONG);
  const [paused] = await checkpoints(here.page);
  expect(paused!.step).toBeGreaterThan(0);
  expect(paused!.step).toBeLessThan(400);

  await goTo(here.page, "Take away");
  const downloading = here.page.waitForEvent("download");
  await here.page.getByRole("button", { name: "Download the whole project" }).click();
  const path = join(folder, "project.zip");
  await (await downloading).saveAs(path);
  await here.page.getByText("Last saved as a file just now").waitFor();
  await here.expectAccessible();

  const there = await openProfile();
  const file = zipFile(await readFile(path), "project.zip");
  await there.page.getByLabel("Open a project file…").setInputFiles(file);
  await there.page.getByRole("region", { name: "Imported data" }).waitFor(LONG);
  expect(await checkpoints(there.page)).toHaveLength((await checkpoints(here.page)).length);
  for (const { page } of [here, there]) {
    await goTo(page, "Align");
    await page.getByRole("button", { name: "Continue" }).click(LONG);
    await waitUntilAligned(page);
  }
  expect(await projectorDigest(there.page)).toBe(await projectorDigest(here.page));
  await here.expectClean(NO_ADAPTER);
  await there.expectClean(NO_ADAPTER);
});

it("a damaged project file is named, and nothing of it is added", async () => {
  const opened = await openProfile();
  const bytes = await readFile(join(folder, "project.zip"));
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  await opened.page.getByLabel("Open a project file…").setInputFiles(zipFile(bytes, "project.zip"));
  const alert = opened.page.getByRole("alert");
  await alert.waitFor(LONG);
  expect(await alert.textContent()).toMatch(
    /The project file is damaged.*(originals|embeddings|runs)\//,
  );
  for (const store of ["projects", "items", "packs", "runs", "embeddingChunks"]) {
    expect(await readStore(opened.page, store)).toEqual([]);
  }
  await opened.expectClean(NO_ADAPTER);
});
