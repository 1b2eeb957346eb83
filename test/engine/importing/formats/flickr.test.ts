import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plan } from "../../../support/planning";

const pictures = { "Images/a.jpg": "x", "Images/b.jpg": "y" };

describe("Flickr captions", () => {
  it("reads a token file, tabs in captions included", async () => {
    const found = await plan({
      "results_20130124.token": "a.jpg#0\tone , two\na.jpg#1\tthree\n\nb.jpg#0\tfour\n",
      ...pictures,
    });
    expect(found).toMatchObject({ format: "flickr", issues: [], unpaired: [] });
    expect(found.pairs).toEqual([
      "Images/a.jpg: one , two",
      "Images/a.jpg: three",
      "Images/b.jpg: four",
    ]);
    expect(found.summary).toBe("Flickr captions: 2 images, 3 captions");
  });

  it("finds the pictures that Flickr8k calls X.jpg.1", async () => {
    const found = await plan({
      "Flickr8k.token.txt": "a.jpg.1#0\tone\na.jpg#1\ttwo\n",
      "Flickr8k.lemma.token.txt": "a.jpg#0\tone lemma\n",
      "ExpertAnnotations.txt": "a.jpg\tb.jpg#2\t1\n",
      ...pictures,
    });
    expect(found.pairs).toEqual(["Images/a.jpg: one", "Images/a.jpg: two"]);
    expect(found.unpaired).toEqual(["Images/b.jpg"]);
    const kept = await plan({
      "Flickr8k.token.txt": "a.jpg.1#0\tone\n",
      "a.jpg.1": "x",
      ...pictures,
    });
    expect(kept.pairs).toEqual(["a.jpg.1: one"]);
  });

  it("takes splits from the official lists of pictures", async () => {
    const found = await plan({
      "Flickr8k.token.txt": "a.jpg#0\tone\nb.jpg#0\ttwo\n",
      "Flickr_8k.trainImages.txt": "a.jpg\n",
      "Flickr_8k.devImages.txt": "b.jpg\n",
      ...pictures,
    });
    expect(found.pairs).toEqual(["Images/a.jpg: one [train]", "Images/b.jpg: two [validation]"]);
  });

  it("reads results.csv with its bars and blanks, and costs its malformed row one row", async () => {
    const found = await plan({
      "results.csv":
        'image_name| comment_number| comment\na.jpg| 0| A man & his "dog" , one | of two .\n' +
        "b.jpg| 4   A dog runs across the grass .\nb.jpg| 1| Two .\n",
      ...pictures,
    });
    expect(found).toMatchObject({ format: "flickr", rows: 3, skipped: 1 });
    expect(found.pairs).toEqual([
      'Images/a.jpg: A man & his "dog" , one | of two .',
      "Images/b.jpg: Two .",
    ]);
    expect(found.issues).toEqual(["skipped results.csv:3: 2 fields where the header has 3"]);
  });

  it("reads captions.txt with commas that nobody quoted", async () => {
    const found = await plan({
      "captions.txt":
        'image,caption\na.jpg,A child, in pink , climbs .\nb.jpg,"Two, quoted"\nb.jpg\n',
      ...pictures,
    });
    expect(found.pairs).toEqual([
      "Images/a.jpg: A child, in pink , climbs .",
      "Images/b.jpg: Two, quoted",
    ]);
    expect(found.issues).toEqual(["skipped captions.txt:4: 1 field where the header has 2"]);
  });

  it("reads the annotations CSV: lists of captions and splits", async () => {
    const found = await plan({
      "flickr_annotations_30k.csv":
        "raw,sentids,split,filename,img_id\n" +
        '"[""One, two"", ""It\'s three""]","[0, 1]",train,a.jpg,0\n' +
        '"[""Four""]",[2],test,b.jpg,1\n',
      ...pictures,
    });
    expect(found.pairs).toEqual([
      "Images/a.jpg: One, two / It's three [train]",
      "Images/b.jpg: Four [test]",
    ]);
    expect(found.summary).toBe("Flickr captions: 2 images, 3 captions");
  });

  it("costs a line without tab one row", async () => {
    const found = await plan({
      "x.token": "a.jpg#0\tone\nnonsense\nb.jpg#1\ttwo \0\n",
      ...pictures,
    });
    expect(found).toMatchObject({ rows: 3, used: 1 });
    expect(found.issues).toEqual([
      "skipped x.token:2: not of the form NAME.jpg#0, tab, caption",
      "skipped x.token:3: the row holds a NUL character",
    ]);
  });

  it("reads every line of the fixture that other tools wrote", async () => {
    const bytes = readFileSync("test/fixtures/formats/results_20130124.token");
    const lines = bytes.toString().trim().split("\n");
    const names = lines.map((line) => line.split("#")[0] ?? "");
    const found = await plan({
      "results_20130124.token": new Uint8Array(bytes),
      ...Object.fromEntries(names.map((name) => [`pictures/${name}`, "x"])),
    });
    expect(found).toMatchObject({ format: "flickr", rows: lines.length, skipped: 0, issues: [] });
  });
});
