import { expect, it } from "vitest";
import { renameIds } from "../../../src/core/domain/renameIds";

const names = new Map([["old", "new"]]);

it("exchanges ids however deep, as values and as keys, and nothing else", () => {
  const numbers = Float32Array.of(1, 2);
  const record = {
    id: "old",
    runs: ["old", "older"],
    at: { old: { of: "old" } },
    numbers,
    n: null,
  };
  const renamed = renameIds(record, names);
  expect(renamed).toEqual({
    ...{ id: "new", runs: ["new", "older"], at: { new: { of: "new" } }, numbers, n: null },
  });
  expect(renamed.numbers).toBe(numbers);
  expect(record.id).toBe("old");
});

it("gives no record another prototype", () => {
  const renamed = renameIds(JSON.parse('{"__proto__":{"polluted":"old"}}') as object, names);
  expect("polluted" in renamed).toBe(false);
});
