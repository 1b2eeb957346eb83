import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/cli/servePreview";
import type { RecipeResults, SweepResults } from "../../src/core/domain/recipeResults";
import { emojiSubset, type EmojiSubset } from "../support/emojiSubset";
import { openPage } from "../support/launch";
import { servePreview } from "../support/servePreview";

let folder: string;
let subset: EmojiSubset;
let site: Preview;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-recipe-"));
  subset = await emojiSubset(120, { every: 27 });
  await writeFile(join(folder, "pairs.zip"), subset.zip);
  site = await servePreview();
});
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

const recipe = (align: object, data: object = { path: "pairs.zip" }) => ({
  version: 1,
  name: "subset",
  data,
  align: { steps: 20, batchSize: 64, dimension: 64, ...align },
  evaluate: { zeroShot: { label: "category" }, baselines: ["chance", "procrustes"] },
});

/** Runs `npm run recipe` on a recipe in the test's folder. */
async function runCommand(content: object, ...options: string[]) {
  const file = join(folder, "recipe.json");
  await writeFile(file, JSON.stringify(content));
  const tsx = join("node_modules", "tsx", "dist", "cli.mjs");
  const child = spawn(process.execPath, [tsx, "src/cli/recipe.ts", file, ...options]);
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { ...text, exitCode };
}

it("runs from the command line, beside the recipe's own data, and writes results.json", async () => {
  const outPath = join(folder, "results.json");
  const { exitCode, out, err } = await runCommand(
    recipe({}),
    ...["--device", "wasm", "--out", outPath],
  );
  expect(err).not.toMatch(/error/i);
  expect(exitCode).toBe(0);
  expect(out).toContain("held-out test: 14 queries, gallery of 14");
  const results = JSON.parse(await readFile(outPath, "utf8")) as RecipeResults;
  expect(results).toMatchObject({
    recipe: { version: 1, align: { method: "freeze-align", steps: 20, fuseMix: "auto" } },
    data: { items: { image: 120, text: 118 }, pairs: 120, groups: 113, skipped: [] },
    splits: { train: 98, validation: 8, test: 14 },
    test: { imageToText: { gallery: 14, queries: 14 }, zeroShot: { classes: 9 } },
    timings: { steps: 20 },
    device: { encode: "wasm", align: "wasm", adapter: null, threads: 1 },
  });
  for (const side of [results.test, results.baselines["procrustes"]!]) {
    for (const { recall } of [side.imageToText, side.textToImage]) {
      for (const k of ["1", "5", "10"]) {
        const { value, low, high } = recall[k]!;
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
      }
    }
  }
});

it("runs every combination of a recipe with lists, and exits with 1 when one of them failed", async () => {
  const outPath = join(folder, "sweep.json");
  const { exitCode, out } = await runCommand(
    recipe({ method: ["procrustes", "ridge"], trainOn: [5, "all"] }),
    ...["--device", "wasm", "--out", outPath],
  );
  expect(exitCode).toBe(1);
  expect(out).toContain("subset: 2 of 4 runs");
  expect(out).toMatch(/procrustes, all +\d+\.\d %/);
  expect(out).toMatch(/procrustes, 5: There are too few pairs/);
  const { sweep } = JSON.parse(await readFile(outPath, "utf8")) as SweepResults;
  expect(sweep.runs.map(({ at }) => Object.values(at))).toEqual([
    ["procrustes", "all"],
    ["ridge", "all"],
  ]);
  expect(sweep.runs.map(({ recipe: { align } }) => align.method)).toEqual(["procrustes", "ridge"]);
  expect(sweep.failed.map(({ code }) => code)).toEqual(["data/too-few", "data/too-few"]);
});

it("names an unknown key before anything is built or opened", async () => {
  const { exitCode, err } = await runCommand(recipe({ temperature: 1 }));
  expect(exitCode).toBe(1);
  expect(err).toContain('unknown key "temperature" in align');
});

it("shows what a linked recipe will do before it does anything", async () => {
  const browser = await openPage({ url: site.url });
  try {
    const { page } = browser;
    await page.getByRole("button", { name: "Open the emoji recipe" }).click();
    await page.getByText("emoji, freeze-align head").first().waitFor();
    expect(page.url()).toContain("#/recipe=");
    await page.getByRole("button", { name: "Run recipe" }).waitFor();
    await browser.expectAccessible();
    await page.goto(`${site.url}#/`);
    await page.getByRole("heading", { name: /Align two frozen encoders/ }).waitFor();
    expect(await page.getByRole("link", { name: "emoji, freeze-align head" }).count()).toBe(0);
    await page.goto(`${site.url}#recipe=bm90IGEgcmVjaXBl`);
    await page.getByText(/The recipe is not valid/).waitFor();
    await browser.expectClean();
  } finally {
    await browser.close();
  }
});
