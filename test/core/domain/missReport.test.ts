import { expect, it } from "vitest";
import { judgeMiss, type MissEvidence } from "../../../src/core/domain/missReport";

const evidence = (change: Partial<MissEvidence>): MissEvidence => ({
  nearness: { cosine: 0, place: 150, others: 300 },
  wording: { expected: 0.9, winner: 0.1, place: 80, others: 200 },
  direct: null,
  vote: { expected: 0.2, winner: 0.2, z: 0, neighbours: 10 },
  ...change,
});
const vote = (z: number) => ({ expected: 0.3, winner: 0.2, z, neighbours: 10 });

it("hears the training neighbours first", () => {
  const alike = { cosine: 0.9, place: 1, others: 300 };
  expect(judgeMiss(evidence({ vote: vote(2), nearness: alike }))).toBe("alignment");
  expect(judgeMiss(evidence({ vote: vote(-2) }))).toBe("encoder");
});

it("blames the encoders where they take the two for alike", () => {
  expect(judgeMiss(evidence({ nearness: { cosine: 0.9, place: 3, others: 300 } }))).toBe("encoder");
  const wording = { expected: 0.9, winner: 0.8, place: 2, others: 200 };
  expect(judgeMiss(evidence({ wording }))).toBe("encoder");
});

it("stays undecided where nothing speaks clearly, or there are only a few items", () => {
  expect(judgeMiss(evidence({}))).toBe("undecided");
  expect(judgeMiss(evidence({ vote: null, wording: null }))).toBe("undecided");
  expect(judgeMiss(evidence({ nearness: { cosine: 0.9, place: 3, others: 12 } }))).toBe(
    "undecided",
  );
});

it("asks the one encoder where the query is of the same modality", () => {
  const direct = { expected: 0.7, winner: 0.6 };
  expect(judgeMiss(evidence({ direct, vote: null }))).toBe("alignment");
  expect(judgeMiss(evidence({ direct: { expected: 0.5, winner: 0.6 }, vote: null }))).toBe(
    "encoder",
  );
});
