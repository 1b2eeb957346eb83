import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseRecipeJson } from "../core/domain/recipe";
import { expandSweep } from "../core/domain/sweep";
import { AppError } from "../core/errors";
import { ensureBuild } from "./build";
import { openBrowser } from "./openBrowser";
import { keepProfilePort, profilePort } from "./profilePort";
import { ProgressReport } from "./progressReport";
import { parseRecipeArguments, USAGE, UsageError, type RecipeArguments } from "./recipeArguments";
import { RecipeFailure, runRecipeInPage } from "./recipePage";
import { resultTable } from "./resultTable";
import { servePreview } from "./servePreview";
import { sweepTable } from "./sweepTable";

const ROOT = join(import.meta.dirname, "../..");

async function run(args: RecipeArguments): Promise<void> {
  const { recipe, dataPath } = await readRecipe(args);
  const report = new ProgressReport(process.stderr, () => performance.now());
  report.show("building the site");
  await ensureBuild(ROOT);
  const profileDir = args.profileDir === null ? null : resolve(args.profileDir);
  const site = await servePreview(ROOT, profileDir === null ? 0 : await profilePort(profileDir));
  try {
    if (profileDir !== null) await keepProfilePort(profileDir, site.port);
    report.show("starting the browser");
    const browser = await openBrowser(profileDir === null ? {} : { profileDir });
    const stop = () => void browser.close();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    try {
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      const results = await runRecipeInPage(page, {
        siteUrl: site.url,
        recipe,
        dataPath,
        device: args.device,
        mayDownload: args.mayDownload,
        onProgress: (text, fraction) => report.show(text, fraction),
      });
      await writeFile(args.outPath, `${JSON.stringify(results, null, 2)}\n`);
      report.end();
      process.stdout.write("sweep" in results ? sweepTable(results) : resultTable(results));
      process.stdout.write(`results: ${args.outPath}\n`);
      if ("sweep" in results && results.sweep.failed.length > 0) process.exitCode = 1;
    } finally {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      await browser.close();
    }
  } finally {
    report.end();
    await site.close();
  }
}

/** The recipe to run, checked, and where its data lies; `--data` wins over the recipe's own. */
async function readRecipe(
  args: RecipeArguments,
): Promise<{ recipe: unknown; dataPath: string | null }> {
  if (!existsSync(args.recipePath)) throw new UsageError(`no file ${args.recipePath}`);
  const written = parseRecipeJson(await readFile(args.recipePath, "utf8"));
  const recipe =
    args.dataPath === null || typeof written !== "object"
      ? written
      : { ...written, data: { path: args.dataPath } };
  const data = expandSweep(recipe).recipes[0]?.data;
  if (!data || !("path" in data)) return { recipe, dataPath: null };
  const dataPath =
    args.dataPath === null ? resolve(dirname(args.recipePath), data.path) : resolve(args.dataPath);
  if (!existsSync(dataPath)) throw new UsageError(`no data at ${dataPath}`);
  return { recipe, dataPath };
}

/** What a person should read of a failure: no stack for what they can act on themselves. */
function explain(thrown: unknown): string {
  if (thrown instanceof UsageError) return `${thrown.message}\n\n${USAGE}`;
  if (thrown instanceof AppError) return thrown.fullText;
  if (thrown instanceof RecipeFailure) return thrown.message;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

try {
  const args = parseRecipeArguments(process.argv.slice(2));
  if (args === "help") process.stdout.write(USAGE);
  else await run(args);
} catch (thrown) {
  process.stderr.write(`${explain(thrown)}\n`);
  process.exitCode = 1;
}
