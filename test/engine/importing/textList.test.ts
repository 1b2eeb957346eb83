import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTextList } from "../../../src/engine/importing/textList";

describe("parseTextList", () => {
  it("gives back what JSON wrote, for any texts", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        expect(parseTextList(` ${JSON.stringify(texts)} `)).toEqual(texts);
      }),
    );
  });

  it("gives back what Python's repr wrote, for any texts", () => {
    const repr = (text: string) => {
      const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
      const escaped = text.replace(/[\\\n]/g, (letter) => (letter === "\n" ? "\\n" : "\\\\"));
      return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
    };
    const text = fc.string({
      unit: fc.constantFrom("a", " ", "'", '"', "\\", "\n", ",", "]", "é"),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        expect(parseTextList(`[${texts.map(repr).join(", ")}]`)).toEqual(texts);
      }),
    );
  });

  it("reads NumPy's lists, whose texts only blanks divide", () => {
    expect(parseTextList("['one' 'two'\n 'three']")).toEqual(["one", "two", "three"]);
  });

  it.each([
    "",
    "[",
    "[]]",
    "[1, 2]",
    "['a', 2]",
    "['a'",
    "[sic]",
    "['a'] and",
    "{'a': 1}",
    "[None]",
  ])("leaves %j alone", (text) => {
    expect(parseTextList(text)).toBeUndefined();
  });
});
