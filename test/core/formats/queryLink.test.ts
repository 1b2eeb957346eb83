import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveRecipe } from "../../../src/core/domain/recipe";
import {
  decodeQuery,
  encodeQuery,
  encodeQueryLink,
  queryPartOf,
  type LinkedQuery,
} from "../../../src/core/formats/queryLink";
import { decodeRecipeLink } from "../../../src/core/formats/recipeLink";

const recipe = resolveRecipe({ version: 1, name: "emoji 🦊", data: { sample: "emoji" } });
const query: LinkedQuery = {
  data: "a".repeat(64),
  terms: [
    { kind: "words", text: "cat & dog=قط 漢字", weight: 1 },
    { kind: "item", modality: "image", digest: "0".repeat(64), weight: -0.5 },
  ],
  target: "image",
  scores: { centred: true, csls: false },
  splits: ["validation", "test"],
};
const encoded = (value: unknown) =>
  Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
const plain = { version: 1, ...query };
const refused = (detail: RegExp) =>
  expect.objectContaining({ code: "query/link", detail: expect.stringMatching(detail) as string });

describe("a link to a query", () => {
  it("gives back the recipe and the query it was made from", () => {
    const link = encodeQueryLink(recipe, query);
    expect(decodeRecipeLink(`#${link}`).recipes).toEqual([recipe]);
    expect(decodeQuery(queryPartOf(`#${link}`) ?? "")).toEqual(query);
    expect(link).toMatch(/^[\w=&-]+$/);
  });

  it("gives back any words and weights", () => {
    const words = fc
      .string({ unit: "grapheme", minLength: 1 })
      .map((text) => text.trim())
      .filter((text) => text !== "");
    fc.assert(
      fc.property(words, fc.double({ min: -2, max: 2, noNaN: true }), (text, weight) => {
        const asked = { ...query, terms: [{ kind: "words" as const, text, weight: weight || 0 }] };
        expect(decodeQuery(encodeQuery(asked))).toEqual(asked);
      }),
      { numRuns: 100 },
    );
  });

  it("has no query where there is only a recipe", () => {
    expect(queryPartOf("#recipe=eyJ9")).toBeUndefined();
  });

  it("carries neither labels nor tags", () => {
    const asked = { ...query, filter: { splits: query.splits, tags: ["secret"] } };
    expect(Buffer.from(encodeQuery(asked), "base64url").toString()).not.toContain("secret");
  });

  it.each<[string, unknown, RegExp]>([
    ["an unknown key", { ...plain, run: "rm" }, /unknown key "run"/],
    ["an unknown key of a term", { ...plain, terms: [{ ...query.terms[0], url: "x" }] }, /"url"/],
    ["a key that pollutes", JSON.parse('{"__proto__":{"a":1},"version":1}'), /unknown key/],
    ["another version", { ...plain, version: 2 }, /version/],
    ["no terms", { ...plain, terms: [] }, /terms: expected a list/],
    ["too many terms", { ...plain, terms: Array(17).fill(query.terms[0]) }, /terms: expected/],
    ["terms that are no list", { ...plain, terms: { length: 1 } }, /terms/],
    ["a term that is nothing", { ...plain, terms: [null] }, /terms\[0\].kind/],
    [
      "a kind nobody knows",
      { ...plain, terms: [{ kind: "file" }] },
      /kind: expected words or item/,
    ],
    ["a digest that is a path", { ...plain, data: "../../etc/passwd" }, /data: expected a SHA-256/],
    [
      "a weight as text",
      { ...plain, terms: [{ kind: "words", text: "a", weight: "1" }] },
      /weight/,
    ],
    ["a weight beyond 2", { ...plain, terms: [{ kind: "words", text: "a", weight: 3 }] }, /weight/],
    ["words of blanks", { ...plain, terms: [{ kind: "words", text: " ", weight: 1 }] }, /text/],
    [
      "endless words",
      { ...plain, terms: [{ kind: "words", text: "a".repeat(2_001), weight: 1 }] },
      /text/,
    ],
    ["a target nobody knows", { ...plain, target: "audio" }, /target/],
    ["scores of another type", { ...plain, scores: { centred: 1, csls: false } }, /scores.centred/],
    ["no split", { ...plain, splits: [] }, /splits/],
    ["a split twice", { ...plain, splits: ["test", "test"] }, /each at most once/],
    ["a list", [], /expected an object/],
    ["null", null, /expected an object/],
  ])("is refused with %s", (_, value, detail) => {
    expect(() => decodeQuery(encoded(value))).toThrow(refused(detail));
  });

  it.each([
    ["a letter outside the alphabet", "eyJ2$X0", /not base64url/],
    ["an impossible length", "eyJ2e", /not base64url/],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe]).toString("base64url"), /not UTF-8/],
    ["no JSON", Buffer.from("{").toString("base64url"), /not JSON/],
    ["nothing", "", /not JSON/],
    ["more than 64 kB", "A".repeat(70_000), /64 kB/],
  ])("is refused as %s", (_, text, detail) => {
    expect(() => decodeQuery(text)).toThrow(refused(detail));
  });

  it("never throws anything but its own error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          decodeQuery(encoded(value));
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "query/link" });
        }
      }),
    );
  });
});
