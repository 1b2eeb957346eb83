import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../../src/cli/openBrowser";
import { profilePort } from "../../src/cli/profilePort";
import { servePreview } from "../../src/cli/servePreview";

// `npx tsx test/support/takeScreenshots.ts PROFILE FOLDER`: every screen of the first project in a
// profile that `npm run recipe -- … --profile PROFILE` left behind, light and dark, at three sizes.

const SIZES = [
  { name: "", width: 1440, height: 900 },
  { name: "-tablet", width: 1024, height: 768 },
  { name: "-phone", width: 390, height: 844 },
] as const;

const [profileDir, folder] = process.argv.slice(2);
if (!profileDir || !folder) throw new Error("name a profile folder and a folder for the pictures");
mkdirSync(folder, { recursive: true });

const site = await servePreview(process.cwd(), await profilePort(profileDir));
const { context, close } = await openBrowser({ profileDir, viewport: SIZES[0] });
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(site.url);
  const project = page.locator('a[href*="#/p/"]').first();
  await project.waitFor();
  const path = /#\/p\/[^/]+/.exec((await project.getAttribute("href")) ?? "")?.[0] ?? "";
  const screens = [
    ["home", "#/"],
    ["data", `${path}/data`],
    ["encode", `${path}/encode`],
    ["align", `${path}/align`],
    ["query", `${path}/query`],
    ["take-away", `${path}/take-away`],
    ["licences", "#/licences"],
  ] as const;
  for (const { name: size, ...viewport } of SIZES) {
    await page.setViewportSize(viewport);
    for (const [name, hash] of screens) {
      await page.goto(`${site.url}${hash}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      if (name === "query") {
        await page.getByLabel("Search by words").fill("a red fruit");
        await page.getByRole("list", { name: "Images found" }).waitFor({ timeout: 60_000 });
      }
      await page.waitForTimeout(1_500); // pictures of the grid load from the database
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(folder, `${name}${size}-${colorScheme}.png`) });
      }
      await page.emulateMedia({ colorScheme: "light" });
    }
  }
} finally {
  await close();
  await site.close();
}
