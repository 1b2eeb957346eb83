import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { toCsv, withoutFormulaGuard } from "../../../src/core/formats/csv";

const parse = (csv: string) =>
  Papa.parse<string[]>(csv, { delimiter: ",", newline: "\r\n" }).data.slice(0, -1);

describe("toCsv", () => {
  it("round trips any text through another parser, guard included", () => {
    const awkward = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(fc.constantFrom(..."'=+-@\t\r\n\",;5e. é"), { maxLength: 6 }).map((c) => c.join("")),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(awkward, { minLength: width, maxLength: width }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(table, (rows) => {
        const read = parse(toCsv(rows)).map((row) => row.map(withoutFormulaGuard));
        expect(read).toEqual(rows);
      }),
    );
  });

  it("disarms what a spreadsheet would run", () => {
    fc.assert(
      fc.property(fc.constantFrom(..."=+-@\t\r"), fc.string(), (first, rest) => {
        const [[cell]] = parse(toCsv([[first + rest]])) as [[string]];
        if (Number.isNaN(Number(first + rest)) || first === "=" || first === "@") {
          expect(cell.startsWith("'")).toBe(true);
        }
      }),
    );
    expect(toCsv([['=HYPERLINK("http://x")']])).toBe('"\'=HYPERLINK(""http://x"")"\r\n');
  });

  it("leaves numbers alone, as numbers and as text", () => {
    expect(toCsv([[-5, 0.1, "-5", "+1.5e3", "-5 apples"]])).toBe("-5,0.1,-5,+1.5e3,'-5 apples\r\n");
  });

  it("writes missing and non-finite values as empty cells", () => {
    expect(toCsv([[null, undefined, NaN, Infinity, true]])).toBe(",,,,true\r\n");
    expect(toCsv([[""]])).toBe('""\r\n');
  });
});
