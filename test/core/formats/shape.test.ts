import { describe, expect, it } from "vitest";
import {
  count,
  dictionary,
  either,
  fields,
  list,
  nullable,
  number,
  oneOf,
  optional,
  text,
} from "../../../src/core/formats/shape";

interface Point {
  readonly name: string;
  readonly at: readonly number[];
  readonly note?: string;
}

const point = fields<Point>({ name: text, at: list(count), note: optional(text) });
const messageOf = (value: unknown) => {
  try {
    point(value, "points.json[3]");
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return undefined;
};

describe("a shape", () => {
  it("gives back what fits, with the keys it does not know", () => {
    const value = { name: "a", at: [0, 1], later: true };
    expect(point(value, "p")).toEqual(value);
    expect(point(value, "p")).not.toHaveProperty("note");
  });

  it.each([
    [{ name: 1, at: [] }, /points\.json\[3\]\.name: expected a text, got 1/],
    [{ at: [] }, /\.name: expected a text, got undefined/],
    [{ name: "a", at: [0, -1] }, /\.at\[1\]: expected a whole number from 0, got -1/],
    [{ name: "a", at: "0" }, /\.at: expected a list, got "0"/],
    [{ name: "a", at: [], note: null }, /\.note: expected a text, got null/],
    [null, /points\.json\[3\]: expected an object, got null/],
    [[], /expected an object/],
    [{ name: "x".repeat(99), at: {} }, /got \{\}/],
  ])("says of %j where and what is wrong", (value, message) => {
    expect(messageOf(value)).toMatch(message);
  });

  it("knows null, one of several, and any keys", () => {
    expect(nullable(number)(null, "n")).toBeNull();
    expect(number(NaN, "n")).toBeNaN();
    expect(oneOf(["a", "b"])("b", "n")).toBe("b");
    expect(() => oneOf(["a", "b"])("c", "n")).toThrow(/expected a or b, got "c"/);
    expect(either(text, number)(2, "n")).toBe(2);
    expect(() => either(text, number)(null, "n")).toThrow(/expected a number/);
    expect(dictionary(count)({ x: 1 }, "n")).toEqual({ x: 1 });
    expect(() => dictionary(count)({ x: "1" }, "n")).toThrow(/n\.x/);
  });
});
