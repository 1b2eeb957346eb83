import fc from "fast-check";
import { expect, it } from "vitest";
import { resolveRecipe, type Recipe } from "../../../src/core/domain/recipe";
import { expandSweep } from "../../../src/core/domain/sweep";
import {
  decodeRecipeLink,
  encodeRecipeLink,
  recipeLinkOf,
} from "../../../src/core/formats/recipeLink";

const named = (name: string): Recipe =>
  resolveRecipe({ version: 1, name, data: { sample: "emoji" } });
const invalid = (detail: RegExp) =>
  expect.objectContaining({
    code: "recipe/invalid",
    detail: expect.stringMatching(detail) as string,
  });

it("gives back the recipe it was made from, whatever its name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
      expect(decodeRecipeLink(encodeRecipeLink(named(name))).recipes).toEqual([named(name)]);
    }),
    { numRuns: 200 },
  );
});

it("agrees with Node's base64url over UTF-8 for every length of tail", () => {
  for (const name of ["a", "ab", "abc", "é", "漢字", "🦊🦊"]) {
    const expected = Buffer.from(JSON.stringify(named(name)), "utf8").toString("base64url");
    expect(encodeRecipeLink(named(name))).toBe(`recipe=${expected}`);
  }
});

it("reads the hash with its # and with base64 padding", () => {
  const padded = Buffer.from(JSON.stringify({ version: 1, data: { sample: "emoji" } }), "utf8")
    .toString("base64")
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  expect(decodeRecipeLink(`#recipe=${padded}`).recipes).toEqual([named("untitled")]);
});

it("carries a sweep as it is written and a plain recipe with its defaults", () => {
  const sweep = { version: 1, data: { sample: "emoji" }, align: { seed: [0, 1, 2] } };
  const link = recipeLinkOf(JSON.stringify(sweep, null, 2));
  expect(link).toBe(`recipe=${Buffer.from(JSON.stringify(sweep)).toString("base64url")}`);
  expect(decodeRecipeLink(link)).toEqual(expandSweep(sweep));
  const plain = JSON.stringify({ version: 1, data: { sample: "emoji" } });
  expect(recipeLinkOf(plain)).toBe(encodeRecipeLink(named("untitled")));
  expect(() => recipeLinkOf('{"version":1}')).toThrow(invalid(/data/));
});

it.each([
  ["no recipe at all", "#/data", /no recipe/],
  ["a letter outside the alphabet", "#recipe=eyJ2$X0", /not base64url/],
  ["an impossible length", "#recipe=eyJ2e", /not base64url/],
  [
    "bytes that are not UTF-8",
    `#recipe=${Buffer.from([0xff, 0xfe, 0x80]).toString("base64url")}`,
    /UTF-8/,
  ],
  ["text that is not JSON", `#recipe=${Buffer.from("hello").toString("base64url")}`, /not JSON/],
  ["JSON that is not a recipe", `#recipe=${Buffer.from("[]").toString("base64url")}`, /an object/],
  ["nothing after the key", "#recipe=", /not JSON/],
  ["more than 64 kB", `#recipe=${"A".repeat(70_000)}`, /64 kB/],
])("refuses %s with a reason", (_, hash, detail) => {
  expect(() => decodeRecipeLink(hash)).toThrow(invalid(detail));
});
