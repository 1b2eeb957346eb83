import { rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { build, preview } from "vite";
import { BROWSER_ARGUMENTS, findBrowser } from "../../src/cli/findBrowser";
import type { TrainPage } from "./trainPage/main";
import { openPytorch } from "./trainPytorch";

const ROOT = join(import.meta.dirname, "../..");
const SITE = join(ROOT, ".cache/bench-train");
const SLOW_EVERY = 8; // rounds: plain tfjs takes seconds, and its figure needs no precision

/** Milliseconds of one training step. */
export interface StepTime {
  readonly clock: number;
  /** Processor time of whoever computes, other work on the machine not counted; NaN if unknown. */
  readonly processor: number;
}

/** A way to do training steps; the contestants take turns. */
export interface TrainContestant {
  readonly name: string;
  /** Takes part in few rounds, with one step each. */
  readonly slow: boolean;
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
    const ours = await openInPage(browser, site.address, { ...options, name: "ours" });
    contestants.push(ours);
    if (device === "webgpu" && /swiftshader|llvmpipe|lavapipe/i.test(ours.name)) {
      return [`No graphics processor here (${ours.name}): nothing measured.`];
    }
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
  for (const { run, slow } of contestants) await run(slow ? 1 : 4); // warm: compiled, optimised
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run, slow }] of contestants.entries()) {
      if (slow && round % SLOW_EVERY > 0) continue;
      times[i]?.push(await run(slow ? 1 : 3));
    }
  }
  return contestants.map(({ name }, i) => ({ name, times: times[i] ?? [] }));
}

// Of the products alone, a multiply-add counted as two: the first layers' forward and to their
// weights, the hidden layers' and the logits' forward and to both operands.
function operations(batch: number): number {
  const [widths, p] = [1280 + 384, 512];
  const first = 2 * (2 * batch * widths * 2 * p);
  const hidden = 2 * 3 * (2 * batch * p * p);
  const logits = 3 * (2 * batch * batch * p);
  return first + hidden + logits;
}

function report(measured: readonly Measured[], { device, batch }: TrainBenchOptions): string[] {
  const figures = measured.map(({ name, times }) => ({
    name,
    clock: median(times.map((t) => t.clock)),
    processor: device === "wasm" ? median(times.map((t) => t.processor)) : NaN,
  }));
  const [ours, ...others] = figures;
  if (!ours) return [];
  const ms = (value: number) => `${Number.isFinite(value) ? value.toFixed(0) : "?"} ms`.padStart(9);
  return [
    `${"".padEnd(56)}    clock processor  products`,
    ...figures.map(({ name, clock, processor }) => {
      const rate = operations(batch) / (Number.isFinite(processor) ? processor : clock) / 1e6;
      return `${name.padEnd(56)}${ms(clock)} ${ms(processor)}  ${rate.toFixed(0)} GFLOP/s${shareOfPeak(rate)}`;
    }),
    ...others.map(({ name, clock, processor }) => {
      const ratio = (x: number, y: number) => (Number.isFinite(x / y) ? (x / y).toFixed(2) : "?");
      return (
        `  this page takes ${ratio(ours.processor, processor)} times the processor time and ` +
        `${ratio(ours.clock, clock)} times the time of ${name}`
      );
    }),
  ];
}

/** What a card could do, as its maker says: `PEAK_GFLOPS`, fp32 without tensor cores. */
function shareOfPeak(rate: number): string {
  const peak = Number(process.env["PEAK_GFLOPS"]);
  return peak > 0 ? `, ${((100 * rate) / peak).toFixed(1)} % of the peak` : "";
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
    slow: name === "plain",
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
