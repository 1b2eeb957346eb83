import { rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { build, preview } from "vite";
import { BROWSER_ARGUMENTS, findBrowser } from "../../src/cli/findBrowser";
import type { TrainPage } from "./trainPage/main";
import { openPytorch } from "./trainPytorch";

const ROOT = join(import.meta.dirname, "../..");
const SITE = join(ROOT, ".cache/bench-train");
const PLAIN_EVERY = 5; // rounds: plain tfjs takes seconds, and its figure needs no precision

/** Milliseconds of one training step. */
export interface StepTime {
  readonly clock: number;
  /** Processor time of whoever computes, other work on the machine not counted; NaN if unknown. */
  readonly processor: number;
}

/** A way to do training steps; the contestants take turns. */
export interface TrainContestant {
  readonly name: string;
  /** Mean over so many steps, done to the end. */
  run(steps: number): Promise<StepTime>;
  close(): Promise<void> | void;
}

export interface TrainBenchOptions {
  readonly device: "wasm" | "webgpu";
  readonly batch: number;
  readonly rounds: number;
}

/**
 * Median milliseconds of one freeze-align training step (1280→512 and 384→512): this page and plain
 * tfjs in headless Chromium, one thread each, and PyTorch where `$PYTHON` or python3 has it: on one
 * thread beside WebAssembly, on CUDA in fp32 beside WebGPU.
 *
 * They take turns, so that a busy machine disturbs them alike; processor time leaves out most of
 * what is left of it.
 */
export async function benchTrainStep(options: TrainBenchOptions): Promise<readonly string[]> {
  const { device, batch, rounds } = options;
  const site = await serveSite();
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...BROWSER_ARGUMENTS],
  });
  const contestants: TrainContestant[] = [];
  try {
    contestants.push(await openInPage(browser, site.address, { ...options, name: "ours" }));
    const torch = await openPytorch(batch, device === "webgpu" ? "cuda" : "cpu");
    if (torch) contestants.push(torch);
    if (device === "wasm") {
      contestants.push(await openInPage(browser, site.address, { ...options, name: "plain" }));
    }
    return report(await inTurns(contestants, rounds), options);
  } finally {
    for (const contestant of contestants) await contestant.close();
    await browser.close();
    await site.close();
  }
}

interface Measured {
  readonly name: string;
  readonly times: readonly StepTime[];
}

async function inTurns(
  contestants: readonly TrainContestant[],
  rounds: number,
): Promise<readonly Measured[]> {
  const times = contestants.map((): StepTime[] => []);
  for (const contestant of contestants) await contestant.run(3); // warm: compiled and optimised
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      if (contestant.name.startsWith("plain") && round % PLAIN_EVERY > 0) continue;
      times[i]?.push(await contestant.run(contestant.name.startsWith("plain") ? 1 : 3));
    }
  }
  return contestants.map(({ name }, i) => ({ name, times: times[i] ?? [] }));
}

// Multiply-adds of a step are counted as two operations: four products of the inputs' widths (two
// heads' first layers, forward and to their weights), the hidden layers', the logits'.
function operations(batch: number): number {
  const [widths, p] = [1280 + 384, 512];
  const first = 2 * (2 * batch * widths * 2 * p);
  const hidden = 2 * 3 * (2 * batch * p * p);
  const logits = 3 * (2 * batch * batch * p);
  return first + hidden + logits;
}

function report(measured: readonly Measured[], { batch }: TrainBenchOptions): string[] {
  const figures = measured.map(({ name, times }) => ({
    name,
    clock: median(times.map((t) => t.clock)),
    processor: median(times.map((t) => t.processor)),
  }));
  const [ours] = figures;
  if (!ours) return [];
  return figures.map(({ name, clock, processor }) => {
    const rate = operations(batch) / clock / 1e6;
    const ratio = (x: number, y: number) => (Number.isFinite(x / y) ? (x / y).toFixed(2) : "?");
    return (
      `${name.padEnd(44)} ${clock.toFixed(0).padStart(6)} ms on the clock, ` +
      `${processor.toFixed(0).padStart(6)} ms of processor time   ours takes ` +
      `${ratio(ours.clock, clock)} (clock), ${ratio(ours.processor, processor)} (processor) times ` +
      `as long   ${rate.toFixed(0)} GFLOP/s of the step's products`
    );
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function openInPage(
  browser: Browser,
  address: string,
  { name, device, batch }: TrainBenchOptions & { readonly name: "ours" | "plain" },
): Promise<TrainContestant> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(address);
  const adapter = await page.evaluate(
    ({ name, device, batch }) => (globalThis as unknown as Global).train.open(name, device, batch),
    { name, device, batch },
  );
  const where = adapter ?? "WebAssembly, one thread";
  return {
    name: `${name === "ours" ? "this page" : "plain tfjs (matMul, train.adam)"}, ${where}`,
    async run(steps) {
      const before = await processorTime(browser);
      const clock = await runInPage(page, steps);
      return {
        clock: clock / steps,
        processor: ((await processorTime(browser)) - before) / steps,
      };
    },
    close: () => page.close(),
  };
}

interface Global {
  readonly train: TrainPage;
}

const runInPage = (page: Page, steps: number) =>
  page.evaluate((count) => (globalThis as unknown as Global).train.run(count), steps);

/** Processor time of all pages together, ms; the others wait while one computes. */
async function processorTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const seconds = processInfo
      .filter(({ type }) => type === "renderer")
      .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    return seconds * 1e3;
  } finally {
    await session.detach();
  }
}

async function serveSite(): Promise<{ address: string; close(): Promise<void> }> {
  rmSync(SITE, { recursive: true, force: true });
  await build({
    root: join(import.meta.dirname, "trainPage"),
    configFile: false,
    base: "./",
    publicDir: false,
    logLevel: "warn",
    define: { __APP_VERSION__: '"bench"', __ORT_VERSION__: '"bench"' },
    build: {
      target: "esnext",
      outDir: SITE,
      emptyOutDir: true,
      chunkSizeWarningLimit: 40_000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
  const server = await preview({
    root: join(ROOT, ".cache"),
    configFile: false,
    appType: "mpa",
    logLevel: "warn",
    build: { outDir: "bench-train" },
    preview: { port: 0, host: "localhost" },
  });
  return { address: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}
