import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../../src/core/formats/csv";
import { guessDelimiter, readCsv } from "../../../src/engine/importing/csvTable";

const read = (text: string) => readCsv("metadata.csv", text);
const cellsOf = (text: string) => read(text).rows.map(({ cells }) => cells);
const places = (text: string) => read(text).rows.map(({ where }) => where);
const brokenOf = (text: string) =>
  read(text).broken.map(({ where, fault }) => [where, fault.topic] as const);

describe("readCsv", () => {
  it("gives back what our writer wrote, for any Unicode, quotes and line breaks", () => {
    // Carriage returns become \n and NUL is refused: both have their own tests.
    const cell = fc
      .oneof(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: fc.constantFrom('"', ",", ";", "\n", "a", " ", "'", "=", "\t") }),
      )
      .filter((text) => !/[\r\0]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const { rows: found, broken } = read(toCsv([["file_name", "text"], ...rows]));
        expect(broken).toEqual([]);
        expect(found.map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it("keeps numbers as they are written", () => {
    expect(cellsOf("id,text\n00123,1e5\n1.0,true\n")).toEqual([
      ["00123", "1e5"],
      ["1.0", "true"],
    ]);
  });

  it.each([",", ";", "\t", "|"])("finds the delimiter %j, whatever the captions hold", (d) => {
    const text = `file_name${d}text${d}price\na.png${d}"a, b; c | d\te"${d}1${d === "," ? "." : ","}5\n`;
    expect(guessDelimiter(text)).toBe(d);
    expect(cellsOf(text)[0]?.slice(0, 2)).toEqual(["a.png", "a, b; c | d\te"]);
  });

  it("reads all three kinds of line breaks, mixed too", () => {
    const rows = [["a.png", "x"], ["b.png", "y"]]; // prettier-ignore
    for (const text of [
      "f,t\r\na.png,x\r\nb.png,y",
      "f,t\ra.png,x\rb.png,y\r",
      "f,t\r\na.png,x\nb.png,y",
    ]) {
      expect(cellsOf(text)).toEqual(rows);
    }
  });

  it("names the line an editor shows, past blank lines and breaks inside fields", () => {
    const text = 'f,t\r\na.png,"one\r\ntwo\r\nthree"\r\n\r\nb.png,x\r\nc.png\r\nd.png,y\r\n';
    expect(places(text)).toEqual(["metadata.csv:2", "metadata.csv:6", "metadata.csv:8"]);
    expect(brokenOf(text)).toEqual([["metadata.csv:7", "wrong number of fields"]]);
    expect(cellsOf(text)[0]).toEqual(["a.png", "one\ntwo\nthree"]);
  });

  it("sets rows of another width aside, except for empty surplus", () => {
    const text = "f,t\na.png,x,,\nb.png,x,y\nc.png\n,\n";
    expect(cellsOf(text)).toEqual([
      ["a.png", "x"],
      ["", ""],
    ]);
    expect(brokenOf(text).map(([where]) => where)).toEqual(["metadata.csv:3", "metadata.csv:4"]);
  });

  it("says where a quotation mark is broken", () => {
    expect(brokenOf('f,t\na.png,"x" y\nb.png,z\n')[0]).toEqual([
      "metadata.csv:2",
      "broken quotation marks",
    ]);
    expect(brokenOf('f,t\na.png,x\nb.png,"never closed\nc.png,z\n')).toEqual([
      ["metadata.csv:3", "broken quotation marks"],
    ]);
  });

  it("loses no row after a quotation mark that is never closed", () => {
    const text = 'f,t\na.png,x\nb.png,"open\nc.png,"y"\nd.png,z\ne.png,"open too\nf.png,q\n';
    const { rows, broken } = read(text);
    const seen = [...rows, ...broken].map(({ where }) => where).sort();
    expect(seen).toEqual([2, 3, 4, 5, 6, 7].map((line) => `metadata.csv:${line}`));
    expect(rows.map(({ cells }) => cells[0])).toEqual(["a.png", "c.png", "d.png", "f.png"]);
  });

  it("gives surplus fields to the last column when asked to", () => {
    const { rows, broken } = readCsv("captions.txt", "f,t\na.png,one, two,\nb.png\n", {
      surplus: "joined",
    });
    expect(rows.map(({ cells }) => cells)).toEqual([["a.png", "one, two,"]]);
    expect(broken).toHaveLength(1);
  });

  it("reads a column of lists as lists only if every cell is one", () => {
    const lists = 'f,t\na.png,"[""x"", ""y""]"\nb.png,\n';
    expect(cellsOf(lists)).toEqual([["a.png", ["x", "y"]], ["b.png", []]]); // prettier-ignore
    expect(cellsOf('f,t\na.png,"[""x""]"\nb.png,[sic] a text\n')[0]).toEqual(["a.png", '["x"]']);
    expect(cellsOf("f,t\na.png,[1]\nb.png,[2]\n")[0]).toEqual(["a.png", "[1]"]);
  });

  it("sets rows with NUL aside", () => {
    expect(brokenOf("f,t\na.png,x\0y\n")).toEqual([["metadata.csv:2", "NUL character"]]);
  });

  it("trims header names, numbers repeated ones and names empty ones", () => {
    expect(read(" file_name , text,text ,,__proto__\n").columns).toEqual([
      ...["file_name", "text", "text_2", "column_4", "__proto__"],
    ]);
  });

  it("takes away the guard our own export puts before formulas", () => {
    expect(cellsOf("f,t\na.png,'=1+1\nb.png,'tis\n").map(([, text]) => text)).toEqual([
      "=1+1",
      "'tis",
    ]);
  });

  it("refuses an empty file", () => {
    expect(() => read("")).toThrow(expect.objectContaining({ code: "import/metadata" }));
    expect(() => read("\n  \n")).toThrow(expect.objectContaining({ code: "import/metadata" }));
  });

  it("refuses a table of absurd width", () => {
    const wide = Array.from({ length: 1001 }, (_, i) => `c${i}`).join(",");
    expect(() => read(wide)).toThrow(expect.objectContaining({ code: "import/metadata" }));
  });
});
