import { describe, expect, it } from "vitest";
import { readJsonl } from "../../../src/engine/importing/jsonlTable";

const read = (...lines: string[]) => readJsonl("metadata.jsonl", lines.join("\n"));

describe("readJsonl", () => {
  it("collects columns over all lines; what a line lacks is empty", () => {
    const { columns, rows } = read(
      '{"file_name":"a.png","text":"x"}',
      "",
      '{"id":7,"file_name":"b.png"}',
    );
    expect(columns).toEqual(["file_name", "text", "id"]);
    expect(rows).toEqual([
      { where: "metadata.jsonl:1", cells: ["a.png", "x"] },
      { where: "metadata.jsonl:3", cells: ["b.png", "", "7"] },
    ]);
  });

  it("keeps lists of texts, and the JSON of anything nested", () => {
    const { rows } = read('{"c":["one","two"],"n":{"a":[1]},"z":null,"m":["x",1]}');
    expect(rows[0]?.cells).toEqual([["one", "two"], '{"a":[1]}', "", '["x",1]']);
  });

  it("sets bad lines aside, each with its line", () => {
    const { rows, broken } = read(
      '{"a":"1"}',
      "{oops",
      "[1]",
      "null",
      '{"a":"\\u0000"}',
      '{"a":"2"}',
    );
    expect(rows.map(({ where }) => where)).toEqual(["metadata.jsonl:1", "metadata.jsonl:6"]);
    expect(broken.map(({ where, fault }) => [where, fault.topic])).toEqual([
      ["metadata.jsonl:2", "not JSON"],
      ["metadata.jsonl:3", "not a JSON object"],
      ["metadata.jsonl:4", "not a JSON object"],
      ["metadata.jsonl:5", "NUL character"],
    ]);
  });

  it("takes __proto__ for a column like any other", () => {
    const { columns, rows } = read('{"__proto__":{"polluted":1},"constructor":"c","text":"t"}');
    expect(columns).toEqual(["__proto__", "constructor", "text"]);
    expect(rows[0]?.cells).toEqual(['{"polluted":1}', "c", "t"]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("refuses a file without records", () => {
    expect(() => read("", " ")).toThrow(expect.objectContaining({ code: "import/metadata" }));
  });
});
