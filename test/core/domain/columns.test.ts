import { describe, expect, it } from "vitest";
import { guessColumns, type ColumnProfile } from "../../../src/core/domain/columns";

/** Profiles as they come from a table given by columns. */
function guess(table: Readonly<Record<string, readonly string[]>>) {
  const rows = Math.max(...Object.values(table).map(({ length }) => length));
  const profiles = Object.entries(table).map(([column, cells]): ColumnProfile => {
    const filled = cells.filter((cell) => cell !== "");
    const values = [...new Set(filled)];
    return { column, distinct: values.length, filled: filled.length, values: values.slice(0, 200) };
  });
  return Object.fromEntries(guessColumns(profiles, rows).map(({ column, role }) => [column, role]));
}

const many = (prefix: string, rows = 8) => Array.from({ length: rows }, (_, i) => `${prefix} ${i}`);
const cycle = (values: readonly string[], rows = 8) =>
  Array.from({ length: rows }, (_, i) => values[i % values.length]!);

describe("guessColumns", () => {
  it("knows the usual names in any case", () => {
    expect(guess({ Image: many("a.png"), Caption: many("a"), Patient_ID: many("p") })).toEqual({
      Image: "file",
      Caption: "caption",
      Patient_ID: "group",
    });
  });

  it("takes every caption column, numbered ones too", () => {
    expect(guess({ file_name: many("f"), caption_1: many("a"), caption_2: many("b") })).toEqual({
      file_name: "file",
      caption_1: "caption",
      caption_2: "caption",
    });
  });

  it("believes a split column only if all its values name splits", () => {
    const base = { file_name: many("f"), text: many("t") };
    expect(guess({ ...base, split: cycle(["train", "VAL", "test"]) }).split).toBe("split");
    expect(guess({ ...base, fold: cycle(["1", "2"]) }).fold).toBe("ignore");
    expect(guess({ ...base, set: cycle(["train", "red"]) }).set).toBe("label");
  });

  it("takes category for a caption only where nothing is better", () => {
    const base = { file_name: many("f"), category: cycle(["cat", "dog"]) };
    expect(guess(base).category).toBe("caption");
    expect(guess({ ...base, text: many("t") }).category).toBe("label");
  });

  it("leaves keywords and tags for the user to choose", () => {
    const table = {
      file_name: many("f"),
      text: many("t"),
      keywords: cycle(["a", "b"]),
      tags: many("x"),
    };
    expect(guess(table)).toMatchObject({ keywords: "ignore", tags: "ignore" });
  });

  it("calls columns of few texts labels, not those of many, of one, or of numbers", () => {
    const base = { file_name: many("f"), text: many("t") };
    expect(guess({ ...base, artwork: cycle(["noto", "fluent"]) }).artwork).toBe("label");
    expect(guess({ ...base, note: many("n") }).note).toBe("ignore");
    expect(guess({ ...base, source: cycle(["web"]) }).source).toBe("ignore");
    expect(guess({ ...base, width: cycle(["96", "128"]) }).width).toBe("ignore");
    expect(guess({ ...base, five: cycle(["a", "b", "c", "d", "e"]) }).five).toBe("ignore");
  });

  it("finds the file column by its values when no name helps", () => {
    expect(guess({ what: many("x").map((v) => `${v}.JPG`), text: many("t") }).what).toBe("file");
  });

  it("takes the wordiest column for captions when no name helps, and none of single words", () => {
    const base = { picture: many("x").map((v) => `${v.replace(" ", "")}.jpg`) };
    const both = { ...base, who: many("a"), what: many("the robin on fence") };
    expect(guess(both)).toMatchObject({ picture: "file", who: "ignore", what: "caption" });
    expect(guess({ ...base, code: cycle(["a", "b"]) }).code).toBe("label");
  });

  it("takes remote addresses for files only where there is nothing else, and never for captions", () => {
    const url = many("https://x.org/a").map((v) => `${v.replace(" ", "")}.jpg`);
    const text = many("t");
    expect(guess({ url, picture: many("a.png"), text })).toMatchObject({ url: "ignore" });
    expect(guess({ image: url, file: many("a.png"), text })).toMatchObject({
      image: "ignore",
      file: "file",
    });
    expect(guess({ link: url, text })).toMatchObject({ link: "file", text: "caption" });
    expect(guess({ file: many("a.png"), title: url, text }).title).toBe("ignore");
  });

  it("knows file columns of sounds and lists of files", () => {
    expect(guess({ audio: many("a.wav"), text: many("t") }).audio).toBe("file");
    expect(guess({ what: many("x").map((v) => `${v}.flac`), text: many("t") }).what).toBe("file");
    expect(guess({ frame_file_names: many("a"), text: many("t") }).frame_file_names).toBe("file");
  });

  it("does not take a numeric image column for file names", () => {
    expect(guess({ image: cycle(["1", "2"]), file: many("a.png"), text: many("t") })).toMatchObject(
      {
        file: "file",
        image: "ignore",
      },
    );
  });

  it("gives file, group and split to one column each", () => {
    const roles = Object.values(
      guess({
        file_name: many("f"),
        image: many("g"),
        text: many("t"),
        group: many("a"),
        family: many("b"),
        split: cycle(["train", "test"]),
        subset: cycle(["train", "test"]),
      }),
    );
    for (const role of ["file", "group", "split"]) {
      expect(roles.filter((given) => given === role)).toHaveLength(1);
    }
  });
});
