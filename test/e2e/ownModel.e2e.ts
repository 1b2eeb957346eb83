import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { tinyCaptionModel, tinyPictureModel } from "../support/tinyModel";
import { createProject, encodeBoth, goTo, importFiles, LONG, zipFile } from "./actions";

const TOKENIZER = join(import.meta.dirname, "../fixtures/tokenizers/roberta.tokenizer.json");

let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(() => site?.close());

const file = (name: string, buffer: Uint8Array) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(buffer),
});

it("adds own encoders on both sides by keyboard, and encodes with them", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  await createProject(page);
  await importFiles(page, [zipFile((await emojiSubset(12, { every: 270 })).zip)]);
  await goTo(page, "Encode");
  const add = async (side: string, files: ReturnType<typeof file>[]) => {
    const region = page.getByRole("region", { name: side });
    await region.getByRole("button", { name: "Use your own ONNX file" }).press("Enter");
    await page.getByTestId("own-model-files").setInputFiles(files);
    await page.getByRole("button", { name: "Run it on one item" }).waitFor(LONG);
    await browser?.expectAccessible();
    await browser?.screenshot(`own-model-${side}`);
    await page.getByRole("button", { name: "Run it on one item" }).press("Enter");
    await page.getByRole("button", { name: "Check it" }).press("Enter", LONG);
    await page.getByRole("button", { name: "Add this encoder" }).press("Enter", LONG);
    await region.getByRole("radio", { name: "tiny", checked: true }).waitFor(LONG);
  };
  await add("images", [file("tiny.onnx", tinyPictureModel())]);
  await add("captions", [
    file("tiny.onnx", tinyCaptionModel(700)),
    file("tokenizer.json", readFileSync(TOKENIZER)),
  ]);
  await encodeBoth(page);
  expect(await page.getByText(/could not be encoded/).count()).toBe(0);
  await browser.expectClean();
});
