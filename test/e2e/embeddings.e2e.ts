import { BlobReader, Uint8ArrayWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { downloadZip } from "client-zip";
import { afterAll, beforeAll, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { referenceSubset } from "../support/referenceSubset";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  goTo,
  importFiles,
  LONG,
  startRun,
  waitUntilAligned,
  zipFile,
} from "./actions";

const ROWS = 120;
const EVERY = 27;

let site: Preview;
let browser: TestPage;
beforeAll(async () => {
  site = await servePreview();
  browser = await openPage({ url: site.url, viewport: { width: 1440, height: 900 } });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** The reference embeddings of every 27th row with its picture, in clip-retrieval's layout. */
async function embeddingsWithPictures(): Promise<Uint8Array> {
  const { zip } = await emojiSubset(ROWS, { every: EVERY });
  const reader = new ZipReader(new BlobReader(new Blob([Uint8Array.from(zip)])), {
    useWebWorkers: false,
  });
  const pictures = (await reader.getEntries()).filter(
    (entry): entry is FileEntry => !entry.directory && entry.filename !== "metadata.csv",
  );
  const files = [
    ...referenceSubset(ROWS, EVERY),
    ...(await Promise.all(
      pictures.map(async (entry) => ({
        name: entry.filename,
        input: await entry.getData(new Uint8ArrayWriter()),
      })),
    )),
  ];
  return new Uint8Array(await downloadZip(files).arrayBuffer());
}

it("goes from imported embeddings straight to Align, and searches with words once their encoder is named", async () => {
  const { page } = browser;
  await createProject(page);
  await importFiles(page, [zipFile(await embeddingsWithPictures(), "reference.zip")]);
  await page.getByRole("button", { name: `${ROWS} rows used` }).waitFor();

  await goTo(page, "Encode");
  await page.getByRole("link", { name: "Go on to Align" }).waitFor();
  await browser.expectAccessible();

  await goTo(page, "Align");
  await startRun(page, { Steps: "20", "Batch size": "64", Dimension: "64" });
  await waitUntilAligned(page);

  await goTo(page, "Query");
  await page.getByRole("button", { name: "From the held-out set" }).waitFor();
  const example = page.getByText("Held-out captions to try").locator("..").getByRole("button");
  await example.first().click();
  const images = page.getByRole("list", { name: "Images found" }).getByRole("listitem");
  await images.first().waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByLabel("Search by words").fill("a smiling face");
  await page.getByText(/came without a network/).waitFor();

  await goTo(page, "Encode");
  for (const [region, encoder] of [
    ["captions", "all-MiniLM-L6-v2"],
    ["images", "EfficientNet-Lite0"],
  ] as const) {
    const side = page.getByRole("region", { name: region });
    await side.getByLabel("These vectors were made with").selectOption({ label: encoder });
    await side.getByRole("button", { name: "Compare with it" }).click();
    const linked = side.getByText(/cosine at least/);
    await linked.waitFor(LONG);
    console.log(`${region}: ${await linked.innerText()}`);
  }
  await browser.screenshot("embeddings-linked");

  await goTo(page, "Query");
  await page.getByLabel("Search by words").fill("a smiling face");
  await images.first().waitFor();
  await browser.expectClean();
});
