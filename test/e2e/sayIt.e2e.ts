import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { spokenSubset } from "../support/spokenSubset";
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

/** Held out from every training here. */
const SAID = "monkey face";

let site: Preview;
let folder: string;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
  folder = await mkdtemp(join(tmpdir(), "said-"));
});
afterEach(() => browser?.close());
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

it("finds the picture of a name that is said, though no sound was paired with a picture", async () => {
  const spoken = await spokenSubset(({ file }) => file.startsWith("us/"));
  const names = new Set(spoken.entries.map(({ text }) => text));
  const said = spoken.entries.find(({ text }) => text === SAID)!;
  expect(said.split).toBe("test");
  const microphone = join(folder, "said.wav");
  await writeFile(microphone, await asWave(await spoken.clip(said.file)));

  browser = await openPage({ url: site.url, microphone });
  const { page } = browser;
  const { zip } = await emojiSubset(420, {
    keep: (line) => line.startsWith("noto/") && names.has(line.split(",")[1] ?? ""),
  });
  await createProject(page);
  await importFiles(page, [zipFile(zip)]);
  await goTo(page, "Encode");
  await encodeBoth(page);
  await goTo(page, "Align");
  await page.getByRole("radio", { name: "Ridge" }).check();
  await startRun(page, {});
  await waitUntilAligned(page);

  await goTo(page, "Hub");
  await page.getByRole("button", { name: "Freeze this run as a hub" }).click();
  const hub = await addSounds(page, zipFile(spoken.zip, "spoken.zip"));
  await browser.expectAccessible();
  await browser.screenshot("hub-members");
  await say(page, hub);
  await page
    .getByRole("combobox", { name: "Split that is ranked" })
    .selectOption({ label: "Test" });
  const found = page.getByRole("list", { name: /Images/ }).getByRole("listitem");
  await found.first().waitFor(LONG);
  const first = await found.evaluateAll((items) => items.slice(0, 10).map((i) => i.textContent));
  expect(first.join("\n")).toContain(SAID);
  await browser.expectAccessible();
  await browser.screenshot("hub-said");
  await browser.expectClean();
});

/** Brings the clips in as a project of their own and lets them join. Returns the hub's address. */
async function addSounds(page: Page, file: ReturnType<typeof zipFile>): Promise<string> {
  await page.getByRole("tab", { name: "Add a modality" }).click();
  const address = page.url();
  await page.getByRole("button", { name: "Bring files" }).click();
  await importFiles(page, [file]);
  await page.goto(address);
  const projects = page.getByRole("combobox", { name: "From a project" });
  const label = await projects.locator("option", { hasText: "sounds" }).textContent();
  await projects.selectOption({ label: label ?? "" });
  await page.getByRole("button", { name: /^Add \d+ sounds to the hub/ }).click();
  await page.getByRole("tab", { name: "Members" }).click();
  await page.getByText("unchanged to the bit").waitFor(LONG);
  return address;
}

async function say(page: Page, _hub: string): Promise<void> {
  await page.getByRole("tab", { name: "Query" }).click();
  await page.getByRole("button", { name: "Record" }).first().click();
  await page.getByRole("button", { name: "Stop recording" }).waitFor();
  await page.waitForTimeout(2_500); // what is said takes one second and comes again and again
  await page.getByRole("button", { name: "Stop recording" }).click();
}

/** A clip as the microphone's file: 48 kHz, 16 bit, with a pause before and after. */
async function asWave(clip: Uint8Array): Promise<Uint8Array> {
  const decoder = await openPage({ url: site.url });
  try {
    const samples = await decoder.page.evaluate(async (bytes) => {
      const context = new OfflineAudioContext(1, 1, 48_000);
      const sound = await context.decodeAudioData(Uint8Array.from(bytes).buffer);
      return [...sound.getChannelData(0)];
    }, Array.from(clip));
    const pause = new Array<number>(24_000).fill(0);
    return waveOf([...pause, ...samples, ...pause]);
  } finally {
    await decoder.close();
  }
}

/** RIFF WAVE, mono. */
function waveOf(samples: readonly number[]): Uint8Array {
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(48_000, 24);
  file.writeUInt32LE(96_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) =>
    file.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 44 + 2 * i),
  );
  return file;
}
