import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { BROWSER_ARGUMENTS, findBrowser } from "./src/cli/findBrowser.ts";
import { headersFile, hubPolicy, ISOLATION_HEADERS, siteHeaders } from "./src/cli/headers.ts";
import { searchPagePlugin } from "./src/cli/searchPagePlugin.ts";

const hub = hubPolicy(process.env["PLAYGROUND_HUB"]);
const SITE_HEADERS = siteHeaders(hub);

const versionOf = (file: string): string =>
  (JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as { version: string }).version;

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => ({
  base: "./",
  plugins: [
    react(),
    searchPagePlugin(),
    {
      name: "headers-of-this-build", // over the copy of public/_headers, which is the default build's
      writeBundle: ({ dir = "dist" }) =>
        writeFileSync(join(dir, "_headers"), headersFile(SITE_HEADERS)),
    },
  ],
  define: {
    __HUB_ADDRESS__: JSON.stringify(hub.address),
    __APP_VERSION__: JSON.stringify(versionOf("package.json")),
    __ORT_VERSION__: JSON.stringify(versionOf("node_modules/onnxruntime-web/package.json")),
  },
  worker: { format: "es" },
  build: {
    target: "esnext",
    manifest: true,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: ISOLATION_HEADERS },
  preview: { headers: SITE_HEADERS, port: 4173 },
  test: {
    maxWorkers: "100%", // the default leaves one core idle, which on two is half of them
    // Every limit here is for what hangs, never for what a busy machine does slowly.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/browser/**", "test/e2e/**", "test/parity/**"],
          setupFiles: ["test/support/setup.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "parity",
          include: ["test/parity/**/*.test.ts"],
          environment: "node",
          testTimeout: 240_000,
        },
      },
      {
        extends: true,
        // Vite must know every worker dependency up front, or it reloads the page in mid-test.
        optimizeDeps: {
          include: [
            "@tensorflow/tfjs",
            "@tensorflow/tfjs-backend-webgpu",
            "@tensorflow/tfjs-backend-wasm",
            "@huggingface/tokenizers",
            "@zip.js/zip.js",
            "hyparquet",
            "hyparquet-compressors",
            "papaparse",
            "idb",
            "hash-wasm",
            "mediabunny",
          ],
        },
        test: {
          name: "browser",
          include: ["test/browser/**/*.browser.test.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: mode === "test" ? await findBrowser() : "",
                args: [...BROWSER_ARGUMENTS],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.e2e.ts"],
          environment: "node",
          testTimeout: 900_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
}));
