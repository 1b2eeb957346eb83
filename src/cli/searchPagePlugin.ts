import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";
import { SEARCH_PAGE_FILES, SEARCH_PAGE_FOLDER } from "../core/domain/searchPage.ts";
import { partScript } from "../core/formats/searchPageFiles.ts";

const ROOT = join(import.meta.dirname, "../..");
const DEFINE = { "process.env.NODE_ENV": '"production"' };

/**
 * The program of exported search pages, beside the app in `search-page/`: classic scripts, because
 * they also run from `file://`. The development server makes them when they are first asked for.
 */
export function searchPagePlugin(): Plugin {
  return {
    name: "search-page",
    async writeBundle({ dir = "dist" }) {
      await buildSearchPage(join(dir, SEARCH_PAGE_FOLDER));
    },
    configureServer({ middlewares }) {
      let built: Promise<string> | undefined;
      middlewares.use(`/${SEARCH_PAGE_FOLDER}/`, (request, response, next) => {
        const name = SEARCH_PAGE_FILES.find((file) => request.url === `/${file}`);
        if (!name) return next();
        built ??= buildIntoTemporary();
        built.then((folder) => {
          response.setHeader(
            "Content-Type",
            name.endsWith(".css") ? "text/css" : "text/javascript",
          );
          response.end(readFileSync(join(folder, name)));
        }, next);
      });
    },
  };
}

async function buildIntoTemporary(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "search-page-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await buildSearchPage(folder);
  return folder;
}

/** Writes `SEARCH_PAGE_FILES` into `folder`. */
export async function buildSearchPage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await buildScript("src/searchPage/main.tsx", "page", folder);
  const temporary = mkdtempSync(join(tmpdir(), "search-page-"));
  try {
    await buildScript("src/searchPage/page.worker.ts", "worker", temporary);
    const program = readFileSync(join(temporary, "worker.js"));
    writeFileSync(join(folder, "worker.js"), partScript("worker", 0, program.toString("base64")));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  const runtime = gzipSync(readFileSync(runtimeFile("ort-wasm-simd-threaded.wasm")), { level: 9 });
  writeFileSync(join(folder, "runtime.js"), partScript("runtime", 0, runtime.toString("base64")));
}

/** One script without modules, and its styles beside it, with everything they name inside. */
async function buildScript(entry: string, name: string, outDir: string): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: DEFINE,
    plugins: [withoutModuleAddress()],
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      lib: {
        entry: join(ROOT, entry),
        formats: ["iife"],
        name: "page",
        fileName: () => `${name}.js`,
        cssFileName: name,
      },
    },
  });
}

/**
 * ONNX Runtime asks where its module lies, to load its wasm from there. A classic script has no such
 * address, and the page hands the wasm over itself.
 */
function withoutModuleAddress(): Plugin {
  return {
    name: "without-module-address",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("onnxruntime-web") ? code.replaceAll("import.meta.url", "(void 0)") : null,
  };
}

function runtimeFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-web");
  return join(dirname(entry), name);
}
