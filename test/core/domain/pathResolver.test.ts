import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanPath, PathResolver } from "../../../src/core/domain/pathResolver";

describe("cleanPath", () => {
  it("never yields a path outside the root, for any text and folder", () => {
    const part = fc.constantFrom("..", ".", "", "a", "b.png", "\\", "/", "..\\", "C:", "é", "\0");
    const text = fc.oneof(
      fc.string({ unit: "grapheme-composite" }),
      fc.array(part).map((all) => all.join("/")),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("", "a", "a/b/c"), (reference, base) => {
        const clean = cleanPath(reference, base);
        if ("fault" in clean) return true;
        const parts = clean.path.split("/");
        // Plain booleans: a matcher per case would make this the slowest test of the lane.
        const isInside = parts.every((name) => name !== "" && name !== "." && name !== "..");
        const again = cleanPath(clean.path);
        const isStable =
          /^\s|\s$|^[a-z]:/i.test(clean.path) || ("path" in again && again.path === clean.path);
        return isInside && isStable && !/[\\\0]|:\/\//.test(clean.path);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["./images\\cat.png", "", "images/cat.png"],
    ["cat.png", "train/a", "train/a/cat.png"],
    ["../b/cat.png", "train/a", "train/b/cat.png"],
    ["images//./cat.png", "", "images/cat.png"],
    [" cat.png ", "", "cat.png"],
    ["cafe\u0301.png", "", "caf\u00e9.png"],
  ])("reads %j in folder %j as %j", (text, base, path) => {
    expect(cleanPath(text, base)).toEqual({ path });
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    [".", "empty"],
    ["/etc/passwd", "absolute"],
    ["\\\\server\\share", "absolute"],
    ["C:\\cat.png", "absolute"],
    ["../../etc/passwd", "escapes"],
    ["a/../../cat.png", "escapes"],
    ["https://example.org/cat.png", "remote"],
    ["a\0.png", "nul"],
  ])("refuses %j: %s", (text, fault) => {
    expect(cleanPath(text)).toEqual({ fault });
  });
});

describe("PathResolver", () => {
  const resolver = new PathResolver(["a/Cat.PNG", "a/dog.png", "b/dog.png", "b/caf\u00e9.png"]);

  it("prefers the exact path to one that differs in case", () => {
    const both = new PathResolver(["CAT.png", "cat.png"]);
    expect(both.resolve("cat.png", "")).toEqual({ kind: "found", index: 1, via: "exact" });
    expect(both.resolve("Cat.png", "")).toEqual({
      kind: "ambiguous",
      path: "Cat.png",
      candidates: 2,
    });
  });

  it("falls back to case, then to a unique name, and says so", () => {
    expect(resolver.resolve("cat.png", "a")).toEqual({ kind: "found", index: 0, via: "case" });
    expect(resolver.resolve("x/y/cat.png", "")).toEqual({
      kind: "found",
      index: 0,
      via: "basename",
    });
    expect(resolver.resolve("dog.png", "b")).toEqual({ kind: "found", index: 2, via: "exact" });
  });

  it("guesses nothing when two files have the name", () => {
    expect(resolver.resolve("dog.png", "")).toEqual({
      kind: "ambiguous",
      path: "dog.png",
      candidates: 2,
    });
    expect(resolver.resolve("bird.png", "")).toEqual({ kind: "missing", path: "bird.png" });
  });

  it("joins decomposed and composed Unicode", () => {
    expect(resolver.resolve("cafe\u0301.png", "b")).toMatchObject({ index: 3, via: "exact" });
  });
});
