import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BROWSER_ARGUMENTS, findBrowser } from "./test/support/findBrowser";

// Cross-origin isolation buys wasm threads; the policy keeps every request on this origin.
// Sent as headers because a <meta> policy does not reach workers (docs/privacy.md).
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const SECURITY = {
  ...ISOLATION,
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self' blob:",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export default defineConfig(async ({ mode }) => ({
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  build: { target: "esnext", chunkSizeWarningLimit: 4000 },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers: ISOLATION },
  preview: { headers: SECURITY, port: 4173 },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/browser/**", "test/e2e/**"],
          setupFiles: ["test/support/setup.ts"],
          environment: "node",
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
            "papaparse",
            "idb",
            "hash-wasm",
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
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
}));
