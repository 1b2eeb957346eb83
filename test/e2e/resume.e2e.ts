import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import type { ProjectorPair } from "../../src/core/domain/projector";
import type { Run } from "../../src/core/domain/run";
import { emojiSubset, type EmojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  encodeBoth,
  goTo,
  importFiles,
  LONG,
  readStore,
  startRun,
  waitUntilAligned,
  waitUntilEncoded,
  zipFile,
} from "./actions";

let site: Preview;
let subset: EmojiSubset;
let profileDir: string;
beforeAll(async () => {
  site = await servePreview();
  subset = await emojiSubset(120, { every: 27 });
  profileDir = await mkdtemp(join(tmpdir(), "playground-resume-"));
});
afterAll(async () => {
  await site?.close();
  await rm(profileDir, { recursive: true, force: true, maxRetries: 3 });
});

const open = (path = ""): Promise<TestPage> =>
  openPage({ url: `${site.url}${path}`, profileDir, viewport: { width: 1440, height: 900 } });

const TRAINING = { Steps: "120", "Batch size": "64", Dimension: "64" };

it("goes on with encoding where it was after a pause and after a killed tab", async () => {
  const first = await open();
  const { page } = first;
  const id = await createProject(page);
  await importFiles(page, [zipFile(subset.zip)]);
  await goTo(page, "Encode");
  await page.getByRole("button", { name: "Encode both" }).click();
  const images = page.getByRole("region", { name: "images" });
  await images
    .getByText(/^(1[6-9]|[2-9]\d|1[01]\d) of 120 encoded|(1[6-9]|[2-9]\d) of 120/)
    .first()
    .waitFor(LONG);
  await images.getByRole("button", { name: "Pause" }).click();
  await images.getByText(/Paused at \d+ of 120/).waitFor();
  const kept = await digests(first);
  expect(kept.length).toBeGreaterThanOrEqual(16);
  await first.expectClean();

  await crashTab(first);

  const second = await open(`#/p/${id}/encode`);
  await second.page.getByRole("heading", { level: 1, name: "Encode" }).waitFor();
  const after = await digests(second);
  expect(after).toEqual(expect.arrayContaining(kept));
  await encodeBoth(second.page);
  const all = await digests(second);
  expect(new Set(all).size).toBe(all.length);
  await second.page.reload();
  await waitUntilEncoded(second.page);
  await second.expectClean();
  await second.close();
});

/** The renderer dies without a word to the page; then the browser is closed. */
async function crashTab({ page, context, close }: TestPage): Promise<void> {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // Never answered: the answering process is the one that dies.
  void session.send("Page.crash").catch(() => {});
  await crashed;
  await close();
}

/** Digests of everything encoded, images and captions. */
async function digests({ page }: TestPage): Promise<string[]> {
  const records = await readStore<string[] | object>(page, "embeddingChunks");
  return records.filter((record): record is string[] => Array.isArray(record)).flat();
}

it("trains to the same result whether or not the tab was killed in between", async () => {
  const first = await open();
  await first.page
    .getByRole("link", { name: /project/i })
    .first()
    .click();
  await goTo(first.page, "Align");
  await startRun(first.page, TRAINING);
  await waitUntilAligned(first.page);
  const [whole] = await readStore<Run>(first.page, "runs");

  await first.page.getByRole("button", { name: /^Align \d/ }).click();
  await first.page
    .getByText(/(2\d|[3-9]\d) of 120 steps/)
    .first()
    .waitFor(LONG);
  await first.page.getByRole("button", { name: "Pause" }).click();
  await first.page.getByRole("button", { name: "Continue" }).waitFor();
  await first.page.getByRole("button", { name: "Continue" }).click();
  await first.page
    .getByText(/(6\d|[7-9]\d|1[01]\d) of 120 steps/)
    .first()
    .waitFor(LONG);
  const url = first.page.url();
  await crashTab(first);

  const second = await open(new URL(url).hash);
  await second.page.getByRole("button", { name: "Continue" }).click();
  await waitUntilAligned(second.page);
  const runs = await readStore<Run>(second.page, "runs");
  const resumed = runs.find(({ id }) => id !== whole!.id)!;
  expect(resumed.status).toBe("done");
  expect(curveOf(resumed)).toEqual(curveOf(whole!));
  expect(resumed.test).toEqual(whole!.test);
  expect(resumed.best).toEqual(whole!.best);
  const projectors = await readStore<ProjectorPair>(second.page, "projectors");
  expect(weightsOf(projectors, resumed.id)).toEqual(weightsOf(projectors, whole!.id));
  expect(await readStore(second.page, "checkpoints")).toEqual([]);
  await second.expectClean();
  await second.close();
});

/** The evaluated points only: which others are reported depends on the clock. */
function curveOf({ history }: Run) {
  return history
    .filter(({ validation }) => validation)
    .map(({ step, loss, validation }) => ({ step, loss, validation }));
}

function weightsOf(projectors: ProjectorPair[], runId: string) {
  const { image, text, step, logitScale } = projectors.find((pair) => pair.runId === runId)!;
  // Typed arrays cross from the page as objects with numeric keys.
  const numbers = (side: ProjectorPair["image"]) =>
    Object.entries(side.tensors).map(([name, { data }]) => [name, Object.values(data)]);
  return { step, logitScale, image: numbers(image), text: numbers(text) };
}
