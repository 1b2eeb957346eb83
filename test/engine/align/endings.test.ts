import { describe, expect, it } from "vitest";
import type { RetrievalPair } from "../../../src/core/domain/evaluation";
import type { HistoryPoint, ResolvedTraining } from "../../../src/core/domain/run";
import {
  guessingIn,
  hasDiverged,
  isFarAboveChance,
  isPatienceSpent,
  stepsFarAboveChance,
} from "../../../src/engine/align/endings";
import { latentData } from "../../support/alignmentFixture";

const training = (change: Partial<ResolvedTraining> = {}): ResolvedTraining => ({
  steps: 1_000,
  batchSize: 64,
  fuseMix: false,
  dimension: 16,
  dropout: 0,
  patience: 100,
  ...change,
});
const point = (step: number, loss: number, evaluated = false): HistoryPoint => ({
  step,
  loss,
  logitScale: 10,
  learningRate: 0.001,
  elapsedMs: 0,
  ...(evaluated && { validation: {} as RetrievalPair }), // only that there is one matters
});
const curve = (losses: readonly number[], from: number) =>
  losses.map((loss, i) => point(from + 5 * i, loss));

const guessing = (rivals = 64) => ({ steps: 1_000, rivals });

describe("isFarAboveChance", () => {
  it("takes guessing, and the start of a narrow space, for no divergence", () => {
    expect(isFarAboveChance(Math.log(64), guessing())).toBe(false);
    expect(isFarAboveChance(Math.log(64) + 4, guessing())).toBe(false);
    expect(isFarAboveChance(Math.log(64) + 5.1, guessing())).toBe(true);
    expect(isFarAboveChance(2 * Math.log(1_024) - 0.1, guessing(1_024))).toBe(false);
    expect(isFarAboveChance(2 * Math.log(1_024) + 0.1, guessing(1_024))).toBe(true);
  });
});

describe("guessingIn", () => {
  const rivals = (negatives: "batch" | "corpus", fuseMix: boolean) =>
    guessingIn(latentData({ train: 500 }), { negatives }, training({ fuseMix })).rivals;

  it("counts the batch, the rows FuseMix leaves of it, or the corpus", () => {
    expect(rivals("batch", false)).toBe(64);
    expect(rivals("batch", true)).toBe(32);
    expect(rivals("corpus", false)).toBe(500);
  });
});

describe("stepsFarAboveChance", () => {
  it("counts from the first high point of an unbroken row, after the warm-up", () => {
    const high = Array.from({ length: 11 }, () => 50);
    expect(stepsFarAboveChance(curve(high, 60), guessing())).toBe(51);
    expect(hasDiverged(curve(high, 60), guessing())).toBe(true);
    expect(stepsFarAboveChance(curve(high, 0), guessing())).toBe(0); // 50 steps of warm-up
    expect(stepsFarAboveChance(curve([...high, 3], 60), guessing())).toBe(0);
    expect(stepsFarAboveChance(curve([...high, 3, 50], 60), guessing())).toBe(1);
    expect(stepsFarAboveChance([], guessing())).toBe(0);
  });
});

describe("isPatienceSpent", () => {
  const history = [point(100, 1, true), point(195, 1, true), point(205, 1)];

  it("counts from the best step to the latest evaluation", () => {
    expect(isPatienceSpent(history, { step: 95 }, training())).toBe(true);
    expect(isPatienceSpent(history, { step: 96 }, training())).toBe(false);
  });

  it("has no end without patience, without a best and before the first evaluation", () => {
    expect(isPatienceSpent(history, { step: 1 }, training({ patience: null }))).toBe(false);
    expect(isPatienceSpent(history, null, training())).toBe(false);
    expect(isPatienceSpent([point(500, 1)], { step: 10 }, training())).toBe(false);
  });
});
