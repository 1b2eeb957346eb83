import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser } from "../../src/cli/openBrowser";
import { runRecipeInPage, type RecipeJob } from "../../src/cli/recipePage";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { decodeRecipeLink } from "../../src/core/formats/recipeLink";

// A page that speaks the recipe protocol and nothing else: it reports what it was given.
const PAGE = `<!doctype html>
<input type="file" data-testid="recipe-files" multiple>
<input type="file" data-testid="recipe-folder" webkitdirectory>
<button>Run recipe</button>
<script>
const tell = (detail) => dispatchEvent(new CustomEvent("playground:recipe", { detail }));
document.querySelector("button").addEventListener("click", () => {
  if (location.search === "?device=webgpu") return tell({ type: "failed", message: "No usable WebGPU adapter." });
  tell({ type: "progress", text: "half", fraction: 0.5 });
  const files = [...document.querySelectorAll("input")].flatMap((input) =>
    [...input.files].map((file) => input.dataset.testid + ":" + (file.webkitRelativePath || file.name)));
  tell({ type: "done", results: { files: files.sort(), hash: location.hash, search: location.search } });
});
</script>`;

let server: Server;
let folder: string;
let siteUrl: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "recipe-"));
  mkdirSync(join(folder, "set/images"), { recursive: true });
  writeFileSync(join(folder, "set/metadata.csv"), "file_name,text\n");
  writeFileSync(join(folder, "set/images/a.png"), "a");
  writeFileSync(join(folder, "set.zip"), "zip");
  server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(PAGE));
  await once(server.listen(0, "localhost"), "listening");
  siteUrl = `http://localhost:${(server.address() as AddressInfo).port}/`; // TCP, so never a path
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const recipe = resolveRecipe({ version: 1, name: "caf\u00e9 \u{1F98A}", data: { path: "set" } });

async function run(change: Partial<RecipeJob>) {
  const progress: unknown[] = [];
  const browser = await openBrowser();
  try {
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const results: unknown = await runRecipeInPage(page, {
      siteUrl,
      recipe,
      dataPath: null,
      device: "auto",
      onProgress: (...args) => progress.push(args),
      ...change,
    });
    return { results: results as Record<string, string>, progress };
  } finally {
    await browser.close();
  }
}

it("hands over the recipe and a folder, and reports progress and results", async () => {
  const { results, progress } = await run({ dataPath: join(folder, "set") });
  expect(results["files"]).toEqual([
    "recipe-folder:set/images/a.png",
    "recipe-folder:set/metadata.csv",
  ]);
  expect(decodeRecipeLink(results["hash"] ?? "").recipes).toEqual([recipe]);
  expect(results["search"]).toBe("");
  expect(progress).toEqual([["half", 0.5]]);
});

it("hands over a zip and the device", async () => {
  const { results } = await run({ dataPath: join(folder, "set.zip"), device: "wasm" });
  expect(results["files"]).toEqual(["recipe-files:set.zip"]);
  expect(results["search"]).toBe("?device=wasm");
});

it("fails with the very text the page shows", async () => {
  await expect(run({ device: "webgpu" })).rejects.toThrow(/^No usable WebGPU adapter\.$/);
});
