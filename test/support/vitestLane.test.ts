import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countTests } from "./vitestLane";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lane-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function report(passed: number, failed: number, files: [status: string, tests: string[]][] = []) {
  const path = join(folder, "report.json");
  const testResults = files.map(([status, tests], i) => ({
    name: join(process.cwd(), `test/${i}.test.ts`),
    status,
    assertionResults: tests.map((status) => ({
      status,
      fullName: "counts pairs",
      failureMessages: ["Error: expected 2\n    at line 3"],
    })),
  }));
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: 2 };
  writeFileSync(path, JSON.stringify({ ...counts, testResults }));
  return path;
}

it("counts what the report counts", () => {
  expect(countTests(report(5, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 2, faults: [] });
  expect(countTests(report(5, 1, [["failed", ["passed", "failed"]]]), 1).failed).toBe(1);
});

it("names what failed, and why", () => {
  const broken = report(5, 1, [
    ["failed", ["passed", "failed"]],
    ["failed", []],
  ]);
  expect(countTests(broken, 1).faults).toEqual([
    "test/0.test.ts: counts pairs: Error: expected 2",
    "test/1.test.ts: failed outside its tests",
  ]);
});

it("counts a file that broke before its tests", () => {
  expect(countTests(report(5, 0, [["failed", []]]), 1).failed).toBe(1);
  const twoBroken = report(5, 1, [
    ["failed", []],
    ["failed", ["passed"]],
    ["failed", ["failed"]],
  ]);
  expect(countTests(twoBroken, 1).failed).toBe(3);
});

it("never calls a bad exit or a missing report a success", () => {
  expect(countTests(report(5, 0), 1).failed).toBe(1);
  expect(countTests(join(folder, "absent.json"), 0)).toMatchObject({ passed: 0, failed: 1 });
});
