import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { plan } from "../../../support/planning";
import { zipOf } from "../../../support/zipOf";
import { files } from "../../../support/importing";

const coded = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("caption files", () => {
  it("pairs files of one path but for the extension, in any folder", async () => {
    const found = await plan({
      "x/1.jpg": "x",
      "x/1.txt": "one\n",
      "y/1.png": "x",
      "y/1.txt": "two",
      "y/2.PNG": "x",
      "y/2.TXT": "\ufeffthree",
    });
    expect(found).toMatchObject({
      format: "caption-files",
      issues: [],
      unpaired: [],
      warnings: [],
    });
    expect(found.pairs).toEqual(["x/1.jpg: one", "y/1.png: two", "y/2.PNG: three"]);
    expect(found.summary).toBe("Caption files: 3 images, 3 captions");
  });

  it("reports several pictures beside one caption file and uses one of them", async () => {
    const found = await plan({
      "1.png": "x",
      "1.jpg": "x",
      "1.txt": "one",
      "2.jpg": "x",
      "2.txt": "two",
    });
    expect(found.pairs).toEqual(["1.jpg: one", "2.jpg: two"]);
    expect(found.unpaired).toEqual(["1.png"]);
    expect(found.warnings).toEqual([
      "1 caption file beside several pictures, such as 1.jpg, 1.png; the first is used.",
    ]);
  });

  it("takes each line for a caption, and the JSON's caption where there is no text", async () => {
    const found = await plan({
      "1.jpg": "x",
      "1.txt": "one\r\n\n uno \n",
      "2.jpg": "x",
      "2.json": '{"caption": "two", "width": 3}',
      "3.jpg": "x",
      "3.json": '{"text": ["three", "tres"]}',
      "4.jpg": "x",
      "4.txt": "four",
      "4.json": '{"caption": "not this one"}',
    });
    expect(found.pairs).toEqual([
      "1.jpg: one / uno",
      "2.jpg: two",
      "3.jpg: three / tres",
      "4.jpg: four",
    ]);
    expect(found.warnings).toEqual([
      "1 caption file with several lines, such as 1.txt; each line is a caption.",
    ]);
  });

  it("lists pictures without text and texts without picture as unpaired", async () => {
    const found = await plan({
      "1.jpg": "x",
      "1.txt": "one",
      "2.jpg": "x",
      "lonely.txt": "nothing",
      "README.md": "read me",
    });
    expect(found).toMatchObject({ rows: 1, used: 1 });
    expect(found.unpaired).toEqual(["2.jpg", "README.md", "lonely.txt"]);
  });

  it("costs one row per caption file that cannot be used", async () => {
    const found = await plan({
      "1.jpg": "x",
      "1.txt": " \n",
      "2.jpg": "x",
      "2.json": "{oops",
      "3.jpg": "x",
      "3.txt": "NUL \0",
      "4.jpg": "x",
      "4.txt": "x".repeat(2 ** 20 + 1),
      "5.jpg": "x",
      "5.txt": "five",
      "6.jpg": "x",
      "6.json": "null",
    });
    expect(found).toMatchObject({ rows: 6, used: 1, skipped: 5 });
    expect(found.issues.map((issue) => issue.slice(0, 45))).toEqual([
      expect.stringMatching(/^skipped 2\.json: 2\.json is not JSON/),
      "skipped 3.txt: the row holds a NUL character",
      expect.stringMatching(/^skipped 4\.txt: the caption file has 1,048,577/),
      "skipped 1.txt: caption is empty",
      "skipped 6.json: caption is empty",
    ]);
  });

  it("takes splits from folders", async () => {
    const found = await plan({
      "train/1.jpg": "x",
      "train/1.txt": "one",
      "dev/1.jpg": "x",
      "dev/1.txt": "two",
    });
    expect(found.pairs).toEqual(["dev/1.jpg: two [validation]", "train/1.jpg: one [train]"]);
  });

  it("says what is missing when nothing lies beside the pictures", async () => {
    const contents = { "metadata.csv": "file_name,text\n1.jpg,a\n", "1.jpg": "x" };
    await expect(plan(contents, { format: "caption-files" })).rejects.toThrow(
      coded("import/unrecognised", /of the same name beside it/),
    );
  });
});

describe("img2dataset output", () => {
  const record = (change: object = {}) =>
    JSON.stringify({
      url: "https://x.org/1.jpg",
      caption: "from json",
      key: "000000000",
      status: "success",
      error_message: null,
      ...change,
    });

  it("reads numbered samples and leaves statistics alone", async () => {
    const found = await plan({
      "out/00000/000000000.jpg": "x",
      "out/00000/000000000.txt": "one",
      "out/00000/000000000.json": record(),
      "out/00001/000010000.jpg": "x",
      "out/00001/000010000.json": record({ caption: "two" }),
      "out/00000_stats.json": '{"count": 1, "caption": "not a sample"}',
    });
    expect(found).toMatchObject({ format: "img2dataset", issues: [], unpaired: [] });
    expect(found.pairs).toEqual(["out/00000/000000000.jpg: one", "out/00001/000010000.jpg: two"]);
    expect(found.rolesOf["url"]).toBe("ignore");
  });

  it("reports rows whose download failed", async () => {
    const found = await plan({
      "00000/000000000.jpg": "x",
      "00000/000000000.txt": "one",
      "00000/000000000.json": record(),
      "00000/000000001.json": record({ status: "failed_to_download", error_message: "HTTP 404" }),
      "00000/000000002.json": record({ status: "failed_to_resize", error_message: "" }),
    });
    expect(found).toMatchObject({ rows: 3, used: 1, skipped: 2 });
    expect(found.issues).toEqual([
      "skipped 00000/000000001.json: img2dataset did not download it: HTTP 404",
      "skipped 00000/000000002.json: img2dataset did not download it: failed_to_resize",
    ]);
  });

  it("reports what only the shard's table knows of", async () => {
    const columnData = [
      { name: "key", data: ["000000000", "000000001"] },
      { name: "status", data: ["success", "failed_to_download"] },
      { name: "error_message", data: ["", "HTTP Error 410: Gone"] },
    ];
    const found = await plan({
      "00000/000000000.jpg": "x",
      "00000/000000000.txt": "one",
      "00000/000000000.json": record(),
      "00000.parquet": new Uint8Array(parquetWriteBuffer({ columnData })),
    });
    expect(found).toMatchObject({ format: "img2dataset", rows: 2, used: 1, unpaired: [] });
    expect(found.issues).toEqual([
      "skipped 00000.parquet:2: img2dataset did not download it: HTTP Error 410: Gone",
    ]);
  });

  it("costs one row per damaged record", async () => {
    const found = await plan({
      "00000/000000000.jpg": "x",
      "00000/000000000.json": record(),
      "00000/000000001.jpg": "x",
      "00000/000000001.json": "{",
      "00000/000000002.jpg": "x",
      "00000/000000002.txt": " ",
    });
    expect(found).toMatchObject({ rows: 3, used: 1, skipped: 2 });
  });
});

describe("a damaged member of an archive", () => {
  it("does not stop recognition, and costs its own pair", async () => {
    const zip = await zipOf({ "1.jpg": "x", "1.txt": "one", "2.jpg": "x", "2.txt": "two" });
    const text = new TextDecoder("latin1").decode(zip);
    const at = text.indexOf("one", text.indexOf("1.txt"));
    zip[at] = 0x21; // the checksum no longer fits
    const found = await plan(files({ "data.zip": zip }));
    expect(found).toMatchObject({ rows: 2, used: 1, skipped: 1 });
    expect(found.pairs).toEqual(["2.jpg: two"]);
  });
});
