import { describe, expect, it } from "vitest";
import type { ImportReport } from "../../../../src/core/domain/dataset";
import { files, importFiles, inspect, png } from "../../../support/importing";
import { gzip, tar } from "../../../support/tar";

const issuesOf = ({ issues }: ImportReport) =>
  issues.map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`);

const sample = (key: string, shade: number, caption: string) =>
  [
    [`${key}.png`, png(shade)],
    [`${key}.txt`, caption],
  ] as const;

describe("webdataset", () => {
  it("pairs members that share a key, from several shards, gzipped or not", async () => {
    const source = files({
      "shard-000000.tar": await tar([...sample("000", 1, "one"), ...sample("001", 2, "two")]),
      "shard-000001.tar.gz": await gzip(await tar(sample("002", 3, "three\nthe third"))),
    });
    const { summary, format, media } = await inspect(source);
    expect({ summary, format, media }).toEqual({
      summary: "WebDataset: 3 images in 2 shards",
      format: "webdataset",
      media: "image",
    });
    const { report, texts, images } = await importFiles(source);
    expect(report).toMatchObject({ rows: 3, used: 3, pairs: 4, issues: [] });
    expect(texts.map(({ text }) => text)).toEqual(["one", "two", "three", "the third"]);
    expect(images.map(({ source: path }) => path)).toEqual(["000.png", "001.png", "002.png"]);
  });

  it("keeps samples of one key in different shards apart, by shard", async () => {
    const source = files({
      "train/0.tar": await tar(sample("s0", 1, "one")),
      "test/0.tar": await tar(sample("s0", 2, "two")),
      "train/nshards.txt": "1",
      "test/nshards.txt": "2",
    });
    const { report, images, pairs } = await importFiles(source);
    expect(images.map(({ source: path }) => path)).toEqual(["train/s0.png", "test/s0.png"]);
    expect(pairs.map(({ split }) => split)).toEqual(["train", "test"]);
    expect(report).toMatchObject({ rows: 2, used: 2, issues: [], splitSource: "column" });
    expect((await inspect(source)).warnings).toContain(
      "test/nshards.txt speaks of 2 shards; there are 1.",
    );
    const beside = files({
      "0.tar": await tar(sample("s0", 1, "one")),
      "1.tar": await tar(sample("s0", 2, "two")),
    });
    const shards = await importFiles(beside);
    expect(shards.images.map(({ source: path }) => path)).toEqual(["0/s0.png", "1/s0.png"]);
    expect(shards.texts.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("takes a key that comes again for another sample", async () => {
    const shard = await tar([
      ...sample("a", 1, "one"),
      ...sample("b", 2, "two"),
      ...sample("a", 3, "three"),
    ]);
    const { texts, images, report } = await importFiles(files({ "0.tar": shard }));
    expect(texts.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(images.map(({ source }) => source)).toEqual(["a.png", "b.png", "a~2.png"]);
    expect(report.issues).toEqual([]);
  });

  it("divides at the first dot of the name; the folder belongs to the key", async () => {
    const shard = await tar([
      ["d.x/a.seg.png", png(1)],
      ["d.x/a.png", png(2)],
      ["d.x/a.txt", "one"],
      ["e/a.png", png(3)],
      ["e/a.txt", "two"],
    ]);
    const { images, report } = await importFiles(files({ "0.tar": shard }));
    expect(images.map(({ source }) => source)).toEqual(["d.x/a.png", "e/a.png"]);
    expect(issuesOf(report)).toEqual(["unpaired d.x/a.seg.png: no row mentions this file"]);
  });

  it("leaves out names without a dot and dotfiles, and says so", async () => {
    const shard = await tar([
      ["README", "x"],
      ["notes", "y"],
      ["d/.hidden", "z"],
      ...sample("a", 1, "one"),
    ]);
    const { report } = await importFiles(files({ "0.tar": shard }));
    expect(report).toMatchObject({ rows: 1, used: 1 });
    expect(issuesOf(report)).toEqual([
      "unpaired notes: no row mentions this file",
      "unpaired d/.hidden: no row mentions this file",
    ]);
  });

  it("reports samples whose members do not follow one another, or lack a part", async () => {
    const shard = await tar([
      ["a.png", png(1)],
      ["b.png", png(2)],
      ["b.txt", "two"],
      ["a.txt", "one"],
      ["c.json", "{"],
    ]);
    const { report } = await importFiles(files({ "0.tar": shard }));
    expect(report).toMatchObject({ rows: 4, used: 1, skipped: 3 });
    expect(issuesOf(report)).toEqual([
      "skipped a in 0.tar: no picture or sound in this sample, only txt",
      "skipped c in 0.tar: no picture or sound in this sample, only json",
      "skipped a in 0.tar: caption is empty",
    ]);
  });

  it("makes captions of classes, and skips a class out of range (CLIP benchmark)", async () => {
    const shard = await tar([
      ["s0.png", png(1)],
      ["s0.cls", "1"],
      ["s1.png", png(2)],
      ["s1.cls", "2"],
      ["s2.png", png(3)],
      ["s2.cls", "-1"],
    ]);
    const source = files({
      "test/0.tar": shard,
      "test/nshards.txt": "1",
      "classnames.txt": "tabby_cat\ngreat dane\n",
      "zeroshot_classification_templates.txt": "a photo of {c}.",
    });
    const { texts, images, report } = await importFiles(source);
    expect(texts.map(({ text }) => text)).toEqual(["a photo of a great dane"]);
    expect(images[0]?.labels).toEqual({ class: "great dane" });
    expect(issuesOf(report)).toEqual([
      "skipped test/s1 in test/0.tar: class 2 where there are 2, from 0",
      "skipped test/s2 in test/0.tar: class -1 where there are 2, from 0",
      "unpaired test/s1.png: no row mentions this file",
      "unpaired test/s2.png: no row mentions this file",
    ]);
  });

  it("reads captions and columns from json, also of hostile names", async () => {
    const json =
      '{"caption": "one", "category": "x", "__proto__": {"polluted": 1}, "split": "test"}';
    const shard = await tar([
      ["a.png", png(1)],
      ["a.json", json],
      ["b.png", png(2)],
      ["b.json", "[1]"],
    ]);
    const source = files({ "0.tar": shard });
    const { columns } = await inspect(source);
    expect(columns.map(({ column }) => column)).toEqual([
      "file_name",
      "caption",
      "category",
      "__proto__",
      "split",
    ]);
    const { report, texts } = await importFiles(source);
    expect(texts.map(({ text }) => text)).toEqual(["one"]);
    expect(issuesOf(report)[0]).toMatch(/^skipped b in 0\.tar: its \.json is not JSON/);
    expect("polluted" in {}).toBe(false);
  });

  it("uses what lies before a cut, and reports the member that is cut off", async () => {
    const whole = await tar([...sample("a", 1, "one"), ["b.txt", "two"], ["b.png", png(2)]]);
    const source = files({ "0.tar": whole.slice(0, 7 * 512 + 20) });
    const { report } = await importFiles(source);
    expect(report).toMatchObject({ used: 1 });
    expect(issuesOf(report).join("\n")).toMatch(/b\.png: the archive ends \d+ bytes before/);
  });
});
