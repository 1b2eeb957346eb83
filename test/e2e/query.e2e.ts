import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { Preview } from "../../src/cli/servePreview";
import type { Project } from "../../src/core/domain/project";
import { emojiSubset } from "../support/emojiSubset";
import { openPage, type TestPage } from "../support/launch";
import { servePreview } from "../support/servePreview";
import {
  createProject,
  encodeBoth,
  goTo,
  importFiles,
  LONG,
  readStore,
  startRun,
  waitUntilAligned,
  zipFile,
} from "./actions";

let site: Preview;
let browser: TestPage | undefined;
beforeAll(async () => {
  site = await servePreview();
});
afterEach(() => browser?.close());
afterAll(() => site?.close());

it("finds, combines, filters, keeps and shares queries, by keyboard and on a phone", async () => {
  browser = await openPage({ url: site.url });
  const { page } = browser;
  await createProject(page);
  const { zip } = await emojiSubset(120, { every: 27 });
  await importFiles(page, [zipFile(zip)]);
  await goTo(page, "Encode");
  await encodeBoth(page);
  await goTo(page, "Align");
  await startRun(page, { Steps: "40", "Batch size": "64", Dimension: "64" });
  await waitUntilAligned(page);

  await findInTwoActions(page);
  await browser.expectAccessible();
  await combine(page);
  await browser.expectAccessible();
  await walkByKeyboard(page);
  await browser.expectAccessible();
  await browser.screenshot("query-inspector");
  await narrowDown(page);
  await measure(page);
  await browser.expectAccessible();
  await keepAndShare(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("list", { name: "Images found" }).getByRole("listitem").first().waitFor();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await browser.expectAccessible();
  await browser.screenshot("query-phone");
  await browser.expectClean();
});

const found = (page: Page, name = "Images found") =>
  page.getByRole("list", { name }).getByRole("listitem");
const box = (page: Page) => page.getByLabel("Search by words");

/** From the open project: one action to the Query step, one to a found picture. */
async function findInTwoActions(page: Page) {
  await goTo(page, "Query");
  await page.getByRole("region", { name: "Queries to try" }).getByRole("button").first().click();
  await found(page).first().waitFor(LONG);
}

async function combine(page: Page) {
  await box(page).fill("cat - grass");
  const terms = page.getByRole("list", { name: "Terms of the query" });
  await terms.getByLabel("Weight of grass", { exact: true }).focus();
  await page.keyboard.press("ArrowLeft");
  expect(await box(page).inputValue()).toBe("cat - 1.1*grass");
  await terms.getByLabel("Remove grass").click();
  expect(await box(page).inputValue()).toBe("cat");
  await page.getByLabel("Picture to search with").setInputFiles({
    name: "dot.png",
    mimeType: "image/png",
    buffer: Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    ),
  });
  await terms.getByText("dot.png").waitFor();
  await page.getByText(/ranked 120 in/).waitFor(LONG);
  await page.getByLabel("Remove dot.png").click();
}

async function walkByKeyboard(page: Page) {
  await box(page).fill("a red heart");
  await page.getByText(/ranked 120 in/).waitFor();
  const first = found(page).first().getByRole("button").first();
  await first.focus();
  await page.keyboard.press("Space");
  const sheet = page.getByRole("complementary", { name: "Result" });
  await sheet.getByRole("heading", { name: "Rank 1 of 120" }).waitFor();
  await page.keyboard.press("End");
  await sheet.getByRole("heading", { name: "Rank 120 of 120" }).waitFor();
  await page.keyboard.press("Home");
  await sheet.getByRole("heading", { name: "Rank 1 of 120" }).waitFor();
  await page.keyboard.press("Shift+Enter");
  await found(page, "Captions found").first().waitFor();
  await page.getByRole("button", { name: "Previous query" }).click();
  expect(await box(page).inputValue()).toBe("a red heart");
  await found(page).first().waitFor();
}

async function narrowDown(page: Page) {
  await page.getByRole("button", { name: /^Filter/ }).click();
  const filter = page.getByRole("group", { name: "Filter" });
  await filter.getByLabel("training").uncheck();
  await filter.getByLabel("validation").uncheck();
  await page.getByText(/ranked \d{1,2} of 120 in/).waitFor();
  await filter.getByLabel("test").uncheck();
  await page.getByText("No image fulfils the filter: no split.").waitFor();
  await filter.getByRole("button", { name: "Rank everything" }).click();
  await page.getByText(/ranked 120 in/).waitFor();
  await page.getByRole("button", { name: /^Filter/ }).click();
}

async function measure(page: Page) {
  await page.getByRole("button", { name: "What they do" }).click();
  await page.getByRole("button", { name: "Measure what they do" }).click();
  await page.getByRole("region", { name: "Effect on recall@10" }).waitFor(LONG);
  await page.getByRole("button", { name: "CSLS", exact: true }).click();
  await page.getByText(/ranked 120 in/).waitFor(LONG);
  await page.getByRole("button", { name: "CSLS", exact: true }).click();
  await page.getByRole("button", { name: "What they do" }).click();
}

async function keepAndShare(page: Page) {
  await box(page).fill("heart - red");
  await page
    .getByRole("button", { name: /^Save(\s|$)/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Save this query…" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("pale hearts");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete pale hearts" }).waitFor();
  const [project] = await readStore<Project>(page, "projects");
  expect(project?.savedQueries?.map(({ name }) => name)).toEqual(["pale hearts"]);

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#recipe=[\w-]+&query=[\w-]+$/);
  await page.goto(link);
  await page.reload();
  await page.getByRole("region", { name: "Query in the link" }).getByText("“heart”").waitFor();
  await page.getByRole("link", { name: /^Ask it in/ }).click();
  await found(page).first().waitFor(LONG);
  expect(await box(page).inputValue()).toBe("heart - red");
  await page.reload();
  await page.getByRole("button", { name: "Saved (1)" }).click();
  await page.getByRole("button", { name: /^pale hearts/ }).click();
  await found(page).first().waitFor(LONG);
}
