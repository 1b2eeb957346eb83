import { rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { build, preview } from "vite";
import { BROWSER_ARGUMENTS, findBrowser } from "../../src/cli/findBrowser";
import { ISOLATION_HEADERS } from "../../src/cli/headers";
import type { Shape } from "./searchPage/gallery";
import type { Contestant, SearchPage } from "./searchPage/main";

const ROOT = join(import.meta.dirname, "../..");
const SITE = join(ROOT, ".cache/bench-search");
const LIMIT = 100;
const PEER_RANDOM_ROWS = 3_000; // no data are random; a graph of them takes twice as long
const PEER_EFFORT = 200; // efSearch; must be at least the limit
const NAMES: Readonly<Record<Contestant, string>> = {
  ours: "this page: bytes first, then exact",
  plain: "Float32Array loop over every row",
  peer: "hnswlib-wasm, M 16, efSearch 200",
};

export interface SearchBenchOptions {
  readonly sizes: readonly number[];
  /** Galleries up to this size are also searched by hnswlib; making its graph takes ms per row. */
  readonly peerRows: number;
  readonly print: (line: string) => void;
}

/**
 * Latency of the best 100 of 512-d galleries in headless Chromium, one thread: this page's exact
 * search, the plain loop and hnswlib-wasm, taking turns; and whether ours are plain's answers to the
 * bit.
 */
export async function benchSearch({ sizes, peerRows, print }: SearchBenchOptions): Promise<void> {
  const site = await serveSite();
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...BROWSER_ARGUMENTS],
  });
  try {
    for (const rows of sizes) {
      for (const shape of ["clustered", "random"] as const) {
        const hasPeer =
          rows <= (shape === "clustered" ? peerRows : Math.min(peerRows, PEER_RANDOM_ROWS));
        const lines = await measure(browser, site.address, { rows, shape, hasPeer });
        for (const line of lines) print(line);
      }
    }
  } finally {
    await browser.close();
    await site.close();
  }
}

interface Measured {
  readonly who: Contestant;
  readonly times: number[];
  /** Processor time per query, ms: what the clock would say if nobody else wanted the machine. */
  processor: number;
}

interface Setting {
  readonly rows: number;
  readonly shape: Shape;
  readonly hasPeer: boolean;
}

async function measure(browser: Browser, address: string, { rows, shape, hasPeer }: Setting) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(address);
  const quantizeMs = await page.evaluate(([n, s]) => search.open(n, s), [rows, shape] as const);
  const buildMs = hasPeer
    ? await page.evaluate((effort) => search.openPeer(effort), PEER_EFFORT)
    : 0;
  const [turns, perTurn] = rows > 200_000 ? [3, 5] : [10, 10];
  const all: Contestant[] = hasPeer ? ["ours", "plain", "peer"] : ["ours", "plain"];
  const measured = all.map((who): Measured => ({ who, times: [], processor: 0 }));
  for (const { who } of measured) await ask(page, who, 1_000, 3); // warm: compiled, optimised
  for (let turn = 0; turn < turns; turn++) {
    for (const each of measured) {
      const before = await processorTime(browser);
      each.times.push(...(await ask(page, each.who, turn * perTurn, perTurn)));
      each.processor += ((await processorTime(browser)) - before) / (turns * perTurn);
    }
  }
  const checks = await page.evaluate(
    ([count, limit]) => Array.from({ length: count }, (_, i) => search.check(i, limit)),
    [turns * 2, LIMIT] as const,
  );
  await page.close();
  const identical = checks.filter((check) => check.identical).length;
  const candidates = mean(checks.map((check) => check.candidates));
  const recall = mean(checks.map((check) => check.peerRecall ?? NaN));
  return [
    `${rows.toLocaleString("en")} × 512, ${shape}, best ${LIMIT}; bytes made in ${seconds(quantizeMs)}` +
      (hasPeer ? `, hnswlib's graph in ${seconds(buildMs)}` : ""),
    ...report(measured),
    `  ours equal the loop's to the bit in ${identical} of ${checks.length} queries, ${candidates.toFixed(0)} rows scored in full` +
      (hasPeer ? `; recall@${LIMIT} of hnswlib ${(100 * recall).toFixed(1)} %` : ""),
  ];
}

/** What main.ts put into the page, to which Playwright sends the functions that name it. */
declare const search: SearchPage;

const ask = (page: Page, who: Contestant, first: number, count: number) =>
  page.evaluate(([name, from, many, limit]) => search.ask(name, from, many, limit), [
    who,
    first,
    count,
    LIMIT,
  ] as const);

function report(measured: readonly Measured[]): string[] {
  const ms = (value: number) => `${value.toFixed(2)} ms`.padStart(11);
  const plain = measured.find(({ who }) => who === "plain");
  return [
    `  ${"".padEnd(36)}        p50        p95  processor  of the loop's`,
    ...measured.map(({ who, times, processor }) => {
      const ratio = plain ? (processor / plain.processor).toFixed(3) : "?";
      const [middle, high] = [quantile(times, 0.5), quantile(times, 0.95)];
      return `  ${NAMES[who].padEnd(36)}${ms(middle)}${ms(high)}${ms(processor)}  ${ratio}`;
    }),
  ];
}

const quantile = (values: readonly number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** Processor time of all pages together, ms; only one computes. */
async function processorTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    return renderers.reduce((sum, { cpuTime }) => sum + cpuTime, 0) * 1e3;
  } finally {
    await session.detach();
  }
}

async function serveSite(): Promise<{ address: string; close(): Promise<void> }> {
  rmSync(SITE, { recursive: true, force: true });
  await build({
    root: join(import.meta.dirname, "searchPage"),
    configFile: false,
    base: "./",
    publicDir: false,
    logLevel: "warn",
    define: { __APP_VERSION__: '"bench"', __ORT_VERSION__: '"bench"' },
    build: { target: "esnext", outDir: SITE, emptyOutDir: true, chunkSizeWarningLimit: 4_000 },
  });
  const server = await preview({
    ...{ root: ROOT, configFile: false, logLevel: "warn" },
    build: { outDir: SITE },
    preview: { port: 0, host: "localhost", headers: { ...ISOLATION_HEADERS } },
  });
  return { address: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}
