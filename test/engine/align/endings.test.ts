import { describe, expect, it } from "vitest";
import type { RetrievalPair } from "../../../src/core/domain/evaluation";
import type { HistoryPoint, ResolvedTraining } from "../../../src/core/domain/run";
import {
  hasDiverged,
  isFarAboveChance,
  isPatienceSpent,
  stepsFarAboveChance,
} from "../../../src/engine/align/endings";

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

describe("isFarAboveChance", () => {
  it("takes guessing, and the start of a narrow space, for no divergence", () => {
    expect(isFarAboveChance(Math.log(64), training())).toBe(false);
    expect(isFarAboveChance(Math.log(64) + 4, training())).toBe(false);
    expect(isFarAboveChance(Math.log(64) + 5.1, training())).toBe(true);
  });

  it("counts the rows that FuseMix leaves", () => {
    const mixed = training({ batchSize: 1_024, fuseMix: true });
    expect(isFarAboveChance(2 * Math.log(512) + 0.1, mixed)).toBe(true);
    expect(isFarAboveChance(2 * Math.log(512) + 0.1, training({ batchSize: 1_024 }))).toBe(false);
  });
});

describe("stepsFarAboveChance", () => {
  it("counts from the first high point of an unbroken row, after the warm-up", () => {
    const high = Array.from({ length: 11 }, () => 50);
    expect(stepsFarAboveChance(curve(high, 60), training())).toBe(51);
    expect(hasDiverged(curve(high, 60), training())).toBe(true);
    expect(stepsFarAboveChance(curve(high, 0), training())).toBe(0); // 50 steps of warm-up
    expect(stepsFarAboveChance(curve([...high, 3], 60), training())).toBe(0);
    expect(stepsFarAboveChance(curve([...high, 3, 50], 60), training())).toBe(1);
    expect(stepsFarAboveChance([], training())).toBe(0);
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
