import { expect, it } from "vitest";
import { candidateMargin } from "../../../src/core/domain/candidateMargin";
import { verdictOn } from "../../../src/ui/features/align/CandidateTable";
import type { Candidate } from "../../../src/core/domain/run";
import { retrieval } from "../../support/retrieval";

const tried = (method: Candidate["method"], score: number): Candidate => ({
  method,
  score,
  validation: retrieval(score, 50),
  chosen: {},
  elapsedMs: 1,
});

it("is half the largest standard error of a share over the queries of both directions", () => {
  expect(candidateMargin(retrieval(0.5, 50))).toBeCloseTo(Math.sqrt(0.25 / 100) / 2, 12);
});

it("says that a simpler method was kept within noise, and when the best was kept", () => {
  const candidates = [tried("asif", 0.663), tried("procrustes", 0.655)];
  expect(verdictOn(candidates, "procrustes")).toMatch(
    /Procrustes was kept: no less simple method leads it by more than 2\.5 %.*100 validation queries/,
  );
  expect(verdictOn(candidates, "asif")).toContain("it scores highest");
  expect(verdictOn(candidates, null)).toMatch(/^Best first so far/);
});
