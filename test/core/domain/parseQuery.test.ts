import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatQuery, parseQuery } from "../../../src/core/domain/parseQuery";

const short = (text: string) => parseQuery(text).map(({ text, weight }) => [text, weight]);

describe("a typed query", () => {
  it.each([
    ["cat", [["cat", 1]]],
    ["  a black cat  ", [["a black cat", 1]]],
    [
      "cat - grass + snow",
      [
        ["cat", 1],
        ["grass", -1],
        ["snow", 1],
      ],
    ],
    [
      "-grass + 0.5*snow",
      [
        ["grass", -1],
        ["snow", 0.5],
      ],
    ],
    ["- grass", [["grass", -1]]],
    ["+ grass", [["grass", 1]]],
    [
      "cat − 2 * grass",
      [
        ["cat", 1],
        ["grass", -2],
      ],
    ],
    ["- 0*cat", [["cat", 0]]],
  ])("splits where blanks stand around plus and minus: %s", (text, terms) => {
    expect(short(text)).toEqual(terms);
  });

  it.each([
    ["T-shirt", "T-shirt"],
    ["C++ code", "C++ code"],
    ["rock+roll", "rock+roll"],
    ['5" pipe', '5" pipe'],
    ['"big" dog', '"big" dog'],
    ['"rock + roll"', "rock + roll"],
    ['"say ""hi"" - now"', 'say "hi" - now'],
    ['"unclosed - quote', "unclosed - quote"],
    ["5 * stars", "stars"],
  ])("keeps what only looks like an operator: %s", (text, words) => {
    expect(parseQuery(text).map((term) => term.text)).toEqual([words]);
  });

  it("ignores operators that wait for their term, at every stroke of typing", () => {
    const typed = "cat - grass + snow";
    const seen = Array.from(typed, (_, i) => short(typed.slice(0, i + 1)));
    expect(seen[4]).toEqual([["cat", 1]]); // "cat -"
    expect(seen[5]).toEqual([["cat", 1]]); // "cat - "
    expect(seen[6]).toEqual([
      ["cat", 1],
      ["g", -1],
    ]);
    for (const terms of seen) expect(terms.every(([words]) => words !== "")).toBe(true);
  });

  it("is nothing when only operators, quotes or blanks are there", () => {
    for (const text of ["", "   ", "+", "-", " - ", "+ -", '""', '"', "2*", "- + -"]) {
      expect([text, parseQuery(text)]).toEqual([text, []]);
    }
  });

  it("keeps weights between -2 and 2", () => {
    expect(short("999*cat - 3*dog")).toEqual([
      ["cat", 2],
      ["dog", -2],
    ]);
  });
});

describe("a written query", () => {
  const words = fc
    .oneof(
      fc.string({ minLength: 1 }),
      fc
        .array(fc.constantFrom("cat", "+", "-", "−", '"', " ", "2*", "a", "*", "0.5*"), {
          minLength: 1,
        })
        .map((parts) => parts.join("")),
    )
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const weight = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);

  it("reads as the terms it was written from, whatever their words", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: words, weight }), { minLength: 1, maxLength: 4 }),
        (terms) => {
          expect(parseQuery(formatQuery(terms))).toEqual(
            terms.map((term) => ({ ...term, weight: term.weight || 0 })),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("leaves plain words plain", () => {
    expect(formatQuery([{ text: "a T-shirt", weight: 1 }])).toBe("a T-shirt");
    expect(
      formatQuery([
        { text: "cat", weight: 1 },
        { text: "grass", weight: -0.5 },
      ]),
    ).toBe("cat - 0.5*grass");
    expect(formatQuery([])).toBe("");
  });

  it("never loops or throws on any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const term of parseQuery(text)) expect(Math.abs(term.weight)).toBeLessThanOrEqual(2);
      }),
    );
  });
});
