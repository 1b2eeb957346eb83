import { describe, expect, it } from "vitest";
import { plan } from "../../../support/planning";

const coded = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

const FORMAT = { format: "class-folders" } as const;

describe("a folder per class", () => {
  it("makes captions and labels of folder names", async () => {
    const found = await plan({
      "pets/golden_retriever/1.jpg": "x",
      "pets/maine-coon__cat/1.jpg": "x",
    });
    expect(found).toMatchObject({
      format: "class-folders",
      issues: [],
      unpaired: [],
      warnings: [],
    });
    expect(found.pairs).toEqual([
      "pets/golden_retriever/1.jpg: a photo of a golden retriever",
      "pets/maine-coon__cat/1.jpg: a photo of a maine coon cat",
    ]);
    expect(found.planned[0]?.labels).toEqual({ class: "golden_retriever" });
    expect(found.summary).toBe("A folder per class: 2 images, 2 classes");
  });

  it("fills the user's template, whatever the folder is called", async () => {
    const found = await plan(
      { "$&/1.jpg": "x", "b/1.jpg": "x" },
      { classTemplate: "{class}! A {class}." },
    );
    expect(found.pairs).toEqual(["$&/1.jpg: $&! A $&.", "b/1.jpg: b! A b."]);
    const fixed = await plan({ "a/1.jpg": "x", "b/1.jpg": "x" }, { classTemplate: "a photo" });
    expect(fixed.warnings).toContain(
      "The caption template has no {class}, so every caption is the same.",
    );
  });

  it("takes splits from folders above or below the class", async () => {
    const above = await plan({
      "train/cat/1.jpg": "x",
      "val/cat/1.jpg": "x",
      "train/dog/1.jpg": "x",
    });
    expect(above.pairs).toEqual([
      "train/cat/1.jpg: a photo of a cat [train]",
      "train/dog/1.jpg: a photo of a dog [train]",
      "val/cat/1.jpg: a photo of a cat [validation]",
    ]);
    const below = await plan({
      "cat/train/1.jpg": "x",
      "cat/test/1.jpg": "x",
      "dog/test/1.jpg": "x",
    });
    expect(below.pairs).toEqual([
      "cat/test/1.jpg: a photo of a cat [test]",
      "cat/train/1.jpg: a photo of a cat [train]",
      "dog/test/1.jpg: a photo of a dog [test]",
    ]);
  });

  it("looks one folder up where all innermost folders have one name", async () => {
    const found = await plan({ "cat/images/1.jpg": "x", "dog/images/1.jpg": "x" });
    expect(found.pairs[1]).toBe("dog/images/1.jpg: a photo of a dog");
  });

  it("takes the innermost of deep folders and says that depths differ", async () => {
    const found = await plan({ "a/b/c/siamese/1.jpg": "x", "a/dog/1.jpg": "x" });
    expect(found.pairs).toEqual([
      "a/b/c/siamese/1.jpg: a photo of a siamese",
      "a/dog/1.jpg: a photo of a dog",
    ]);
    expect(found.warnings).toContain(
      "Folders are nested to different depths; the innermost is the class.",
    );
  });

  it("leaves a file outside every class unpaired", async () => {
    const found = await plan({ "1.jpg": "x", "a/1.jpg": "x", "b/1.jpg": "x" });
    expect(found).toMatchObject({ used: 2, unpaired: ["1.jpg"] });
  });

  it("names a class without files, and one class only", async () => {
    const found = await plan({ "a/1.jpg": "x", "b/1.jpg": "x", "c/notes.doc": "x" });
    expect(found.warnings).toContain("1 folder without a picture or sound: c.");
    const one = await plan({ "a/1.jpg": "x", "a/2.jpg": "x" }, FORMAT);
    expect(one.warnings).toContain("There is one class only, “a”: every caption is the same.");
    await expect(plan({ "a/1.jpg": "x", "a/2.jpg": "x" })).rejects.toThrow(
      coded("import/unrecognised", /no metadata/),
    );
    await expect(plan({ "1.jpg": "x" }, FORMAT)).rejects.toThrow(
      coded("import/unrecognised", /could be its class/),
    );
  });

  it("asks for names where classes are codes, and takes them from a file", async () => {
    const coded = { "n01440764/1.jpg": "x", "n01443537/1.jpg": "x" };
    const asked = await plan(coded);
    expect(asked.warnings[0]).toMatch(/look like codes \(n01440764, n01443537\).*classes\.txt/);
    const named = await plan({
      ...coded,
      "LOC_synset_mapping.txt": "n01440764 tench, Tinca tinca\nn01443537 goldfish\n",
    });
    expect(named).toMatchObject({ warnings: [], unpaired: [] });
    expect(named.pairs).toEqual([
      "n01440764/1.jpg: a photo of a tench",
      "n01443537/1.jpg: a photo of a goldfish",
    ]);
    expect(named.planned[0]?.labels).toEqual({ class: "tench" });
  });

  it("speaks of sounds where the files are", async () => {
    const found = await plan({ "dog_bark/1.wav": "x", "rain/1.wav": "x" });
    expect(found).toMatchObject({ media: "audio" });
    expect(found.pairs[0]).toBe("dog_bark/1.wav: the sound of a dog bark");
  });
});
