import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, a line each: the last thing that is printed, where a log is cut off. */
  readonly faults: readonly string[];
}

/** The parts of vitest's JSON report that counting needs. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Counts tests in a vitest JSON report. A file that failed outside its tests counts as one failure;
 * so does a run that ended badly without naming a test (a crash, no report, an unhandled error).
 */
export function countTests(reportPath: string, exitCode: number): Counts {
  if (!existsSync(reportPath)) {
    return { passed: 0, failed: 1, skipped: 0, faults: [`${reportPath} was not written`] };
  }
  const report = JSON.parse(readFileSync(reportPath, "utf8")) as Report; // written by vitest
  const faults = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [`${file}: failed outside its tests`];
    return failed.map(({ fullName, failureMessages: [message = ""] }) => {
      return `${file}: ${fullName}: ${message.split("\n", 1)[0]}`;
    });
  });
  if (faults.length === 0 && exitCode !== 0) faults.push(`vitest exited with ${exitCode}`);
  return {
    passed: report.numPassedTests,
    failed: faults.length,
    skipped: report.numPendingTests,
    faults,
  };
}
