import { expect, it } from "vitest";
import { METHOD_IDS } from "../../../src/core/domain/alignSettings";
import { METHODS, methodById } from "../../../src/core/catalogue/methods";

it("names every method of a recipe once, each in one sentence with its source", () => {
  expect(METHODS.map(({ id }) => id).toSorted()).toEqual(METHOD_IDS.toSorted());
  expect(new Set(METHODS.map(({ name }) => name)).size).toBe(METHODS.length);
  for (const { summary, source } of METHODS) {
    expect(summary).toMatch(/^[A-Z][^.]*\.$/);
    expect(source).not.toBe("");
  }
  for (const id of METHOD_IDS) expect(methodById(id)?.id).toBe(id);
});
