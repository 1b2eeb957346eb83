import { expect, it } from "vitest";
import { Recent } from "../../src/core/recent";

const filled = (most: number, ...keys: readonly string[]) => {
  const recent = new Recent<string>(most);
  for (const key of keys) recent.set(key, key.toUpperCase());
  return recent;
};

it("keeps the last of what was put in", () => {
  const recent = filled(2, "a", "b", "c");
  expect(["a", "b", "c"].map((key) => recent.get(key))).toEqual([undefined, "B", "C"]);
});

it("counts a look at a value as use", () => {
  const recent = filled(2, "a", "b");
  recent.get("a");
  recent.set("c", "C");
  expect(recent.get("a")).toBe("A");
  expect(recent.get("b")).toBeUndefined();
});

it("replaces a value without taking another's room", () => {
  const recent = filled(2, "a", "b");
  recent.set("a", "again");
  expect([recent.get("a"), recent.get("b")]).toEqual(["again", "B"]);
});

it("forgets what is deleted, and what it never had", () => {
  const recent = filled(2, "a");
  recent.delete("a");
  recent.delete("b");
  expect(recent.get("a")).toBeUndefined();
});
