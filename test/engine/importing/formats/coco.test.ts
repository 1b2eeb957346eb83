import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METADATA_BYTES_MAX } from "../../../../src/engine/importing/limits";
import { plan } from "../../../support/planning";

const coded = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

const image = (id: number | string, file_name = `${id}.jpg`) => ({ id, file_name, height: 1 });
const annotation = (id: number, image_id: unknown, caption: unknown = `caption ${id}`) => ({
  id,
  image_id,
  caption,
});
const coco = (images: readonly object[], annotations: readonly object[]) =>
  JSON.stringify({ info: {}, licenses: [], images, annotations });

describe("COCO captions", () => {
  it("joins annotations and images by id, in any folder", async () => {
    const found = await plan({
      "annotations/captions_val2017.json": coco(
        [image(7, "000000000007.jpg"), image(9, "000000000009.jpg")],
        [annotation(1, 7), annotation(2, 9), annotation(3, 7)],
      ),
      "val2017/000000000007.jpg": "x",
      "val2017/000000000009.jpg": "x",
    });
    expect(found).toMatchObject({ format: "coco", issues: [], unpaired: [], rows: 3 });
    expect(found.summary).toBe("COCO captions: 2 images, 3 captions");
    expect(found.pairs).toEqual([
      "val2017/000000000007.jpg: caption 1",
      "val2017/000000000007.jpg: caption 3",
      "val2017/000000000009.jpg: caption 2",
    ]);
    expect(found.planned[0]?.where).toBe("annotations/captions_val2017.json: annotation 1");
  });

  it("adds several files up, their names naming the split", async () => {
    const found = await plan({
      "captions_train2017.json": coco([image(1, "a.jpg")], [annotation(1, 1)]),
      "captions_val2017.json": coco([image(1, "a.jpg")], [annotation(2, 1)]),
      "train2017/a.jpg": "x",
      "val2017/a.jpg": "y",
    });
    // The same name in both folders: the file's own name says which is meant.
    expect(found.pairs).toEqual([
      "train2017/a.jpg: caption 1 [train]",
      "val2017/a.jpg: caption 2 [validation]",
    ]);
    expect(found.warnings).toEqual([
      "Column “split” names no test split; set its role to ignore to draw splits.",
    ]);
  });

  it("keeps ids above 2^31 apart and refuses those that numbers cannot", async () => {
    const far = 2 ** 31 + 5;
    const json = coco(
      [image(far, "a.jpg"), image(far + 1, "b.jpg"), image("x1", "c.jpg")],
      [annotation(1, far), annotation(2, far + 1), annotation(3, "x1"), annotation(4, 2 ** 60)],
    );
    const found = await plan({ "c.json": json, "a.jpg": "x", "b.jpg": "x", "c.jpg": "x" });
    expect(found.pairs).toEqual(["a.jpg: caption 1", "b.jpg: caption 2", "c.jpg: caption 3"]);
    expect(found.issues[0]).toMatch(/annotation 4: the id 115292150460684\d+ is too large/);
  });

  it("costs one row per bad annotation", async () => {
    const json = coco(
      [image(1, "a.jpg"), image(2, "gone.jpg"), image(3, "https://x.org/3.jpg"), image(4, "d.jpg")],
      [
        annotation(1, 1),
        annotation(2, 99),
        annotation(3, 2),
        annotation(4, 1, " "),
        annotation(5, 3),
        annotation(6, 1, "NUL \0"),
        { id: 7, caption: "no image" },
        7 as unknown as object,
      ],
    );
    const found = await plan({ "c.json": json, "a.jpg": "x", "d.jpg": "x" });
    expect(found).toMatchObject({ rows: 8, used: 1, skipped: 7, unpaired: ["d.jpg"] });
    expect(found.issues).toEqual([
      "skipped c.json: annotation 2: no image has the id 99",
      "skipped c.json: annotation 6: the row holds a NUL character",
      "skipped c.json: annotation 7: the annotation names no image",
      "skipped c.json: annotation at 7: the annotation names no image",
      "skipped c.json: annotation 3: file not found: gone.jpg",
      "skipped c.json: annotation 4: caption is empty",
      "skipped c.json: annotation 5: remote address, not downloaded",
    ]);
    expect(found.warnings[0]).toBe("c.json: 1 image listed without a caption.");
  });

  it("says so when the file holds boxes or keypoints instead of captions", async () => {
    const boxes = JSON.stringify({
      images: [image(1, "a.jpg")],
      annotations: [{ id: 1, image_id: 1, bbox: [1, 2, 3, 4], category_id: 1 }],
    });
    await expect(plan({ "instances_val2017.json": boxes, "a.jpg": "x" })).rejects.toThrow(
      coded("import/metadata", /instances_val2017\.json: COCO without captions; add the captions_/),
    );
    const both = await plan({
      "instances_val2017.json": boxes,
      "captions_val2017.json": coco([image(1, "a.jpg")], [annotation(1, 1)]),
      "a.jpg": "x",
    });
    expect(both).toMatchObject({ used: 1, unpaired: [] });
    expect(both.warnings).toEqual([
      "instances_val2017.json: boxes or outlines, not captions; not used.",
    ]);
  });

  it("refuses a file too large to be parsed as a whole, with advice", async () => {
    const file = new File(["x"], "captions_train2017.json");
    Object.defineProperty(file, "size", { value: METADATA_BYTES_MAX + 1 });
    file.slice = () => new Blob([coco([image(1)], [annotation(1, 1)])]);
    const source = { kind: "files" as const, files: [{ path: file.name, file }] };
    await expect(plan(source)).rejects.toThrow(
      coded("import/metadata", /257 MB, more than 256 MB: divide it/),
    );
  });

  it("recognises by content, not by name", async () => {
    const found = await plan({
      "anything.json": coco([image(1, "a.jpg")], [annotation(1, 1)]),
      "captions_fake.json": '{"hello": "world"}',
      "a.jpg": "x",
    });
    expect(found.format).toBe("coco");
    expect(found.unpaired).toEqual(["captions_fake.json"]);
  });

  it("reads what pycocotools reads: every annotation of the emoji fixture", async () => {
    const bytes = readFileSync("test/fixtures/formats/captions_val2017.json");
    const json = JSON.parse(bytes.toString()) as {
      images: { file_name: string }[];
      annotations: object[];
    };
    const pictures = json.images.map(({ file_name }) => [`val2017/${file_name}`, "x"] as const);
    const found = await plan({
      "captions_val2017.json": new Uint8Array(bytes),
      ...Object.fromEntries(pictures),
    });
    expect(found).toMatchObject({ format: "coco", rows: json.annotations.length, skipped: 0 });
  });
});

describe("Karpathy splits", () => {
  const sentence = (raw: string, sentid = 0) => ({ raw, tokens: raw.split(" "), sentid });
  const dataset = (images: readonly unknown[]) => JSON.stringify({ images, dataset: "coco" });

  it("gives each picture its sentences and its split, restval training", async () => {
    const found = await plan({
      "dataset_coco.json": dataset([
        { filepath: "val2014", filename: "a.jpg", imgid: 0, split: "restval", sentences: [sentence("one"), sentence("two")] }, // prettier-ignore
        { filepath: "val2014", filename: "b.jpg", imgid: 1, split: "test", sentences: [sentence("three")] }, // prettier-ignore
      ]),
      "images/val2014/a.jpg": "x",
      "images/val2014/b.jpg": "x",
      "images/train2014/a.jpg": "another",
    });
    expect(found).toMatchObject({ format: "karpathy", issues: [] });
    expect(found.summary).toBe("Karpathy splits: 2 images, 3 captions");
    expect(found.pairs).toEqual([
      "images/val2014/a.jpg: one / two [restval]",
      "images/val2014/b.jpg: three [test]",
    ]);
    expect(found.warnings).toEqual([]);
  });

  it("needs no filepath, and costs one row per bad record", async () => {
    const found = await plan({
      "dataset_flickr8k.json": dataset([
        { filename: "a.jpg", imgid: 0, split: "train", sentences: [sentence("one")] },
        { filename: "a.jpg", imgid: 1, split: "train", sentences: [] },
        { imgid: 2, split: "test", sentences: [sentence("x")] },
        null,
      ]),
      "a.jpg": "x",
    });
    expect(found).toMatchObject({ rows: 4, used: 1 });
    expect(found.issues).toEqual([
      "skipped dataset_flickr8k.json: image 2: not an object with named fields",
      "skipped dataset_flickr8k.json: image 3: not an object with named fields",
      "skipped dataset_flickr8k.json: image 1: caption is empty",
    ]);
  });
});
