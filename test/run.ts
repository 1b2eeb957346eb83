import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../src/cli/build";
import { checkBundle } from "./support/checkBundle";
import { countTests, type Counts } from "./support/vitestLane";

// `npm test`: every check in order, or the lanes named as arguments. A failing lane does not stop
// the others; the last line is `N passed, N failed`.

const LANE_LIMIT_MS = 27 * 60_000; // far above any healthy lane: a hang must end, and say so
const REPORTS = "test-results";

type Lane = () => Promise<Counts>;

const LANES: Record<string, Lane> = {
  format: () => commands(["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]),
  lint: () =>
    commands([
      "eslint/bin/eslint.js",
      "-c",
      "test/lint/eslint.config.js",
      "src",
      "workers",
      "test",
    ]),
  types: () =>
    commands(
      ["typescript/bin/tsc", "--noEmit", "-p", "."],
      ["typescript/bin/tsc", "--noEmit", "-p", "src/core"],
    ),
  unit: () => vitest("unit"),
  parity: () => vitest("parity"),
  build: () => commands(["vite/bin/vite.js", "build", "--logLevel", "warn"]),
  bundle,
  browser: () => vitest("browser"),
  e2e: async () => {
    await ensureBuild(process.cwd());
    return vitest("e2e");
  },
};

/** One thread each, and nothing that is timed: they run side by side. */
const STATIC = new Set(["format", "lint", "types"]);

/** A check that counts as one test; `fault` says what is wrong with it. */
const one = (fault?: string): Counts => ({
  passed: Number(fault === undefined),
  failed: Number(fault !== undefined),
  skipped: 0,
  faults: fault === undefined ? [] : [fault],
});

/** Runs one installed tool after the other, as one test. */
async function commands(...lines: [tool: string, ...rest: string[]][]): Promise<Counts> {
  const failed: string[] = [];
  for (const line of lines) if ((await node(line)) !== 0) failed.push(line.join(" "));
  return one(failed.length > 0 ? failed.join("; ") : undefined);
}

async function vitest(project: string): Promise<Counts> {
  const report = join(REPORTS, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const exitCode = await node(["vitest/vitest.mjs", "run", "--project", project, ...reporters]);
  return countTests(report, exitCode);
}

async function bundle(): Promise<Counts> {
  await ensureBuild(process.cwd());
  const { summary, faults } = checkBundle("dist");
  for (const line of [summary, ...faults]) console.log(`  ${line}`);
  return one(faults[0]);
}

/** Runs a tool of node_modules with our output; resolves to its exit code. */
function node([tool, ...rest]: [tool: string, ...rest: string[]]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join("node_modules", tool), ...rest], {
      stdio: ["ignore", "inherit", "inherit"],
      timeout: LANE_LIMIT_MS,
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (signal) console.error(`${tool} ended by ${signal}`);
      resolve(code ?? 1);
    });
  });
}

async function runLane(name: string, lane: Lane): Promise<Counts> {
  const started = performance.now();
  const counts = await lane().catch((thrown: unknown) => {
    console.error(thrown);
    return one(String(thrown));
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const mark = counts.failed > 0 ? "✗" : "✓";
  const tally = `${counts.passed} passed, ${counts.failed} failed${skipped}`;
  console.log(`${mark} ${name.padEnd(8)} ${tally}, ${seconds} s`);
  return counts;
}

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !(name in LANES));
  if (unknown.length > 0) {
    console.error(`no lane “${unknown.join(", ")}”; lanes: ${Object.keys(LANES).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(REPORTS, { recursive: true });
  let passed = 0;
  let failed = 0;
  const faults: string[] = [];
  const wanted = Object.entries(LANES).filter(
    ([name]) => asked.length === 0 || asked.includes(name),
  );
  const count = async ([name, lane]: [string, Lane]) => {
    const counts = await runLane(name, lane);
    passed += counts.passed;
    failed += counts.failed;
    faults.push(...counts.faults.map((fault) => `✗ ${name} ${fault}`));
  };
  await Promise.all(wanted.filter(([name]) => STATIC.has(name)).map(count));
  for (const lane of wanted.filter(([name]) => !STATIC.has(name))) await count(lane);
  process.exitCode = failed > 0 ? 1 : 0;
  for (const fault of faults) console.log(fault);
  console.log(`${passed} passed, ${failed} failed`);
}

await main(process.argv.slice(2));
