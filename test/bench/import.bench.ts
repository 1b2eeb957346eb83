import { readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";
import { openBrowser } from "../../src/cli/openBrowser";
import type { ImportOutcome } from "./importPage/main";
import { watchHeaps } from "./watchHeaps";
import { writeShard } from "./writeShard";

const ROOT = join(import.meta.dirname, "../..");
const SITE = join(ROOT, ".cache/bench-import");

export interface ImportBenchOptions {
  readonly count: number;
  readonly pictureBytes: number;
}

interface Page {
  importFiles(thumbnails: boolean, cancelAt: number | null): Promise<ImportOutcome>;
}

/**
 * Imports a shard of `count` pictures through the app's own worker and storage in a headless
 * Chromium: without thumbnails, then again and stopped at a third.
 */
export async function benchImport({
  count,
  pictureBytes,
}: ImportBenchOptions): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "playground-import-"));
  const shard = join(folder, "shard-000000.tar");
  const profileDir = join(folder, "profile");
  const server = await serve();
  const { context, close } = await openBrowser({ webgpu: false, profileDir });
  try {
    const bytes = await writeShard(shard, count, pictureBytes);
    const lines = [`${count.toLocaleString("en")} pictures, tar of ${megabytes(bytes)}`];
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => console.error(String(error)));
    await page.goto(server.url);
    await page.locator("input").setInputFiles(shard);
    const run = (cancelAt: number | null) =>
      page.evaluate((at) => (globalThis as unknown as Page).importFiles(false, at), cancelAt);
    const memory = watchMemory(profileDir);
    const heaps = await watchHeaps(page);
    const whole = await run(null);
    const heap = await heaps.stop();
    const { before, peak, cpuSeconds } = memory.stop();
    if (whole.stored !== count) throw new Error(`${whole.stored} of ${count} items are stored`);
    lines.push(
      ...[`inspect ${seconds(whole.inspectMs)}`, `import ${seconds(whole.importMs)}`],
      `items per second ${Math.round((count * 1000) / whole.importMs)}`,
      // What it would be if nobody else wanted the processor: inspection included.
      `processor time of the page's process ${seconds(cpuSeconds * 1000)}`,
      `worker's heap ${megabytes(heap.total)} at most (${megabytes(heap.objects)} objects, ${megabytes(heap.buffers)} buffers; ${heap.samples} samples)`,
      `renderer memory ${megabytes(before)} before, ${megabytes(peak)} at most`,
      `longest pause of the page ${Math.round(whole.longestPauseMs)} ms`,
    );
    const stopped = await run(Math.floor(count / 3));
    if (stopped.stored !== 0) throw new Error("a stopped import left items behind");
    lines.push(
      `stopped after ${Math.round(stopped.cancelMs ?? NaN)} ms, cleaned up after ${Math.round(stopped.cleanMs ?? NaN)} ms`,
    );
    return lines;
  } finally {
    await close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serve(): Promise<{ url: string; close(): Promise<void> }> {
  await build({
    root: join(import.meta.dirname, "importPage"),
    configFile: false,
    base: "./",
    logLevel: "warn",
    define: { __APP_VERSION__: '"bench"', __ORT_VERSION__: '"bench"' },
    worker: { format: "es" },
    build: { target: "esnext", outDir: SITE, emptyOutDir: true, chunkSizeWarningLimit: 40_000 },
  });
  const server = await preview({
    ...{ root: ROOT, configFile: false, logLevel: "warn" },
    build: { outDir: SITE },
    preview: { port: 0, host: "localhost" },
  });
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

/** Resident memory and time of the browser's largest page process, worker included (Linux). */
function watchMemory(profileDir: string) {
  const start = largestRenderer(profileDir);
  let last = start;
  let peak = start.memory;
  const timer = setInterval(() => {
    last = largestRenderer(profileDir);
    peak = Math.max(peak, last.memory);
  }, 250);
  return {
    stop() {
      clearInterval(timer);
      return { before: start.memory, peak, cpuSeconds: last.cpuSeconds - start.cpuSeconds };
    },
  };
}

const TICKS_PER_SECOND = 100; // USER_HZ of every Linux we know

function largestRenderer(profileDir: string): { memory: number; cpuSeconds: number } {
  let largest = { memory: 0, cpuSeconds: 0 };
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!command.includes("--type=renderer") || !isBelow(pid, profileDir)) continue;
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const own = ["RssAnon", "RssShmem"].map((name) => {
        return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1024;
      });
      const memory = own.reduce((sum, part) => sum + part, 0);
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      const cpuSeconds = (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
      if (memory > largest.memory) largest = { memory, cpuSeconds };
    } catch {
      continue; // it ended between two looks
    }
  }
  return largest;
}

/** True when a process above this one was started with our profile folder. */
function isBelow(pid: string, profileDir: string): boolean {
  for (let at = pid; at !== "0" && at !== "1";) {
    const command = readFileSync(`/proc/${at}/cmdline`, "utf8");
    if (command.includes(profileDir)) return true;
    at = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, "utf8"))?.[1] ?? "0";
  }
  return false;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20).toLocaleString("en")} MB`;
