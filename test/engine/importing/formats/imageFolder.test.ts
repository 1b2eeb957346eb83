import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { plan } from "../../../support/planning";
import { zipOf } from "../../../support/zipOf";

const coded = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("image folder", () => {
  it("reads metadata of any folder, its paths relative to it", async () => {
    const found = await plan({
      "birds/metadata.csv": "file_name,text\n1.png,robin\n",
      "birds/1.png": "x",
      "cats/deep/metadata.csv": "file_name,text\n1.png,tabby\n../2.png,tom\n",
      "cats/deep/1.png": "x",
      "cats/2.png": "x",
    });
    expect(found).toMatchObject({ format: "imagefolder", issues: [], unpaired: [] });
    expect(found.pairs).toEqual([
      "birds/1.png: robin",
      "cats/2.png: tom",
      "cats/deep/1.png: tabby",
    ]);
    expect(found.summary).toBe("Image folder with 2 metadata files: 3 rows, 3 images");
  });

  it("takes the metadata of audio, and upper-case extensions", async () => {
    const found = await plan({
      "metadata.csv": "file_name,transcription\ndata/a.WAV,hello\n",
      "data/a.WAV": "x",
    });
    expect(found).toMatchObject({ media: "audio", pairs: ["data/a.WAV: hello"] });
  });

  it("refuses metadata of two kinds, wherever they are", async () => {
    const contents = {
      "a/metadata.csv": "file_name,text\n1.png,x\n",
      "b/metadata.jsonl": '{"file_name":"1.png","text":"x"}',
      "a/1.png": "x",
      "b/1.png": "x",
    };
    await expect(plan(contents)).rejects.toThrow(
      coded("import/metadata", /a\/metadata\.csv and b\/metadata\.jsonl .*keep one/),
    );
  });

  it("joins files of different columns and says which lacks what", async () => {
    const found = await plan({
      "a/metadata.csv": "file_name,text\n1.png,one\n",
      "b/metadata.csv": "file_name,text,place\n1.png,two,sea\n",
      "a/1.png": "x",
      "b/1.png": "x",
    });
    expect(found.pairs).toHaveLength(2);
    expect(found.warnings).toContain(
      "The metadata files differ in their columns: a/metadata.csv lacks place.",
    );
  });

  it.each(["metadata.json1", "metadata1000.jsonl", "meta_data.jsonl", "Metadata-train.ndjson"])(
    "uses %s, and says what its name should be",
    async (name) => {
      const found = await plan({ [name]: '{"file_name":"1.png","text":"x"}\n', "1.png": "x" });
      expect(found).toMatchObject({ format: "imagefolder", pairs: ["1.png: x"] });
      expect(found.warnings).toEqual([
        `${name} is used as metadata; the usual name is metadata.jsonl.`,
      ]);
    },
  );

  it("leaves a nearly right name aside where a right one is, and says so", async () => {
    const found = await plan({
      "metadata.csv": "file_name,text\n1.png,x\n",
      "metadata_old.csv": "file_name,text\n1.png,old\n",
      "1.png": "x",
    });
    expect(found.pairs).toEqual(["1.png: x"]);
    expect(found.warnings).toEqual(["Not used, as there is a metadata.csv: metadata_old.csv."]);
    expect(found.unpaired).toEqual(["metadata_old.csv"]);
  });

  it("takes splits from folders, at the root too", async () => {
    const found = await plan({
      "metadata.csv": "file_name,text\ntrain/1.png,a\nvalidation/1.png,b\ntest/1.png,c\n",
      "train/1.png": "x",
      "validation/1.png": "x",
      "test/1.png": "x",
    });
    expect(found.pairs).toEqual([
      "test/1.png: c [test]",
      "train/1.png: a [train]",
      "validation/1.png: b [validation]",
    ]);
    expect(found.rolesOf["split"]).toBe("split");
  });

  it.each([
    ["all rows are of one split", "file_name,text\ntrain/1.png,a\ntrain/2.png,b\n"],
    ["no folder names one", "file_name,text\npets/1.png,a\ntrain/1.png,b\n"],
  ])("draws splits where %s", async (_name, csv) => {
    const found = await plan({
      "metadata.csv": csv,
      "train/1.png": "x",
      "train/2.png": "x",
      "pets/1.png": "x",
    });
    expect(found.rolesOf["split"]).toBeUndefined();
  });

  it("believes a column of splits rather than folders", async () => {
    const found = await plan({
      "metadata.csv": "file_name,text,split\ntrain/1.png,a,test\ntest/1.png,b,train\n",
      "train/1.png": "x",
      "test/1.png": "x",
    });
    expect(found.pairs).toEqual(["test/1.png: b [train]", "train/1.png: a [test]"]);
  });

  it("takes the first of several file columns and names the others", async () => {
    const found = await plan({
      "metadata.csv": "image_file_name,target_file_name,text\n1.png,2.png,a\n",
      "1.png": "x",
      "2.png": "y",
    });
    expect(found.pairs).toEqual(["1.png: a"]);
    expect(found.warnings[0]).toBe(
      "Several columns name files (image_file_name, target_file_name); one is used per pair: image_file_name.",
    );
    expect(found.unpaired).toEqual(["2.png"]);
  });

  it("counts every file of a list as a row that has the row's caption", async () => {
    const found = await plan({
      "metadata.jsonl": '{"file_names":["1.png","2.png","gone.png"],"text":"a clip"}\n',
      "1.png": "x",
      "2.png": "y",
    });
    expect(found).toMatchObject({ rows: 3, used: 2, skipped: 1 });
    expect(found.pairs).toEqual(["1.png: a clip", "2.png: a clip"]);
    expect(found.issues).toEqual(["skipped metadata.jsonl:1 (file 3): file not found: gone.png"]);
  });

  it("finds nothing in a column of remote addresses, and says so before the import", async () => {
    const found = await plan({
      "metadata.csv": "file_name,url,text\n1.png,https://x.org/1.png,a\n",
      "1.png": "x",
    });
    expect(found.pairs).toEqual(["1.png: a"]);
    expect(found.warnings).toEqual([
      "Column “url” holds remote addresses; nothing is downloaded from them.",
    ]);
    const remote = await plan({
      "metadata.csv": "image,text\nhttps://x.org/1.png,a\n",
      "2.png": "x",
    });
    expect(remote.issues).toEqual(["skipped metadata.csv:2: remote address, not downloaded"]);
  });

  it("says what is missing when asked to read something else", async () => {
    const contents = { "a.csv": "file_name,text\n1.png,a\n", "1.png": "x" };
    await expect(plan(contents, { format: "imagefolder" })).rejects.toThrow(
      coded("import/unrecognised", /metadata\.csv/),
    );
  });
});

describe("archives", () => {
  const part = (caption: string) => ({
    "metadata.csv": `file_name,text\na.png,${caption}\n`,
    "a.png": "x",
  });

  it("take their splits from their names: one zip per split", async () => {
    const train = await zipOf(part("one"));
    const test = await zipOf(part("two"));
    const found = await plan({ "train.zip": train, "test.zip": test });
    expect(found.pairs).toEqual(["test/a.png: two [test]", "train/a.png: one [train]"]);
  });

  it("may lie beside their metadata", async () => {
    const found = await plan({
      "metadata.csv": "file_name,text\ntrain/a.png,one\n",
      "pictures.zip": await zipOf({ "train/a.png": "x" }),
    });
    expect(found).toMatchObject({ pairs: ["train/a.png: one"], issues: [], unpaired: [] });
  });
});

describe("metadata.parquet", () => {
  const columnData = [
    { name: "file_name", data: ["1.png", "2.png"] },
    { name: "text", data: ["one", "two"] },
  ];

  it("is read like the others, and is no third kind beside a metadata.csv", async () => {
    const parquet = new Uint8Array(parquetWriteBuffer({ columnData }));
    const pictures = { "d/1.png": "x", "d/2.png": "x" };
    const found = await plan({ "d/metadata.parquet": parquet, ...pictures });
    expect(found).toMatchObject({ format: "imagefolder", issues: [], unpaired: [] });
    expect(found.pairs).toEqual(["d/1.png: one", "d/2.png: two"]);
    const both = { "d/metadata.parquet": parquet, "metadata.csv": "file_name,text\n", ...pictures };
    await expect(plan(both, { format: "imagefolder" })).rejects.toThrow(
      coded("import/metadata", /keep one/),
    );
  });
});
