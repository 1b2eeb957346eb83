import { downloadZip } from "client-zip";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import { createProject, goTo, importFiles, zipFile } from "./actions";

let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(() => site?.close());

/** A real picture, different for every shade. */
function picture(shade: number): Uint8Array<ArrayBuffer> {
  const png = new PNG({ width: 8, height: 8 });
  for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : (shade * i) % 251;
  return new Uint8Array(PNG.sync.write(png));
}

/** A picture whose header promises 900 megapixels. */
function bomb(): Uint8Array<ArrayBuffer> {
  const bytes = picture(1);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 30_000);
  view.setUint32(20, 30_000);
  return bytes;
}

const HOSTILE = [
  `<img src=x onerror="globalThis.pwned = 1">`,
  `<svg onload="globalThis.pwned = 1"></svg>`,
  "javascript:globalThis.pwned = 1",
  '=HYPERLINK("http://evil.example";"click")',
  "-2+3+cmd|' /C calc'!A0",
  "photo\u202Egnp.exe",
  "__proto__",
];
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

async function hostileZip(): Promise<Uint8Array> {
  const rows = HOSTILE.map((caption, i) => `p${i}.png,${quoted(caption)},${quoted(caption)}`);
  const csv = ["file_name,text,__proto__", ...rows, "evil.svg,a drawing,x", "bomb.png,a bomb,x"];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>globalThis.pwned = 1</script></svg>`;
  const files = [
    { name: "metadata.csv", input: csv.join("\n") },
    ...HOSTILE.map((_, i) => ({ name: `p${i}.png`, input: picture(i + 2) })),
    { name: "evil.svg", input: svg },
    { name: "bomb.png", input: bomb() },
  ];
  return new Uint8Array(await downloadZip(files).arrayBuffer());
}

it("shows captions, labels and file names as text, whatever they say", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  page.on("dialog", () => expect.unreachable("a dialog opened"));
  await createProject(page);
  await importFiles(page, [zipFile(await hostileZip(), `<b onclick="pwned=1">.zip`)]);
  await page.getByText(HOSTILE[0]!).first().waitFor();
  expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
  await browser.expectClean();
});

it("refuses SVG and pictures of absurd size, each with its reason, and imports the rest", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  await createProject(page);
  await importFiles(page, [zipFile(await hostileZip())]);
  await page.getByRole("button", { name: "7 rows used" }).waitFor();
  await page.getByRole("button", { name: "2 skipped" }).click();
  await page.getByText("SVG is markup, not pixels").waitFor();
  await page.getByText(/too large \(30,000 × 30,000\)/).waitFor();
  await browser.expectClean();
});

it("guards formulas in the report it saves", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  await createProject(page);
  const csv = ["file_name,text", ...HOSTILE.map((caption) => `${quoted(caption)},x`), "p.png,a"];
  const files = [
    { name: "metadata.csv", input: csv.join("\n") },
    { name: "p.png", input: picture(2) },
  ];
  await importFiles(page, [zipFile(new Uint8Array(await downloadZip(files).arrayBuffer()))]);
  await page.getByRole("button", { name: /skipped/ }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /Save report/ }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const part of stream) text += String(part);
  for (const line of text.split("\r\n")) expect(line).not.toMatch(/(^|,)"?[=+@]/);
  await browser.expectClean();
});

it("reads a table of a French spreadsheet in a French browser", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  const session = await browser.context.newCDPSession(page);
  await session.send("Emulation.setLocaleOverride", { locale: "fr-FR" });
  await page.reload();
  await createProject(page);
  const csv = ["file_name;texte;poids", "a.png;un chat gris;1,5", "b.png;une tasse;2,25"].join(
    "\n",
  );
  const files = [
    { name: "metadata.csv", input: csv.replace("texte", "text") },
    { name: "a.png", input: picture(2) },
    { name: "b.png", input: picture(3) },
  ];
  await importFiles(page, [zipFile(new Uint8Array(await downloadZip(files).arrayBuffer()))]);
  await page.getByText("un chat gris").first().waitFor();
  await page.getByRole("button", { name: "2 rows used" }).waitFor();
  await browser.expectClean();
});

it("says what is wrong when the browser stores nothing", async () => {
  browser = await openPage({ url: site.url });
  const page = await browser.context.newPage();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("denied", "SecurityError");
    };
  });
  await page.goto(site.url);
  await page.getByText(/The browser refuses to store data/).waitFor();
});

it("holds no more of the page's memory after three projects than after one", async () => {
  browser = await openPage({ url: site.url });
  const { page, context } = browser;
  const session = await context.newCDPSession(page);
  const heapBytes = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  const subset = await emojiSubset(60, { every: 54 });
  const sizes: number[] = [];
  for (let project = 0; project < 4; project++) {
    await createProject(page);
    await importFiles(page, [zipFile(subset.zip)]);
    await goTo(page, "Align");
    await page.goto(`${site.url}#/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    sizes.push(await heapBytes());
  }
  // The first project loads code and warms caches; from then on nothing may pile up.
  expect(sizes.at(-1)! / sizes[1]!).toBeLessThan(1.1);
  await browser.expectClean();
});
