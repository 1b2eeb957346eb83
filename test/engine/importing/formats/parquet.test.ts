import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { ImportReport } from "../../../../src/core/domain/dataset";
import { files, importFiles, inspect, png } from "../../../support/importing";
import { wav } from "../../../support/sounds";

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0];

interface Row {
  image: { bytes: Uint8Array | null; path: string | null } | null;
  text?: unknown;
  label?: number | null;
}

const IMAGE = [
  { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
  { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
  { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
];
const TEXT = [
  { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
];
const TEXTS = [
  { name: "text", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
];
const LABEL = [{ name: "label", type: "INT64", repetition_type: "OPTIONAL" }];

function write(
  rows: readonly Row[],
  options: { text?: object[]; label?: boolean; [name: string]: unknown } = {},
) {
  const { text = TEXT, label = false, ...others } = options;
  const columnData = [
    { name: "image", data: rows.map(({ image }) => image) },
    ...(text.length > 0 ? [{ name: "text", data: rows.map((row) => row.text ?? null) }] : []),
    ...(label
      ? [{ name: "label", data: rows.map((row) => (row.label == null ? null : BigInt(row.label))) }]
      : []),
  ];
  const leaves = [...IMAGE, ...text, ...(label ? LABEL : [])];
  const schema = [{ name: "root", num_children: columnData.length }, ...leaves];
  return new Uint8Array(
    parquetWriteBuffer({ columnData, schema, ...others } as unknown as WriteOptions),
  );
}

const issuesOf = ({ issues }: ImportReport) =>
  issues.map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`);
const row = (shade: number, path: string | null, text: unknown): Row => ({
  image: { bytes: png(shade), path },
  text,
});

describe("parquet with embedded files", () => {
  it("imports pictures of several shards, with splits from the names", async () => {
    const source = files({
      "train-00000-of-00002.parquet": write([row(1, "a.png", "one"), row(2, "a.png", "two")]),
      "train-00001-of-00002.parquet": write([row(3, null, "three")]),
      "test-00000-of-00001.parquet": write([row(4, "../x\\b.png", "four")]),
    });
    const { summary, format } = await inspect(source);
    expect({ summary, format }).toEqual({
      summary: "Parquet with embedded files: 4 rows, 4 images",
      format: "parquet",
    });
    const { report, images, texts, pairs } = await importFiles(source);
    expect(report).toMatchObject({ rows: 4, used: 4, pairs: 4, splitSource: "column", issues: [] });
    expect(texts.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
    expect(images.map(({ source: path }) => path)).toEqual([
      "train-00000-of-00002.parquet/1/a.png",
      "train-00000-of-00002.parquet/2/a.png",
      "train-00001-of-00002.parquet/1",
      "test-00000-of-00001.parquet/1/b.png",
    ]);
    expect(pairs.map(({ split }) => split)).toEqual(["train", "train", "train", "test"]);
  });

  it("gives the same from row groups of one row", async () => {
    const rows = [1, 2, 3].map((shade) => row(shade, `${shade}.png`, `caption ${shade}`));
    const whole = await importFiles(files({ "a.parquet": write(rows) }));
    const apart = await importFiles(files({ "a.parquet": write(rows, { rowGroupSize: 1 }) }));
    expect(apart.project.data?.digest).toBe(whole.project.data?.digest);
    expect(apart.images).toEqual(whole.images);
  });

  it("takes null bytes with a path for a file of the drop, and skips rows without either", async () => {
    const source = files({
      "data.parquet": write([
        row(1, "a.png", "one"),
        { image: { bytes: null, path: "b.png" }, text: "two" },
        { image: { bytes: null, path: "gone.png" }, text: "three" },
        { image: { bytes: null, path: null }, text: "four" },
        { image: null, text: "five" },
      ]),
      "b.png": png(2),
    });
    const { report, images } = await importFiles(source);
    expect(images.map(({ source: path }) => path)).toEqual(["data.parquet/1/a.png", "b.png"]);
    expect(issuesOf(report)).toEqual([
      "skipped data.parquet:3: file not found: gone.png",
      "skipped data.parquet:4: file name is empty",
      "skipped data.parquet:5: file name is empty",
    ]);
  });

  it("keeps lists of captions", async () => {
    const rows = [row(1, "a.png", ["one", "uno"]), row(2, "b.png", [null, "two"])];
    const { texts, report } = await importFiles(
      files({ "a.parquet": write(rows, { text: TEXTS }) }),
    );
    expect(texts.map(({ text }) => text)).toEqual(["one", "uno", "two"]);
    expect(report.pairs).toBe(3);
  });

  it("names classes as Hugging Face notes them, and captions by the template", async () => {
    const features = { label: { _type: "ClassLabel", names: ["tabby_cat", "dog"] } };
    const kvMetadata = [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }];
    const rows = [1, 0, -1, 7].map((label, i) => ({ image: { bytes: png(i), path: null }, label }));
    const bytes = write(rows, { text: [], label: true, kvMetadata });
    const { texts, images, report } = await importFiles(files({ "a.parquet": bytes }));
    expect(texts.map(({ text }) => text)).toEqual([
      "a photo of a dog",
      "a photo of a tabby cat",
      "a photo of a 7",
    ]);
    expect(images[0]?.labels).toEqual({ label: "dog" });
    expect(issuesOf(report)).toContain("skipped a.parquet:3: caption is empty");
  });

  it("imports sounds", async () => {
    const rows = [{ image: { bytes: wav(1), path: "a.wav" }, text: "a bell" }];
    const { report, project } = await importFiles(files({ "a.parquet": write(rows) }));
    expect(report.items).toEqual({ image: 0, text: 1, audio: 1, sensor: 0 });
    expect(project.data?.media).toBe("audio");
  });

  it("costs a row whose bytes are no picture only that row", async () => {
    const rows = [
      row(1, "a.png", "one"),
      { image: { bytes: new TextEncoder().encode("<svg></svg>"), path: "b.svg" }, text: "two" },
    ];
    const { report } = await importFiles(files({ "a.parquet": write(rows) }));
    expect(report).toMatchObject({ rows: 2, used: 1 });
    expect(issuesOf(report)).toEqual(["skipped a.parquet:2: SVG is markup, not pixels"]);
  });

  it("uses the other shards when one is damaged", async () => {
    const source = files({
      "train-0.parquet": write([row(1, "a.png", "one")]),
      "train-1.parquet": write([row(2, "b.png", "two")]).slice(0, 90),
    });
    const { report } = await importFiles(source);
    expect(report).toMatchObject({ rows: 2, used: 1, skipped: 1 });
    expect(issuesOf(report)[0]).toMatch(/^skipped train-1\.parquet: the archive cannot be read/);
  });

  it("is not recognised in Parquet without files inside", async () => {
    const columnData = [{ name: "a", data: ["x"] }];
    const source = files({
      "a.parquet": new Uint8Array(parquetWriteBuffer({ columnData })),
      "metadata.csv": "file_name,text\na.png,a\n",
      "a.png": png(1),
    });
    expect((await inspect(source)).candidates.map(({ id }) => id)).not.toContain("parquet");
  });
});
