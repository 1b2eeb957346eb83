import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { files, inspect } from "../../../support/importing";
import { plan } from "../../../support/planning";

const coded = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("a table and files", () => {
  it("joins ids without extension, leading zeros and exponents kept", async () => {
    const found = await plan({
      "train.csv": "id,caption\n00123,one\n1e5,two\n123,three\n",
      "images/00123.jpg": "x",
      "images/1e5.jpg": "x",
      "images/123.jpg": "x",
    });
    expect(found).toMatchObject({ format: "table", unpaired: [] });
    expect(found.rolesOf).toEqual({ id: "file", caption: "caption" });
    expect(found.pairs).toEqual([
      "images/00123.jpg: one",
      "images/123.jpg: three",
      "images/1e5.jpg: two",
    ]);
    expect(found.issues).toHaveLength(3);
    expect(found.issues[0]).toBe("flagged train.csv:2: matched without its extension: 00123");
  });

  it("reports one way of matching once where many rows need it", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},caption ${i}`);
    const found = await plan({
      "train.csv": ["id,caption", ...rows].join("\n"),
      ...Object.fromEntries(rows.map((_, i) => [`images/${i}.jpg`, "x"])),
    });
    expect(found).toMatchObject({ used: 30 });
    expect(found.issues).toEqual([
      "flagged train.csv: 30 rows matched without extension, such as 0",
    ]);
  });

  it("finds pictures in one folder per split, and guesses nothing where two fit", async () => {
    const found = await plan({
      "all.csv": "image,text\na.jpg,one\nb.jpg,two\nboth.jpg,three\n",
      "train_images/a.jpg": "x",
      "test_images/b.jpg": "x",
      "train_images/both.jpg": "x",
      "test_images/both.jpg": "x",
    });
    expect(found.pairs).toEqual(["test_images/b.jpg: two", "train_images/a.jpg: one"]);
    expect(found.issues).toContain(
      "skipped all.csv:4: file not found: both.jpg; 2 files elsewhere have this name",
    );
  });

  it("reads tables with the same columns as parts of one, their names naming splits", async () => {
    const found = await plan({
      "train.csv": "image,text\na.jpg,one\n",
      "test.csv": "image,text\nb.jpg,two\n",
      "prices.csv": "article,price\n1,2\n",
      "a.jpg": "x",
      "b.jpg": "x",
    });
    expect(found.pairs).toEqual(["a.jpg: one [train]", "b.jpg: two [test]"]);
    expect(found.warnings).toEqual([
      "There is no metadata.csv; test.csv, train.csv are used as metadata.",
      "Not used: prices.csv. Drop only the table you mean, if it is another.",
    ]);
    expect(found.unpaired).toEqual(["prices.csv"]);
  });

  it("takes the table whose rows name files, not the largest or the first", async () => {
    const found = await plan({
      "a.csv": `name,text\n${"nothing,here\n".repeat(50)}`,
      "z.csv": "picture,says\n1.jpg,one robin\n",
      "1.jpg": "x",
    });
    expect(found.rolesOf["picture"]).toBe("file");
    expect(found.warnings[0]).toBe("There is no metadata.csv; z.csv is used as metadata.");
  });

  it("takes lists in cells for several captions, as JSON or as Python writes them", async () => {
    const found = await plan({
      "a.csv":
        'image,captions\n1.jpg,"[""one"", ""uno""]"\n2.jpg,"[\'it\\\'s\', ""two""]"\n3.jpg,\n',
      "1.jpg": "x",
      "2.jpg": "x",
      "3.jpg": "x",
    });
    expect(found.pairs).toEqual(["1.jpg: one / uno", "2.jpg: it's / two"]);
    expect(found.issues).toEqual(["skipped a.csv:4: caption is empty"]);
  });

  it("is no match for class folders unless its rows name their files", async () => {
    const folders = { "cat/1.jpg": "x", "dog/2.jpg": "x" };
    const stray = await plan({ ...folders, "notes.csv": "a,b\n7,8\n9,10\n" });
    expect(stray.format).toBe("class-folders");
    const named = await plan({ ...folders, "labels.csv": "file,text\n1.jpg,one\n2.jpg,two\n" });
    expect(named.format).toBe("table");
    expect(named.candidates.map(({ id }) => id)).toEqual(["table", "class-folders"]);
  });

  it("reads semicolons and decimal commas of other countries", async () => {
    const found = await plan({
      "prix.csv": "image;texte;prix;text\n1.jpg;un;1,5;uno\n2.jpg;deux;2,5;due\n",
      "1.jpg": "x",
      "2.jpg": "x",
    });
    expect(found.pairs).toEqual(["1.jpg: uno", "2.jpg: due"]);
  });
});

describe("a Parquet table", () => {
  it("is a table like any other where it names files, and none where it does not", async () => {
    const table = (name: string, values: string[]) => {
      const columnData = [
        { name, data: values },
        { name: "caption", data: ["one", "two"] },
        { name: "vector", data: [[0.1], [0.2]] },
      ];
      return new Uint8Array(parquetWriteBuffer({ columnData }));
    };
    const pictures = { "d/7.jpg": "x", "d/8.jpg": "x" };
    const found = await plan({ "rows.parquet": table("id", ["7", "8"]), ...pictures });
    expect(found.pairs).toEqual(["d/7.jpg: one", "d/8.jpg: two"]);
    const { candidates } = await inspect(
      files({ "rows.parquet": table("name", ["a", "b"]), "cat/1.jpg": "x", "dog/1.jpg": "x" }),
    );
    expect(candidates.map(({ id }) => id)).not.toContain("table");
  });
});

describe("a JSON list", () => {
  const pictures = { "1.jpg": "x", "2.jpg": "x" };
  const records = [
    { file_name: "1.jpg", text: "one", n: 1 },
    { file_name: "2.jpg", text: ["two", "due"] },
  ];

  it.each([
    ["an array", JSON.stringify(records)],
    ["one under data", JSON.stringify({ version: 1, data: records })],
    ["one under images", JSON.stringify({ images: records })],
    ["one under items", JSON.stringify({ items: records })],
    ["a dictionary", JSON.stringify({ "1.jpg": "one", "2.jpg": ["two", "due"] })],
    ["a dictionary of records", JSON.stringify({ "1.jpg": { text: "one" }, "2.jpg": { text: ["two", "due"] } })], // prettier-ignore
  ])("reads %s", async (_name, json) => {
    const found = await plan({ "captions.json": json, ...pictures });
    expect(found).toMatchObject({ format: "json", issues: [], unpaired: [] });
    expect(found.pairs).toEqual(["1.jpg: one", "2.jpg: two / due"]);
  });

  it("reads JSON Lines, and adds files up with the splits in their names", async () => {
    const found = await plan({
      "train.jsonl": '{"image":"1.jpg","caption":"one"}\n',
      "val.jsonl": '{"image":"2.jpg","caption":"two"}\n{oops\n',
      ...pictures,
    });
    expect(found).toMatchObject({ format: "json", rows: 3, skipped: 1 });
    expect(found.pairs).toEqual(["1.jpg: one [train]", "2.jpg: two [validation]"]);
  });

  it("reads JSON Lines that are called JSON", async () => {
    const lines = '{"image":"1.jpg","caption":"one"}\n{"image":"2.jpg","caption":"two"}\n{oops\n';
    const found = await plan({ "captions.json": lines, ...pictures });
    expect(found).toMatchObject({ format: "json", rows: 3, used: 2 });
    expect(found.issues[0]).toMatch(/^skipped captions\.json:3: not valid JSON/);
  });

  it("costs one row per bad record and says which", async () => {
    const json = JSON.stringify([
      { image: "1.jpg", text: "one" },
      7,
      null,
      ["x"],
      { image: "2.jpg" },
    ]);
    const found = await plan({ "a.json": json, ...pictures });
    expect(found).toMatchObject({ rows: 5, used: 1 });
    expect(found.issues).toEqual([
      "skipped a.json: record 2: not an object with named fields",
      "skipped a.json: record 3: not an object with named fields",
      "skipped a.json: record 4: not an object with named fields",
      "skipped a.json: record 5: caption is empty",
    ]);
  });

  it("keeps __proto__ and constructor as data", async () => {
    const json = '[{"image":"1.jpg","text":"one","__proto__":{"polluted":1},"constructor":"x"}]';
    const found = await plan({ "a.json": json, ...pictures });
    expect(found.pairs).toEqual(["1.jpg: one"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("refuses what is not JSON or no list, and says so", async () => {
    const format = "json" as const;
    await expect(plan({ "a.json": '[{"image":"1.jpg"', ...pictures })).rejects.toThrow(
      coded("import/metadata", /a\.json: /),
    );
    await expect(plan({ "a.json": '{"v": 1}', ...pictures }, { format })).rejects.toThrow(
      coded("import/unrecognised", /list of records/),
    );
  });
});

describe("overruling", () => {
  const contents = {
    "train/cat/1.jpg": "x",
    "train/dog/2.jpg": "x",
    "metadata.csv": "file_name,text\ntrain/cat/1.jpg,one\ntrain/dog/2.jpg,two\n",
  };

  it("lists every layout that fits, best first", async () => {
    const { candidates } = await plan(contents);
    expect(candidates.map(({ id }) => id)).toEqual(["imagefolder", "table", "class-folders"]);
  });

  it("is obeyed", async () => {
    const found = await plan(contents, { format: "class-folders" });
    expect(found).toMatchObject({ format: "class-folders", unpaired: ["metadata.csv"] });
    expect(found.pairs[0]).toBe("train/cat/1.jpg: a photo of a cat");
  });

  it.each([
    "coco",
    "karpathy",
    "flickr",
    "img2dataset",
    "caption-files",
    "json",
    "esc50",
    "clotho",
    "audiocaps",
  ] as const)(
    // prettier-ignore
    "to %s is refused with what it would need",
    async (format) => {
      await expect(plan(contents, { format })).rejects.toThrow(
        coded("import/unrecognised", /^no .{20,}/),
      );
    },
  );
});
