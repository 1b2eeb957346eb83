import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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
 *
 * For the npm one it also sets `LD_LIBRARY_PATH` and `FONTCONFIG_PATH` of this process, which the
 * browser inherits: a bare container has neither NSS nor fonts.
 */
export async function findBrowser(): Promise<string> {
  const path =
    process.env["CHROME"] || INSTALLED.find((name) => existsSync(name)) || (await unpackBrowser());
  preferBundledLibraries(dirname(path));
  return path;
}

const CHANGED_BY_PACKAGE = [
  "AWS_LAMBDA_JS_RUNTIME",
  "TMPDIR",
  "LD_LIBRARY_PATH",
  "FONTCONFIG_PATH",
];

async function unpackBrowser(): Promise<string> {
  const modules = join(import.meta.dirname, "../../node_modules");
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8")) as {
    version: string;
  }; // a package.json always has one
  const cache = join(modules, ".cache");
  const home = join(cache, `chromium-${version}`);
  const executable = join(home, "chromium");
  if (!existsSync(executable)) {
    // What is left of a cleared cache (font caches are written back by running browsers).
    await rm(home, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await unpackInto(await mkdtemp(join(cache, "unpacking-")), home);
  }
  return executable;
}

/** Unpacks beside `home` and renames, so that an interrupted or a second unpacking does no harm. */
async function unpackInto(temporary: string, home: string): Promise<void> {
  const before = CHANGED_BY_PACKAGE.map((name) => [name, process.env[name]] as const);
  process.env["AWS_LAMBDA_JS_RUNTIME"] = "nodejs22.x"; // so that it brings its own NSS and expat
  process.env["TMPDIR"] = temporary;
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
    await writeFile(join(temporary, "fonts/fonts.conf"), fontConfiguration(join(home, "fonts")));
    await rename(temporary, home).catch((thrown: unknown) => {
      if (!existsSync(home)) throw thrown; // else another process was faster
    });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The package's own file names /tmp/fonts, where we do not unpack. */
const fontConfiguration = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}-cache</cachedir>
</fontconfig>
`;

function preferBundledLibraries(home: string): void {
  const libraries = join(home, "al2023/lib");
  if (!existsSync(libraries)) return;
  const others = (process.env["LD_LIBRARY_PATH"] ?? "").split(":").filter(Boolean);
  process.env["LD_LIBRARY_PATH"] = [...new Set([libraries, ...others])].join(":");
  process.env["FONTCONFIG_PATH"] ??= join(home, "fonts");
}
