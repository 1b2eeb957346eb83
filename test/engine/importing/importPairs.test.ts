import { sha256 } from "../../../src/engine/sha256";
import { downloadZip } from "client-zip";
import { describe, expect, it } from "vitest";
import type { ImportReport } from "../../../src/core/domain/dataset";
import {
  AUTO_SPLIT,
  files,
  guessedMapping,
  importBench,
  importFiles,
  inspect,
  png,
  pngHeader,
} from "../../support/importing";

type Contents = Parameters<typeof files>[0];

async function zipOf(contents: Contents): Promise<Uint8Array<ArrayBuffer>> {
  const inputs = Object.entries(contents).map(([name, input]) => ({ name, input }));
  return new Uint8Array(await downloadZip(inputs).arrayBuffer());
}

const issuesOf = ({ issues }: ImportReport) =>
  issues.map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`);

const coded = (code: string, detail = /./) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

/** One usable row beside the one under test. */
const GOOD = { "good.png": png(200) };
const table = (...rows: string[]) => ["file_name,text", "good.png,good", ...rows, ""].join("\n");

async function importRow(row: string, contents: Contents = {}) {
  const { report } = await importFiles(files({ "metadata.csv": table(row), ...GOOD, ...contents }));
  expect(report.used + report.skipped).toBe(report.rows);
  return { used: report.used, skipped: report.skipped, issues: issuesOf(report) };
}

describe("a row that cannot be used", () => {
  const skipped = (reason: string) => ({
    used: 1,
    skipped: 1,
    issues: [`skipped metadata.csv:3: ${reason}`],
  });

  it.each<[string, string, string, Contents]>([
    ["a missing file", "gone.png,x", "file not found: gone.png", {}],
    ["no caption", "a.png,  ", "caption is empty", { "a.png": png(1) }],
    ["no file name", ",x", "file name is empty", {}],
    ["a remote address", "https://x.org/a.png,x", "remote address, not downloaded", {}],
    ["a way out", "../../etc/passwd,x", "the path leaves the import with “..”", {}],
    ["an absolute path", "C:\\a.png,x", "the path starts at the root of a computer", {}],
    ["zero bytes", "a.png,x", "the file has zero bytes", { "a.png": "" }],
    [
      "a text file",
      "a.png,x",
      "not a PNG, JPEG, WebP, GIF, BMP or AVIF picture",
      { "a.png": "hi" },
    ],
    ["an SVG", "a.svg,x", "SVG is markup, not pixels", { "a.svg": "<svg onload='x()'></svg>" }],
    [
      "a cut header",
      "a.png,x",
      "the picture is damaged: its header is cut off",
      { "a.png": png(1).slice(0, 20) },
    ],
    [
      "an unreadable picture",
      "a.png,x",
      "the picture cannot be decoded: The source image could not be decoded.",
      { "a.png": png(1).slice(0, 35) },
    ],
    ["a bomb", "a.png,x", "too large (16,000 × 16,000)", { "a.png": pngHeader(16_000, 16_000) }],
    ["too few fields", "a.png", "1 field where the header has 2", {}],
  ])("is skipped and explained: %s", async (_name, row, reason, contents) => {
    const outcome = await importRow(row, contents);
    const unmentioned = outcome.issues.filter((issue) => !issue.startsWith("unpaired"));
    expect({ ...outcome, issues: unmentioned }).toEqual(skipped(reason));
  });

  it("is refused by size before anything decodes it", async () => {
    const decoded: number[] = [];
    await importFiles(
      files({ "metadata.csv": table("a.png,x"), ...GOOD, "a.png": pngHeader(16_000, 16_000) }),
      {
        probe: async (blob) => {
          decoded.push(blob.size);
          return { width: 2, height: 3 };
        },
      },
    );
    expect(decoded).toEqual([GOOD["good.png"].length]);
  });

  it("says what to do about each", async () => {
    const contents = { "metadata.csv": table("gone.png,x", ",x", "a.png"), ...GOOD };
    const { report } = await importFiles(files(contents));
    for (const { remedy } of report.issues) expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
    expect(report.skipped).toBe(3);
  });

  it("is one bad member of a good archive", async () => {
    const bomb = "\0".repeat(2 ** 21);
    const { ZipWriter, BlobWriter, BlobReader, TextReader } = await import("@zip.js/zip.js");
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    await writer.add("metadata.csv", new TextReader(table("bomb.png,x")));
    await writer.add("good.png", new BlobReader(new Blob([GOOD["good.png"]])));
    await writer.add("bomb.png", new TextReader(bomb));
    const zip = new Uint8Array(await (await writer.close()).arrayBuffer());
    const { report } = await importFiles(files({ "data.zip": zip }));
    expect(issuesOf(report)).toEqual([
      "skipped metadata.csv:3: the file cannot be read: bomb.png: unpacks to more than 200 times its size",
    ]);
  });
});

describe("what is used with a doubt", () => {
  it("flags matches by case and by name alone", async () => {
    const contents = { "IMG/A.png": png(1), "IMG/deep/b.png": png(2) };
    const { report, images } = await importFiles(
      files({ "metadata.csv": table("img/a.PNG,x", "b.png,y"), ...GOOD, ...contents }),
    );
    expect(images.map(({ source }) => source)).toEqual(["good.png", "IMG/A.png", "IMG/deep/b.png"]);
    expect(issuesOf(report)).toEqual([
      "flagged metadata.csv:3: matched ignoring case: img/a.PNG",
      "flagged metadata.csv:4: found in another folder: b.png",
    ]);
  });

  it("counts a pair that comes twice once and equal captions as one item, and flags equal bytes", async () => {
    const contents = { "a.png": png(1), "copy.png": png(1), "b.png": png(2) };
    const csv = table(
      "a.png,one",
      "copy.png, one ",
      "copy.png,two",
      "b.png,cafe\u0301",
      "b.png,caf\u00e9",
    );
    const imported = await importFiles(files({ "metadata.csv": csv, ...GOOD, ...contents }));
    expect(imported.report).toMatchObject({
      rows: 6,
      used: 6,
      items: { image: 4, text: 4 },
      pairs: 5,
    });
    const [, first, second, third] = imported.pairs;
    expect([first!.group, first!.split]).toEqual([second!.group, second!.split]);
    expect(second!.image).toBe(third!.image);
    expect(issuesOf(imported.report)).toEqual([
      "flagged copy.png: same picture as a.png",
      "flagged metadata.csv:7: same picture and caption as metadata.csv:6",
    ]);
    expect(imported.blobs).toHaveLength(3);
    expect(imported.project.data?.sizeBytes).toBe(
      png(1).length + png(2).length + GOOD["good.png"].length,
    );
  });

  it("uses the good one of two captions", async () => {
    const csv = "file_name,text,caption\na.png,one,\nb.png,two,three\nc.png,,\n";
    const source = files({
      "metadata.csv": csv,
      "a.png": png(1),
      "b.png": png(2),
      "c.png": png(3),
    });
    const { report, texts } = await importFiles(source);
    expect(report).toMatchObject({ rows: 3, used: 2, skipped: 1, pairs: 3 });
    expect(texts.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(issuesOf(report)).toEqual([
      "flagged metadata.csv:2: one of its captions is empty; the others are used",
      "skipped metadata.csv:4: caption is empty",
    ]);
  });

  it("lists files without a row, but not those that every data set carries", async () => {
    const { report } = await importFiles(
      files({
        "d/metadata.csv": table(),
        "d/good.png": png(200),
        "d/extra.png": png(1),
        "d/README.md": "read me",
        "d/LICENSES.txt": "licence",
        "__MACOSX/d/._good.png": "fork",
        "d/.DS_Store": "x",
      }),
    );
    expect(issuesOf(report)).toEqual(["unpaired d/extra.png: no row mentions this file"]);
  });

  it("trains on rows whose split it does not know, and warns of groups torn apart", async () => {
    const csv = [
      "file_name,text,patient,split",
      ...["a.png,a,p1,test", "b.png,b,p1,train", "c.png,c,p2,", "d.png,d,p3,elsewhere"],
    ].join("\n");
    const pictures = { "a.png": png(1), "b.png": png(2), "c.png": png(3), "d.png": png(4) };
    const source = files({ "metadata.csv": csv, ...pictures });
    const mapping = await guessedMapping(source, { split: "split" });
    const { report, pairs } = await importFiles(source, { mapping });
    expect(pairs.map(({ split, group }) => `${group} ${split}`)).toEqual([
      ...["p1 test", "p1 train", "p2 train", "p3 train"],
    ]);
    expect(report).toMatchObject({ splitSource: "column", splits: { train: 3, test: 1 } });
    expect(issuesOf(report)).toEqual([
      "flagged metadata.csv:4: no split given; used for training",
      "flagged metadata.csv:5: unknown split “elsewhere”; used for training",
      "flagged splits: 1 group (2 pairs) in more than one split: what is tested has been trained on",
    ]);
  });

  it("trains on a pair that one row tests and another trains, whichever comes first", async () => {
    const rows = ["a.png,a,test", "a.png,a,train", "b.png,b,test"];
    for (const lines of [rows, rows.toReversed()]) {
      const csv = ["file_name,text,split", ...lines].join("\n");
      const source = files({ "metadata.csv": csv, "a.png": png(1), "b.png": png(2) });
      const { texts, pairs } = await importFiles(source);
      const splits = pairs.map(({ text, split }) => `${texts[text!]?.text} ${split}`);
      expect(splits.sort()).toEqual(["a train", "b test"]);
    }
  });

  it("draws splits when the split column names none", async () => {
    const csv = "file_name,text,fold\na.png,a,1\nb.png,b,2\n";
    const source = files({ "metadata.csv": csv, "a.png": png(1), "b.png": png(2) });
    const mapping = await guessedMapping(source, { fold: "split" });
    const { report } = await importFiles(source, { mapping });
    expect(report.splitSource).toBe("drawn");
    expect(issuesOf(report)).toEqual([
      "flagged fold: column “fold” names no splits; they were drawn instead",
    ]);
  });
});

describe("layouts", () => {
  const pictures = { "x/1.png": png(1), "x/2.png": png(2) };

  it("reads metadata of several folders relative to each, in several archives", async () => {
    const a = await zipOf({ "x/metadata.csv": "file_name,text\n1.png,one\n", ...pictures });
    const b = await zipOf({ "metadata.csv": "file_name,text\nx/2.png,two\n", "x/2.png": png(3) });
    const { report, images } = await importFiles(files({ "a.zip": a, "b.zip": b }));
    expect(report).toMatchObject({ rows: 2, used: 2 });
    // Both archives hold x/2.png, so each got a folder of its own.
    expect(images.map(({ source }) => source)).toEqual(["a/x/1.png", "b/x/2.png"]);
  });

  it("joins loose metadata with a zip of pictures", async () => {
    const csv = "file_name,text\nx/1.png,one\nx/2.png,two\n";
    const { report } = await importFiles(
      files({ "metadata.csv": csv, "pictures.zip": await zipOf(pictures) }),
    );
    expect(report).toMatchObject({ rows: 2, used: 2, issues: [] });
  });

  it("takes the only other table for metadata, with a warning", async () => {
    const source = files({ "captions.csv": "image;caption\nx/1.png;a, b\n", ...pictures });
    expect((await inspect(source)).warnings).toEqual([
      "There is no metadata.csv; captions.csv is used as metadata.",
    ]);
    expect((await importFiles(source)).texts[0]).toMatchObject({
      text: "a, b",
      source: "captions.csv:2",
    });
  });

  it("takes a list in a caption column for several captions", async () => {
    const jsonl = '{"file_name":"x/1.png","captions":["one"," two ","one",""]}\n{oops\n';
    const { report, texts, pairs } = await importFiles(
      files({ "metadata.jsonl": jsonl, "x/1.png": png(1) }),
    );
    expect(texts.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(new Set(pairs.map(({ group }) => group)).size).toBe(1);
    expect(report).toMatchObject({ rows: 2, used: 1, skipped: 1, pairs: 2, groups: 1 });
  });

  it("keeps a label column named __proto__ as data", async () => {
    const jsonl = ["a", "b", "a", "b"].map((label, i) =>
      JSON.stringify({ file_name: `${i}.png`, text: `t${i}` }).replace(
        "}",
        `,"__proto__":"${label}"}`,
      ),
    );
    const shades = Object.fromEntries(jsonl.map((_, i) => [`${i}.png`, png(i + 1)]));
    const { images } = await importFiles(files({ "metadata.jsonl": jsonl.join("\n"), ...shades }));
    expect(Object.entries(images[1]?.labels ?? {})).toEqual([["__proto__", "b"]]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it.each<[string, Contents, string, RegExp]>([
    ["nothing", {}, "import/unrecognised", /no files/],
    ["pictures alone", pictures, "import/unrecognised", /no metadata among 2 files/],
    ["two kinds", { "metadata.csv": "x", "metadata.jsonl": "{}" }, "import/metadata", /keep one/],
    ["an empty CSV", { "metadata.csv": "", ...pictures }, "import/metadata", /is empty/],
    ["a broken zip", { "a.zip": "PK nonsense" }, "import/archive", /a\.zip/],
  ])("refuses %s at once", async (_name, contents, code, detail) => {
    await expect(inspect(files(contents))).rejects.toThrow(coded(code, detail));
  });

  it("shows a table without a usable column, and refuses to import it", async () => {
    const source = files({ "metadata.csv": "id,price\n1,2\n3,4\n", ...pictures });
    const { columns, warnings } = await inspect(source);
    expect(columns.map(({ role }) => role)).toEqual(["ignore", "ignore"]);
    expect(warnings).toHaveLength(2);
    await expect(importFiles(source)).rejects.toThrow(coded("import/mapping", /role file/));
  });

  it("refuses a mapping or a split that names columns the data lacks", async () => {
    const source = files({ "metadata.csv": table(), ...GOOD });
    const mapping = [
      { column: "file_name", role: "file" as const },
      { column: "other", role: "caption" as const },
    ];
    await expect(importFiles(source, { mapping })).rejects.toThrow(
      coded("import/mapping", /other/),
    );
    const split = { ...AUTO_SPLIT, group: "hospital" };
    await expect(importFiles(source, { split })).rejects.toThrow(
      coded("import/mapping", /hospital/),
    );
  });

  it("fails with the causes when no row is left", async () => {
    const source = files({ "metadata.csv": "file_name,text\na.png,x\nb.png,x\n,y\n" });
    await expect(importFiles(source)).rejects.toThrow(
      coded("import/nothing-usable", /^2 × file not found; 1 × no file name$/),
    );
  });

  it("refuses members that would leave the archive", async () => {
    const { report } = await importFiles(
      files({ "d.zip": await zipOf({ "metadata.csv": table(), ...GOOD, "../evil.png": png(1) }) }),
    );
    expect(issuesOf(report)).toEqual([
      "unpaired ../evil.png: refused: the path leaves the import with “..”",
    ]);
  });
});

describe("the data's identity", () => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.png`);
  const contents = Object.fromEntries(names.map((name, i) => [name, png(i + 1)]));
  const rows = names.map((name, i) => `${name},caption ${i % 10},g${i % 5}`);
  const csvOf = (lines: readonly string[]) => ["file_name,text,group", ...lines].join("\n");
  const digestOf = async (lines: readonly string[], split = AUTO_SPLIT) => {
    const source = files({ "metadata.csv": csvOf(lines), ...contents });
    const { project, report } = await importFiles(source, { split });
    return { digest: project.data?.digest, splits: report.splits };
  };

  it("does not depend on the order of rows, and neither do drawn splits", async () => {
    const known = await digestOf(rows);
    expect(known.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf(rows.toReversed())).toEqual(known);
    expect(await digestOf([...rows.slice(5), ...rows.slice(0, 5)])).toEqual(known);
  });

  it("changes with a caption, a pair or a split", async () => {
    const { digest } = await digestOf(rows);
    expect((await digestOf(rows.map((row) => row.replace("caption 3", "word")))).digest).not.toBe(
      digest,
    );
    expect((await digestOf(rows.slice(1))).digest).not.toBe(digest);
    expect((await digestOf(rows, { ...AUTO_SPLIT, validation: 0, test: 0.5 })).digest).not.toBe(
      digest,
    );
  });
});

describe("an import that does not finish", () => {
  const contents = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.png`, png(i)]));
  const csv = ["file_name,text", ...Object.keys(contents).map((name) => `${name},t ${name}`)].join(
    "\n",
  );
  const source = files({ "metadata.csv": csv, ...contents });
  const before = files({ "metadata.csv": table(), ...GOOD });

  it("leaves the project as it was and no blob behind when stopped", async () => {
    const bench = await importBench();
    await bench.run(before);
    const known = await bench.state();
    const abort = new AbortController();
    let probed = 0;
    const stopped = bench.run(source, {
      signal: abort.signal,
      probe: async () => {
        if (++probed === 20) abort.abort();
        return { width: 2, height: 3 };
      },
    });
    await expect(stopped).rejects.toHaveProperty("code", "cancelled");
    expect(probed).toBeLessThan(30);
    expect(await bench.state()).toEqual(known);
  });

  it("removes what it stored when the disk is full, and says so", async () => {
    const bench = await importBench();
    await bench.run(before);
    const known = await bench.state();
    const { store } = bench;
    const replaceData = store.replaceData.bind(store);
    store.replaceData = () => Promise.reject(new DOMException("", "QuotaExceededError"));
    await expect(bench.run(source)).rejects.toHaveProperty("code", "storage/quota");
    expect(await bench.state()).toEqual(known);
    store.replaceData = replaceData;
    expect((await bench.run(source)).blobs).toHaveLength(40);
  });

  it("leaves originals that are stored already where they are when it is run again", async () => {
    const bench = await importBench();
    const { store } = bench;
    const first = Object.values(contents).slice(0, 25);
    await store.putOriginals(
      "p1",
      await Promise.all(
        first.map(async (bytes) => ({ digest: await sha256(bytes), blob: new Blob([bytes]) })),
      ),
    );
    const written: string[] = [];
    const putOriginals = store.putOriginals.bind(store);
    store.putOriginals = (id, originals) => {
      written.push(...originals.map(({ digest }) => digest));
      return putOriginals(id, originals);
    };
    expect((await bench.run(source)).blobs).toHaveLength(40);
    expect(written).toHaveLength(15);
    await bench.run(source);
    expect(written).toHaveLength(15);
    const thumbnail = new Blob(["small"]);
    const probe = async () => ({ width: 2, height: 3, thumbnail });
    const { images } = await bench.run(source, { probe });
    expect(written).toHaveLength(15 + 40); // now each has a small picture as well
    const small = await store.thumbnail("p1", images[0]!.digest);
    expect(await small.text()).toBe("small");
  });

  it("gives up a picture whose decoding never ends, and only that one", async () => {
    const { checkImage } = await import("../../../src/engine/importing/checkImage");
    expect(await checkImage(png(1), () => new Promise(() => {}), 5)).toMatchObject({
      fault: { topic: "decoding takes too long" },
    });
  });
});

describe("progress", () => {
  it("never falls, keeps its total and ends complete", async () => {
    const contents = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.png`, png(i)]));
    const csv = ["file_name,text", ...Object.keys(contents).map((name) => `${name},${name}`)];
    const { progress } = await importFiles(files({ "metadata.csv": csv.join("\n"), ...contents }), {
      probe: async () => ({ width: 2, height: 3 }),
    });
    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual(["read", "import"]);
    const items = progress.filter(({ stage }) => stage === "import");
    expect(items.at(-1)).toEqual({ stage: "import", done: 30, total: 30, unit: "items" });
    expect(items.length).toBeLessThan(30);
    expect(
      items.every(({ done, total }, i) => total === 30 && done >= (items[i - 1]?.done ?? 0)),
    ).toBe(true);
  });
});
