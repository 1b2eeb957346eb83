import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BlobReader, ZipReader, Uint8ArrayWriter, type FileEntry } from "@zip.js/zip.js";
import { build, preview } from "vite";
import { openBrowser } from "../../src/cli/openBrowser";
import { layOutPeer } from "./encodePeer";
import type { BenchItems, BenchResult } from "./page/main";

const ROOT = join(import.meta.dirname, "../..");
const SITE = join(ROOT, ".cache/bench-site");

/** Items per round: four batches each. */
const PICTURES = { count: 64, batchSize: 16 };
const CAPTIONS = { count: 128, batchSize: 32 };

/**
 * Items per second of this page's encode worker beside transformers.js: the same ONNX files, items,
 * batch size and browser, one wasm thread each, in turns.
 */
export async function benchEncode(rounds: number): Promise<readonly string[]> {
  await buildSite();
  const server = await preview({
    root: join(ROOT, ".cache"),
    configFile: false,
    appType: "mpa", // a file that is missing is 404, not the start page
    logLevel: "warn",
    build: { outDir: "bench-site" },
    preview: { port: 0, host: "localhost" },
  });
  const { context, close } = await openBrowser({ webgpu: false });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => console.error(String(error)));
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    const { pictures, captions } = await sampleItems();
    const lines: string[] = [];
    for (const modality of ["image", "text"] as const) {
      const { batchSize } = modality === "image" ? PICTURES : CAPTIONS;
      const result = await page.evaluate(
        async ({ encoded, ...options }) => {
          const blobs = encoded.map((base64) => {
            const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
            return new Blob([bytes], { type: "image/webp" });
          });
          const { bench } = globalThis as unknown as Page;
          const { modality, batchSize, captions, rounds } = options;
          return bench({ modality, batchSize, captions, pictures: blobs }, rounds);
        },
        { modality, batchSize, captions, rounds, encoded: modality === "image" ? pictures : [] },
      );
      const items = modality === "image" ? pictures.length : captions.length;
      lines.push(...report(result, items, modality === "image" ? "images" : "captions"));
    }
    return lines;
  } finally {
    await close();
    await server.close();
  }
}

interface Page {
  bench(items: BenchItems, rounds: number): Promise<BenchResult>;
}

async function buildSite(): Promise<void> {
  rmSync(SITE, { recursive: true, force: true });
  await build({
    root: join(import.meta.dirname, "page"),
    configFile: false,
    base: "./",
    publicDir: join(ROOT, "public"),
    logLevel: "warn",
    define: { __APP_VERSION__: '"bench"', __ORT_VERSION__: '"bench"' },
    worker: { format: "es" },
    build: {
      target: "esnext",
      outDir: SITE,
      emptyOutDir: true,
      chunkSizeWarningLimit: 40_000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  layOutPeer(ROOT, SITE);
}

/** Pictures spread over the sample as base64, and captions short ones first, as ours sorts them. */
async function sampleItems(): Promise<{ pictures: string[]; captions: string[] }> {
  const archive = await readFile(join(ROOT, "public/samples/emoji.zip"));
  const reader = new ZipReader(new BlobReader(new Blob([archive])), { useWebWorkers: false });
  const entries = (await reader.getEntries()).filter((e): e is FileEntry => !e.directory);
  const bytesOf = async (entry: FileEntry) =>
    Buffer.from(await entry.getData(new Uint8ArrayWriter()));
  const images = entries.filter(({ filename }) => filename.endsWith(".webp"));
  const pictures: string[] = [];
  for (const entry of spread(images, PICTURES.count)) {
    pictures.push((await bytesOf(entry)).toString("base64"));
  }
  const metadata = entries.find(({ filename }) => filename === "metadata.csv");
  if (!metadata) throw new Error("emoji.zip holds no metadata.csv");
  const rows = (await bytesOf(metadata)).toString("utf8").trimEnd().split("\n").slice(1);
  const texts = [...new Set(rows.map((line) => line.split(",")[1] ?? ""))];
  const captions = spread(texts, CAPTIONS.count).sort((a, b) => a.length - b.length);
  await reader.close();
  return { pictures, captions };
}

function spread<T>(all: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function report({ names, times, cosine }: BenchResult, items: number, noun: string): string[] {
  const medians = times.map((each) => [...each].sort((a, b) => a - b)[each.length >> 1]!);
  // Of each pair of turns, so that what else the machine does cancels out.
  const ratios = times[0]!.map((ms, round) => times[1]![round]! / ms).sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => ratios[Math.floor(q * ratios.length)]!);
  return [
    ...names.map((name, i) => {
      const rate = ((1000 * items) / medians[i]!).toFixed(1).padStart(7);
      return `${name.padEnd(24)} ${rate} ${noun}/s   ${(medians[i]! / items).toFixed(2)} ms each`;
    }),
    `  ours is ${middle!.toFixed(2)} times as fast (middle half of ${ratios.length} rounds: ` +
      `${low!.toFixed(2)} to ${high!.toFixed(2)}); cosine between both: lowest ` +
      `${cosine.lowest.toFixed(4)}, mean ${cosine.mean.toFixed(4)}`,
  ];
}
