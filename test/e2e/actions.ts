import type { Page } from "playwright-core";

/** A file to hand to a file input. */
export interface UploadedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const zipFile = (bytes: Uint8Array, name = "emoji-subset.zip"): UploadedFile => ({
  name,
  mimeType: "application/zip",
  buffer: Buffer.from(bytes),
});

/** For what takes long on a busy machine; nothing healthy comes near it. */
export const LONG = { timeout: 240_000 };

/** From the home screen to the Data step of a new project. Returns the project's id. */
export async function createProject(page: Page): Promise<string> {
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByRole("heading", { level: 1, name: "Data" }).waitFor();
  return /#\/p\/([^/]+)\//.exec(page.url())![1]!;
}

/** Chooses files on the Data step, accepts the guesses and imports. */
export async function importFiles(page: Page, files: UploadedFile[]): Promise<void> {
  await page.getByTestId("import-files").setInputFiles(files);
  await page.getByRole("button", { name: /^Import \d/ }).click(LONG);
  await page.getByRole("region", { name: "Imported data" }).waitFor(LONG);
}

/** Goes to a step by the rail. */
export async function goTo(page: Page, step: string): Promise<void> {
  await page
    .getByRole("navigation")
    .getByRole("link", { name: new RegExp(step) })
    .first()
    .click();
  await page.getByRole("heading", { level: 1, name: step }).waitFor();
}

/** Encodes both sides to the end, from the Encode step. */
export async function encodeBoth(page: Page): Promise<void> {
  await page.getByRole("button", { name: /(Encode|Resume) both/ }).click();
  await waitUntilEncoded(page);
}

export async function waitUntilEncoded(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Go on to Align" }).waitFor(LONG);
}

/** Types these details into the form of the Align step. */
export async function fillDetails(page: Page, details: Record<string, string>): Promise<void> {
  for (const group of await page.getByRole("group", { name: "Details" }).locator("details").all()) {
    if ((await group.getAttribute("open")) === null) await group.locator("summary").first().click();
  }
  for (const [name, value] of Object.entries(details)) {
    await page.getByRole("textbox", { name, exact: true }).fill(value);
  }
}

/** Starts a run with these details, from the Align step. */
export async function startRun(page: Page, details: Record<string, string>): Promise<void> {
  await fillDetails(page, details);
  await page.getByRole("button", { name: /^Align \d/ }).click();
}

/** Waits until the selected run shows its held-out test results. */
export async function waitUntilAligned(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Test results" }).waitFor(LONG);
}

/** Everything in one store of the page's database. */
export function readStore<T>(page: Page, store: string): Promise<T[]> {
  return page.evaluate(
    (name) =>
      new Promise<T[]>((resolve, reject) => {
        const opening = indexedDB.open("playground");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const reading = db.transaction(name).objectStore(name).getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            db.close();
            resolve(reading.result as T[]);
          };
        };
      }),
    store,
  );
}

/** Long tasks (over 50 ms) of the main thread while `work` ran, in ms. */
export async function longTasksDuring(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const seen: number[] = [];
    const observer = new PerformanceObserver((list) =>
      seen.push(...list.getEntries().map(({ duration }) => Math.round(duration))),
    );
    observer.observe({ type: "longtask" });
    Object.assign(globalThis, { longTasks: { seen, observer } });
  });
  await work();
  return page.evaluate(() => {
    const { longTasks } = globalThis as unknown as {
      longTasks: { seen: number[]; observer: PerformanceObserver }; // put there above
    };
    longTasks.observer.disconnect();
    return longTasks.seen;
  });
}
