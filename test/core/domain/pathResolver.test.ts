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

  it("tells files of one name apart by the folder they are in", () => {
    expect(resolver.resolve("x/b/dog.png", "")).toEqual({
      kind: "found",
      index: 2,
      via: "basename",
    });
    expect(resolver.resolve("x/c/dog.png", "")).toMatchObject({ kind: "ambiguous" });
  });

  it("takes a path from the root before names elsewhere", () => {
    const paths = ["images/1.png", "meta/thumbs/images/1.png"];
    expect(new PathResolver(paths).resolve("images/1.png", "meta")).toEqual({
      kind: "found",
      index: 0,
      via: "basename",
    });
  });

  it("finds pictures and sounds without their extension last, and only unique ones", () => {
    const ids = new PathResolver([
      ...["a/00123.jpg", "a/00123.txt", "b/7.jpg", "c/7.png", "c/-0x.wav", "c/8", "d/8.jpg"],
      ...["v1.2.png"],
    ]);
    expect(ids.resolve("00123", "")).toEqual({ kind: "found", index: 0, via: "stem" });
    expect(ids.resolve("123", "")).toEqual({ kind: "missing", path: "123" });
    expect(ids.resolve("7", "")).toEqual({ kind: "ambiguous", path: "7", candidates: 2 });
    expect(ids.resolve("c/7", "")).toEqual({ kind: "found", index: 3, via: "stem" });
    expect(ids.resolve("-0x", "")).toEqual({ kind: "found", index: 4, via: "stem" });
    // A file of exactly this name comes before one that only begins like it.
    expect(ids.resolve("8", "")).toEqual({ kind: "found", index: 5, via: "basename" });
    expect(ids.resolve("v1.2", "")).toEqual({ kind: "found", index: 7, via: "stem" });
    expect(ids.resolve("00123.png", "")).toMatchObject({ kind: "missing" });
  });

  it("never finds anything by a text that leads outside the root", () => {
    const part = fc.constantFrom("..", ".", "", "a", "dog.png", "dog", "\\", "C:", "http://", "\0");
    const text = fc.array(part).map((all) => all.join("/"));
    fc.assert(
      fc.property(text, fc.constantFrom("", "a", "a/b/c"), (reference, folder) => {
        const match = resolver.resolve(reference, folder);
        const isRefused = "fault" in cleanPath(reference, folder);
        return isRefused === (match.kind === "rejected");
      }),
    );
  });
});
