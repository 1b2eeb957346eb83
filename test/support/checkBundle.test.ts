import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkBundle } from "./checkBundle";

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "dist-"));
});
afterEach(() => rmSync(dist, { recursive: true }));

const HEAVY = { "worker.js": "ort-wasm-simd-threaded", "tf.js": "gradient function not found" };

function build(files: Record<string, string>): void {
  const manifest = {
    "index.html": { file: "main.js", isEntry: true, imports: ["_shared"], dynamicImports: ["_tf"] },
    _shared: { file: "shared.js", imports: ["index.html"] },
    _tf: { file: "tf.js" },
  };
  mkdirSync(join(dist, ".vite"));
  writeFileSync(join(dist, ".vite/manifest.json"), JSON.stringify(manifest));
  for (const [name, code] of Object.entries(files)) writeFileSync(join(dist, name), code);
}

it("accepts heavy libraries that load later", () => {
  build({ "main.js": "1", "shared.js": "2", ...HEAVY });
  expect(checkBundle(dist).faults).toEqual([]);
});

it("finds a heavy library behind a static import", () => {
  build({ "main.js": "1", "shared.js": 'x("ort-wasm-simd-threaded")', ...HEAVY });
  expect(checkBundle(dist).faults).toEqual([
    "shared.js, part of the first load, contains onnxruntime",
  ]);
});

it("adds up everything that loads first, compressed", () => {
  const noise = (bytes: number) => randomBytes(bytes).toString("base64"); // gzip regains 3/4
  build({ "main.js": noise(130_000), "shared.js": noise(130_000), ...HEAVY });
  expect(checkBundle(dist).faults).toEqual([expect.stringMatching(/first load is 26\d kB, over/)]);
});

it("says so when its markers have left the libraries", () => {
  build({ "main.js": "1", "shared.js": "2", "worker.js": "3", "tf.js": "4" });
  expect(checkBundle(dist).faults).toHaveLength(2);
});
