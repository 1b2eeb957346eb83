import { statSync } from "node:fs";
import type { Page } from "playwright-core";
import type { DevicePreference } from "../core/domain/encoder";
import { AppError } from "../core/errors";
import { recipeLinkOf } from "../core/formats/recipeLink";
import type { RecipeResults, SweepResults } from "../core/domain/recipeResults";

/** Detail of the page's `playground:recipe` events. */
export type RecipeEvent =
  | { readonly type: "progress"; readonly text: string; readonly fraction?: number }
  | { readonly type: "done"; readonly results: RecipeResults | SweepResults }
  | { readonly type: "failed"; readonly message: string };

export interface RecipeJob {
  readonly siteUrl: string;
  /** As parsed from JSON; lists make it a sweep. */
  readonly recipe: unknown;
  /** A zip or a folder, when the recipe's data is a path. */
  readonly dataPath: string | null;
  readonly device: DevicePreference;
  /** Consent to fetch encoders from the hub; without it a recipe that needs them fails. */
  readonly mayDownload?: boolean;
  readonly onProgress: (text: string, fraction?: number) => void;
}

/** The recipe failed in the page; the message is what a visitor would read. */
export class RecipeFailure extends Error {
  override readonly name = "RecipeFailure";
}

const ASK_MS = 10_000; // the question is drawn at once; a busy machine takes a second
const PAGE_READY_MS = 60_000; // a cold start on a busy two-core machine takes about 5 s

/**
 * Runs a recipe in an open page, as a visitor would: opens its link, hands over the files, presses
 * “Run recipe”.
 *
 * @throws RecipeFailure when the page reports a failure or crashes.
 */
export async function runRecipeInPage(
  page: Page,
  job: RecipeJob,
): Promise<RecipeResults | SweepResults> {
  const { outcome, lastPageError } = await listen(page, job.onProgress);
  // Handled at the end; a failure while the page is being prepared must not go unobserved.
  outcome.catch(() => undefined);
  const query = job.device === "auto" ? "" : `?device=${job.device}`;
  await page.goto(`${job.siteUrl}${query}#${recipeLinkOf(JSON.stringify(job.recipe))}`);
  const run = page.getByRole("button", { name: "Run recipe" });
  const ready = run.waitFor({ timeout: PAGE_READY_MS }).catch((cause: unknown) => {
    const detail = lastPageError() ?? "it never offered “Run recipe”";
    throw new RecipeFailure(`The page did not get ready: ${detail}.`, { cause });
  });
  await Promise.race([outcome, ready, refusal(page)]);
  if (job.dataPath !== null) {
    const isFolder = statSync(job.dataPath).isDirectory();
    const input = page.getByTestId(isFolder ? "recipe-folder" : "recipe-files");
    await Promise.race([outcome, input.setInputFiles(job.dataPath)]);
  }
  await Promise.race([outcome, run.click({ timeout: PAGE_READY_MS })]);
  return Promise.race([outcome, consent(page, job.mayDownload ?? false)]);
}

/** Answers the page's question about downloads, if it asks; never resolves by itself. */
async function consent(page: Page, mayDownload: boolean): Promise<never> {
  const agree = page.getByRole("dialog").getByRole("button", { name: /^Download .* and run$/ });
  const asked = await agree.waitFor({ timeout: ASK_MS }).then(
    () => true,
    () => false, // it runs without asking: `outcome` decides
  );
  if (asked && mayDownload) await agree.click();
  if (!asked || mayDownload) return new Promise<never>(() => {});
  const names = await page.getByRole("dialog").getByRole("definition").allInnerTexts();
  const error = new AppError("encoder/not-downloaded", names.join(", "));
  throw new RecipeFailure(`${error.message} Run again with --download to agree to this.`);
}

/** Rejects with the page's own words when it shows an error instead of an offer to run. */
function refusal(page: Page): Promise<never> {
  const note = page.getByRole("alert").first();
  return note.waitFor({ timeout: PAGE_READY_MS }).then(
    async () => {
      throw new RecipeFailure((await note.locator("p").allInnerTexts()).join(" "));
    },
    () => new Promise<never>(() => {}), // no error was shown: `ready` decides
  );
}

async function listen(page: Page, onProgress: RecipeJob["onProgress"]) {
  const { promise, resolve, reject } = withResolvers<RecipeResults | SweepResults>();
  let pageError: string | undefined;
  page.on("pageerror", (error) => (pageError = error.message));
  page.once("crash", () => reject(new RecipeFailure("The page crashed.")));
  page.once("close", () => reject(new RecipeFailure("The browser was closed.")));
  await page.exposeFunction("tellRecipeRunner", (event: RecipeEvent) => {
    if (event.type === "progress") onProgress(event.text, event.fraction);
    else if (event.type === "done") resolve(event.results);
    else reject(new RecipeFailure(event.message));
  });
  await page.addInitScript(() => {
    addEventListener("playground:recipe", (event) => {
      const { tellRecipeRunner } = globalThis as unknown as {
        tellRecipeRunner: (detail: unknown) => void; // put there by exposeFunction
      };
      tellRecipeRunner((event as CustomEvent<unknown>).detail);
    });
  });
  return { outcome: promise, lastPageError: () => pageError };
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  return { promise, resolve, reject };
}
