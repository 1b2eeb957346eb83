import { expect, it } from "vitest";
import type { MissReport } from "../../../../src/core/domain/missReport";
import { mapSummary } from "../../../../src/ui/features/query/explain/mapWords";
import { heatColour, heatPixels } from "../../../../src/ui/features/query/explain/heatScale";
import {
  evidenceWords,
  rankWords,
  verdictWords,
} from "../../../../src/ui/features/query/explain/missWords";

const report = (change: Partial<MissReport>): MissReport => ({
  ...{ rank: 23, gallery: 321, score: 0.213, step: 1, isOutside: false, verdict: "encoder" },
  winner: { item: 4, score: 0.402 },
  nearness: { cosine: 0.1, place: 100, others: 320 },
  wording: { expected: 0.5, winner: 0.4, place: 8, others: 160 },
  direct: null,
  vote: { expected: 0.1, winner: 0.3, z: -2, neighbours: 10 },
  ...change,
});

it("counts what lies between", () => {
  expect(rankWords(report({}))).toBe(
    "Rank 23 of 321, score 0.213; the first has 0.402, 21 between.",
  );
  expect(rankWords(report({ rank: 2 }))).toContain("nothing between");
  expect(rankWords(report({ rank: 1 }))).toBe("Rank 1 of 321, score 0.213: it is first.");
  expect(rankWords(report({ isOutside: true }))).toContain("The filter leaves it out");
});

it("names the evidence its verdict rests on", () => {
  expect(verdictWords(report({}))).toContain("by their frozen features alone");
  const near = { cosine: 0.8, place: 2, others: 320 };
  expect(verdictWords(report({ vote: null, nearness: near }))).toContain("nearly alike");
  expect(verdictWords(report({ vote: null }))).toContain("nearly as close to the query");
  expect(verdictWords(report({ verdict: "undecided" }))).toMatch(/^Undecided/);
  expect(verdictWords(report({ verdict: "first" }))).toBe("Nothing was missed.");
});

it("speaks of the side the query is of", () => {
  const [nearness, wording] = evidenceWords(report({}), "text");
  expect(nearness).toContain("To the text encoder");
  expect(wording).toContain("To the image encoder");
  const mixed = evidenceWords(report({ wording: null, vote: null }), "image");
  expect(mixed.at(-1)).toContain("mixes both encoders");
});

it("says where a map is highest", () => {
  const area = { left: 0, top: 0, width: 1, height: 1 };
  const map = (values: number[]) => ({ rows: 3, cols: 3, area, values: Float32Array.from(values) });
  expect(mapSummary(map([0, 0, 0, 0, 1, 0, 0, 0, -1]))).toBe(
    "highest in the middle (row 2, column 2: 1.000), lowest −1.000",
  );
  expect(mapSummary(map([0, 0, 0, 0, 0, 0, 2, 0, 0]))).toContain("at the bottom left");
  expect(mapSummary(map(Array(9).fill(0.25)))).toBe("the same everywhere (0.250)");
});

it("draws low values dark and high ones light, evenly", () => {
  const light = (share: number) => {
    const [r, g, b] = heatColour(share);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const steps = Array.from({ length: 11 }, (_, i) => light(i / 10));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(heatColour(-1)).toEqual(heatColour(0));
  expect([...heatPixels([5, 5]).slice(0, 4)]).toEqual([...heatColour(0.5), 255]);
});
