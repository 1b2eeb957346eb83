import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { encoderById } from "../../src/core/catalogue/encoders";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { mirrorHub, type Mirror } from "../support/mirrorHub";
import { servePreview } from "../support/servePreview";
import { tinyTextTransformer, tinyVisionTransformer } from "../support/tinyTokenModels";
import { createProject, encodeBoth, goTo, importFiles, LONG, zipFile } from "./actions";

const PART_BYTES = 8 * 1024 * 1024;
const vit = encoderById("vit-base-patch16-224-in21k");
const bge = encoderById("bge-base-en-v1.5");

const vision = tinyVisionTransformer(224, vit.width, PART_BYTES + 1_000_000);

let mirror: Mirror;
let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  const model = (name: string) => readFile(`public/models/all-minilm-l6-v2/${name}`);
  mirror = await mirrorHub(bge.source, [
    { path: "onnx/model_quantized.onnx", bytes: tinyTextTransformer(bge.width), lfs: true },
    { path: "tokenizer.json", bytes: await model("tokenizer.json") },
    { path: "tokenizer_config.json", bytes: await model("tokenizer_config.json") },
  ]);
  mirror.add(vit.source, [{ path: "onnx/model.onnx", bytes: vision, lfs: true }], vit.revision);
  process.env["PLAYGROUND_HUB"] = mirror.url; // the policy of this server, not of the build
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(async () => {
  delete process.env["PLAYGROUND_HUB"];
  await site?.close();
  await mirror?.close();
});

/** Types the mirror's address into the settings. */
async function useMirror({ page }: TestPage): Promise<void> {
  const settings = page.locator("details").filter({ hasText: "Settings" }).first();
  await settings.locator("summary").click();
  await page.getByRole("textbox", { name: "Model hub" }).fill(mirror.url);
  await page.getByRole("textbox", { name: "Model hub" }).press("Enter");
  await page.keyboard.press("Escape");
}

/** Unfolds the encoders of one side and agrees to the download of one. */
async function download({ page }: TestPage, side: "images" | "captions", name: string) {
  const region = page.getByRole("region", { name: side });
  const folded = region.locator("details").filter({ hasText: "More encoders" });
  if ((await folded.getAttribute("open")) === null) await folded.locator("summary").click();
  await region.getByRole("button", { name: `Download ${name}`, exact: true }).click();
  return page.getByRole("dialog", { name: `Download ${name}?` });
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("radio", { name }).click(LONG);
  await page.getByRole("radio", { name, checked: true }).waitFor();
}

it("downloads after consent, resumes after a reload, and then never leaves the site", async () => {
  browser = await openPage({ url: site.url, webgpu: false });
  const { page, context } = browser;
  await page.getByRole("main").getByText("Nothing leaves this browser: 0 requests").waitFor();
  await createProject(page);
  const subset = await emojiSubset(40, { every: 81 });
  await importFiles(page, [zipFile(subset.zip)]);
  await useMirror(browser);
  await goTo(page, "Encode");

  // The connection breaks after one part, and the next attempt finds nobody.
  let asked = 0;
  mirror.intercept = (request, response) => {
    if (!request.url?.endsWith("onnx/model.onnx")) return false;
    if (asked++ > 0) {
      response.destroy();
      return true;
    }
    response.writeHead(200, { "content-length": vision.length });
    response.write(vision.subarray(0, PART_BYTES + 9), () =>
      setTimeout(() => response.destroy(), 100),
    );
    return true;
  };
  const question = await download(browser, "images", vit.name);
  await question.getByText(/nothing but the request for these files/).waitFor();
  expect(mirror.requests).toEqual([]);
  await browser.expectAccessible();
  await question.getByRole("button", { name: /^Download \d/ }).click();
  await page.getByText("The encoder cannot be downloaded.").waitFor(LONG);
  mirror.intercept = () => false;

  await page.reload();
  mirror.requests.length = 0;
  const again = await download(browser, "images", vit.name);
  await page.getByText(/8\.4 MB are here already/).waitFor();
  await again.getByRole("button", { name: /^Download \d/ }).click();
  await choose(page, vit.name);
  expect(mirror.requests.at(-1)).toContain(`bytes=${PART_BYTES}-`);

  const text = await download(browser, "captions", bge.name);
  await text.getByRole("button", { name: /^Download \d/ }).click();
  await choose(page, bge.name);
  await page.getByRole("combobox", { name: "Pooling" }).first().selectOption("cls+mean");

  // From here on nobody answers but the site itself.
  const before = mirror.requests.length;
  await context.route(
    (url) => url.origin !== new URL(site.url).origin && url.protocol.startsWith("http"),
    (route) => route.abort(),
  );
  await encodeBoth(page);
  await goTo(page, "Data"); // its script is fetched from this site when first seen
  await goTo(page, "Encode");
  await context.setOffline(true);
  await goTo(page, "Data");
  expect(mirror.requests.length).toBe(before);
  const foreign = browser.faults.filter((fault) => fault.startsWith("foreign request"));
  expect(foreign.every((fault) => fault.includes(`${mirror.url}/`))).toBe(true);
  await browser.expectClean(/foreign request|ERR_|Failed to load resource|No available adapters/);
});
