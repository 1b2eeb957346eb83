import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 250_000; // gzip: about 2 s on a slow phone connection (1 Mbit/s)

/** Strings that only these libraries' own code contains. */
const MARKERS = {
  onnxruntime: "ort-wasm-simd-threaded",
  tfjs: "gradient function not found",
} as const;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

/**
 * What is wrong with the build's first load: more than 250 kB of gzipped script before anything
 * shows, or a heavy library in it. Empty when all is well.
 *
 * Each marker must be found in some other chunk, or the search itself has gone blind.
 */
export function checkBundle(dist: string): { readonly summary: string; readonly faults: string[] } {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >; // Vite's documented manifest
  const entry = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  const first = [...reachable(manifest, entry)];
  const code = (file: string) => readFileSync(join(dist, file), "utf8");
  const bytes = first.reduce((sum, file) => sum + gzipSync(code(file), { level: 9 }).length, 0);
  const later = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.m?js$/.test(file) && !first.includes(file),
  );
  const faults: string[] = [];
  if (first.length === 0) faults.push("the manifest names no entry");
  if (bytes > LIMIT_BYTES) faults.push(`first load is ${kilobytes(bytes)}, over 250 kB gzip`);
  for (const [library, marker] of Object.entries(MARKERS)) {
    for (const file of first.filter((name) => code(name).includes(marker))) {
      faults.push(`${file}, part of the first load, contains ${library}`);
    }
    if (!later.some((name) => code(name).includes(marker))) {
      faults.push(`“${marker}” is nowhere in the build: the search for ${library} sees nothing`);
    }
  }
  return { summary: `first load ${kilobytes(bytes)} gzip in ${first.length} files`, faults };
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

/** Files of the given chunks and of everything they import statically. */
function reachable(manifest: Record<string, Chunk>, keys: readonly string[]): Set<string> {
  const files = new Set<string>();
  const queue = [...keys];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) continue;
    files.add(chunk.file);
    queue.push(...(chunk.imports ?? []));
  }
  return files;
}
