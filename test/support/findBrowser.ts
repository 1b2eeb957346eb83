import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Needed on Linux for `navigator.gpu` to find an adapter (SwiftShader where there is no GPU). */
export const BROWSER_ARGUMENTS = ["--enable-unsafe-webgpu", "--no-sandbox"] as const;

const INSTALLED = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Path of a Chromium to drive: `$CHROME`, an installed one, or the one that ships as an npm
 * package (x64 Linux), unpacked once into node_modules/.cache.
 */
export async function findBrowser(): Promise<string> {
  const named = process.env["CHROME"];
  if (named) return named;
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return installed;
  const cache = join(import.meta.dirname, "../../node_modules/.cache/chromium");
  await mkdir(cache, { recursive: true });
  // Read by the package while it loads: it then brings its own NSS and expat.
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs22.x";
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = cache;
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
