import { describe, expect, it } from "vitest";
import { EMPTY_CAPTION, missingFile, UNPAIRED } from "../../../src/engine/importing/faults";
import { IssueLog } from "../../../src/engine/importing/issueLog";

describe("IssueLog", () => {
  it("lists up to a limit per cause and counts the rest", () => {
    const log = new IssueLog(2);
    for (const name of ["a", "b", "c", "d"]) log.add("skipped", name, missingFile(name));
    log.add("skipped", "e", EMPTY_CAPTION);
    expect(log.issues().map(({ where, reason }) => `${where}: ${reason}`)).toEqual([
      "a: file not found: a",
      "b: file not found: b",
      "e: caption is empty",
      "2 more: file not found",
    ]);
  });

  it("names the causes of skipped rows, most frequent first, and nothing else", () => {
    const log = new IssueLog();
    log.add("skipped", "a", EMPTY_CAPTION);
    log.add("unpaired", "x", UNPAIRED);
    for (const name of ["b", "c"]) log.add("skipped", name, missingFile(name));
    expect(log.skippedCauses()).toBe("2 × file not found; 1 × empty caption");
  });
});
