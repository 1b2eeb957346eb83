import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser } from "../../src/cli/openBrowser";
import { runRecipeInPage } from "../../src/cli/recipePage";
import type { Preview } from "../../src/cli/servePreview";
import { resolveRecipe } from "../../src/core/domain/recipe";
import type { RecipeResults } from "../../src/core/domain/recipeResults";
import { FIXTURE_PAIRS, LAYOUTS } from "../support/formatFixtures";
import { servePreview } from "../support/servePreview";

let folder: string;
let site: Preview;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-formats-"));
  site = await servePreview();
});
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

// Not every layout can name splits and families, so they are drawn: what is left is the same pairs.
const recipe = resolveRecipe({
  version: 1,
  name: "any format",
  data: { path: "data", columns: { split: "ignore", family: "ignore", category: "ignore" } },
  align: { method: "ridge" },
  evaluate: { baselines: ["chance", "procrustes"] },
});

/**
 * One of each kind of container here: a folder, a tar, JSON beside pictures, Parquet. That all eight
 * hold the same pairs is the unit lane's; `ALL_LAYOUTS=1` asks all of them for the same metrics.
 */
const NAMES = process.env["ALL_LAYOUTS"]
  ? (Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[]) // the only keys
  : ([
      "imagefolder, csv",
      "WebDataset tar",
      "COCO captions",
      "Parquet with embedded images",
    ] as const);

it("gives the same metrics whatever layout the pairs came in", async () => {
  const results = new Map<string, RecipeResults>();
  // One profile: the first layout encodes, the others find its embeddings by content.
  const browser = await openBrowser({ profileDir: join(folder, "profile"), webgpu: true });
  try {
    for (const name of NAMES) {
      const { write } = LAYOUTS[name];
      const dataPath = join(folder, name);
      await mkdir(dataPath);
      await write(dataPath);
      const page = await browser.context.newPage();
      const job = { siteUrl: site.url, recipe, dataPath, device: "wasm" } as const;
      const given = await runRecipeInPage(page, { ...job, onProgress: () => {} });
      if ("sweep" in given) throw new Error("a plain recipe gives plain results");
      results.set(name, given);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  const [first, ...others] = [...results.values()].map(({ data, splits, test, baselines }) => {
    return rounded({ data, splits, test, baselines });
  });
  expect(first?.data).toMatchObject({ pairs: FIXTURE_PAIRS, skipped: [] });
  expect(first?.test.textToImage.recall["10"]?.value).toBeGreaterThan(0.2);
  for (const other of others) expect(other).toEqual(first);
});

/**
 * Another order of rows is another order of summing, so the last digits of a mean may differ, and
 * another list of queries, whose digest says for which runs ranks can be compared one by one.
 */
function rounded<T>(results: T): T {
  const toTenDigits = (key: string, value: unknown) => {
    if (key === "queries" && typeof value === "string") return undefined;
    return typeof value === "number" ? Number(value.toPrecision(10)) : value;
  };
  return JSON.parse(JSON.stringify(results, toTenDigits)) as T;
}
