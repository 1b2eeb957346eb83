import { describe, expect, it } from "vitest";
import { classScores, confusionOf } from "../../../src/core/metrics/confusion";

const classes = (...values: number[]) => Int32Array.from(values);

describe("the confusion of classes", () => {
  it("counts truths in rows and predictions in columns", () => {
    const counts = confusionOf(classes(0, 0, 1, 1, 1), classes(0, 1, 1, 1, 0), 2);
    expect([...counts]).toEqual([1, 1, 1, 2]);
  });

  it("refuses classes it has no place for, and lengths that differ", () => {
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => confusionOf(classes(0, 2), classes(0, 0), 2)).toThrow(shape);
    expect(() => confusionOf(classes(0), classes(-1), 2)).toThrow(shape);
    expect(() => confusionOf(classes(0), classes(0, 1), 2)).toThrow(shape);
  });
});

describe("scores of a class", () => {
  const counts = confusionOf(classes(0, 0, 1, 1, 1), classes(0, 2, 1, 1, 0), 4);

  it("are its share found, and the share of its finds that are right", () => {
    const [cat, dog] = classScores(["cat", "dog", "owl", "ant"], counts);
    expect(cat).toEqual({ name: "cat", images: 2, recall: 0.5, precision: 0.5 });
    expect(dog).toEqual({ name: "dog", images: 3, recall: 2 / 3, precision: 1 });
  });

  it("are missing, not 0, for a class the test lacks and one never predicted", () => {
    const [, , owl, ant] = classScores(["cat", "dog", "owl", "ant"], counts);
    expect(owl).toEqual({ name: "owl", images: 0, recall: null, precision: 0 });
    expect(ant).toEqual({ name: "ant", images: 0, recall: null, precision: null });
  });
});
