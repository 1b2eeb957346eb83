import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { downloadZip } from "client-zip";
import { parquetWriteBuffer } from "hyparquet-writer";
import { fromHalf } from "../../../src/core/formats/arrayElements";
import { writeNpy } from "../../../src/core/formats/npy";
import { writeSafetensors } from "../../../src/core/formats/safetensors";
import type { Matrix } from "../../../src/core/math/matrix";
import { loadAlignmentData } from "../../../src/engine/align/alignmentData";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
import { referenceData } from "../../bench/referenceData";
import {
  files,
  guessedMapping,
  importBench,
  importFiles,
  inspect,
  png,
  type Imported,
} from "../../support/importing";

const FOLDER = join(import.meta.dirname, "../../fixtures/reference-embeddings");
const bytes = (path: string) => new Uint8Array(readFileSync(join(FOLDER, path)));

/** The reference embeddings as a dropped folder delivers them. */
const reference = () =>
  files({
    "emb/img_emb/img_emb_0.npy": bytes("img_emb/img_emb_0.npy"),
    "emb/text_emb/text_emb_0.npy": bytes("text_emb/text_emb_0.npy"),
    "emb/metadata/metadata_0.csv": bytes("metadata/metadata_0.csv"),
  });

describe("the reference embeddings", () => {
  let imported: Imported;
  let bench: Awaited<ReturnType<typeof importBench>>;
  beforeAll(async () => {
    bench = await importBench();
    imported = await bench.run(reference());
  });

  it("are recognised, with both sides named", async () => {
    const { format, summary, columns, rows, warnings } = await inspect(reference());
    expect({ format, rows, warnings }).toEqual({ format: "embeddings", rows: 3246, warnings: [] });
    expect(summary).toBe(
      "Precomputed embeddings: img_emb 3,246 × 1,280 float16, text_emb 3,246 × 384 float16, " +
        "with emb/metadata/metadata_0.csv",
    );
    expect(columns.map(({ column, role }) => [column, role])).toEqual([
      ["img_emb", "image-vectors"],
      ["text_emb", "text-vectors"],
      ["image_path", "file"],
      ["caption", "caption"],
      ["concept", "ignore"],
      ["family", "group"],
      ["category", "label"],
      ["split", "split"],
    ]);
  });

  it("become items, pairs and the splits of the file", () => {
    const { rows, used, skipped, items, splits, splitSource } = imported.report;
    expect({ rows, used, skipped, splitSource }).toEqual({
      ...{ rows: 3246, used: 3246, skipped: 0, splitSource: "column" },
    });
    expect(items).toEqual({ image: 3246, text: 1652, audio: 0, sensor: 0 });
    expect(splits.test).toBe(321);
    expect(imported.blobs).toEqual([]);
  });

  it("are chosen as the project's encoders and complete under their keys", async () => {
    const { encoders, data } = imported.project;
    expect(data?.vectors).toEqual({ image: encoders.image.id, text: encoders.text.id });
    const spec = await bench.encoders.get(encoders.image.id);
    expect(spec).toMatchObject({ origin: "vectors", width: 1280, source: "img_emb_0.npy" });
    const keys = await encoderKey(spec, encoders.image);
    const file = bytes("img_emb/img_emb_0.npy");
    const view = new DataView(file.buffer, file.byteOffset);
    const start = file.length - 3246 * 1280 * 2;
    for (const i of [0, 1023, 1024, 3245]) {
      const item = imported.images[i];
      const { data: vector } = await bench.embeddings.load(keys, [item?.digest ?? ""]);
      const stored = Array.from(vector.subarray(0, 1280));
      const written = stored.map((_, d) =>
        fromHalf(view.getUint16(start + (i * 1280 + d) * 2, true)),
      );
      expect(stored).toEqual(written);
    }
  });

  it("are, number for number and pair for pair, what is aligned", async () => {
    const { image, text } = imported.project.encoders;
    const keys = {
      image: await encoderKey(await bench.encoders.get(image.id), image),
      text: await encoderKey(await bench.encoders.get(text.id), text),
    };
    const stores = { datasets: bench.store, embeddings: bench.embeddings };
    const { data, leftOut } = await loadAlignmentData(stores, "p1", keys);
    const expected = referenceData();
    expect(leftOut).toBe(0);
    expect(data.pairs).toEqual(expected.pairs);
    expect(sameNumbers(data.image, expected.image)).toBe(true);
    expect(sameNumbers(data.text, expected.text)).toBe(true);
  });
});

const sameNumbers = (a: Matrix, b: Matrix) =>
  a.rows === b.rows && a.data.every((value, i) => Object.is(value, b.data[i]));

type Rows = readonly (readonly number[])[];
const npy = (rows: Rows, type: "f2" | "f4" = "f4") =>
  writeNpy(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0], type);

/** Vectors that differ from each other; `seed` makes another set. */
const vectors = (count: number, width: number, seed = 1): number[][] =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: width }, (_, d) => Math.sin(seed * 100 + i * width + d)),
  );

const IMAGES = vectors(4, 3);
const TEXTS = vectors(4, 2, 2);
const CSV = "image_path,caption\na.png,one\nb.png,two\nc.png,three\nd.png,four\n";
const four = { "img_emb_0.npy": npy(IMAGES), "text_emb_0.npy": npy(TEXTS) };
const refusal = (detail: RegExp, code = "import/embeddings") =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) as string });
const issues = ({ report }: Imported) =>
  report.issues.map(({ kind, where, reason }) => `${kind} ${where}: ${reason}`);

describe("rows", () => {
  it("whose numbers are not finite are skipped, by row; zeros are flagged", async () => {
    const images = [
      [NaN, 0, 1],
      [0, 0, 0],
      [1, 2, 3],
      [70_000, 1, 1],
    ];
    const imported = await importFiles(
      files({ "img.npy": npy(images, "f2"), "text.npy": npy(TEXTS), "metadata.csv": CSV }),
    );
    expect(issues(imported)).toEqual([
      "skipped metadata.csv:2: the image vector is missing, or holds NaN or infinity",
      "flagged metadata.csv:3: the image vector is all zeros",
      "skipped metadata.csv:5: the image vector is missing, or holds NaN or infinity",
    ]);
    expect(imported.texts.map(({ text }) => text)).toEqual(["two", "three"]);
  });

  it("keep their place when a metadata row is broken", async () => {
    const broken = CSV.replace("b.png,two", "b.png,two,too many");
    const bench = await importBench();
    const imported = await bench.run(files({ ...four, "metadata_0.csv": broken }));
    expect(imported.images.map(({ source }) => source)).toEqual(["a.png", "c.png", "d.png"]);
    const spec = await bench.encoders.get(imported.project.encoders.text.id);
    const key = await encoderKey(spec, imported.project.encoders.text);
    const { data } = await bench.embeddings.load(key, [imported.texts[1]?.digest ?? ""]);
    expect([...data]).toEqual([...Float32Array.from(TEXTS[2] ?? [])]);
  });

  it("without metadata are named by number, and equal vectors are one item", async () => {
    const images = [IMAGES[0]!, IMAGES[0]!, IMAGES[1]!];
    const imported = await importFiles(
      files({ "image.npy": npy(images), "caption.npy": npy(TEXTS.slice(0, 3)) }),
    );
    expect(imported.images.map(({ source }) => source)).toEqual(["row 0", "row 2"]);
    expect(imported.texts.map(({ text }) => text)).toEqual(["row 0", "row 1", "row 2"]);
    const [a, b, c] = imported.pairs;
    expect([a?.image, b?.image, c?.image]).toEqual([0, 0, 1]);
    expect(a?.split).toBe(b?.split);
  });

  it("of one caption whose vectors are not alike are flagged: the order may be wrong", async () => {
    const csv = "caption\none\none\ntwo\ntwo\n";
    const texts = [
      [1, 0.01],
      [1, 0],
      [1, 0],
      [-1, 0.2],
    ];
    const imported = await importFiles(
      files({ "img_emb_0.npy": npy(IMAGES), "text_emb_0.npy": npy(texts), "captions.csv": csv }),
    );
    expect(issues(imported)).toEqual([
      expect.stringMatching(
        /^flagged captions.csv:5: the text is that of captions.csv:4, its vector is not/,
      ),
    ]);
  });
});

describe("files", () => {
  it("of different numbers of rows are refused, both named", async () => {
    const three = { ...four, "text_emb_0.npy": npy(TEXTS.slice(0, 3)) };
    await expect(importFiles(files(three))).rejects.toEqual(
      refusal(/img_emb_0.npy: 4 rows; text_emb_0.npy: 3 rows/),
    );
    const short = { ...four, "metadata_0.csv": CSV.replace("d.png,four\n", "") };
    await expect(inspect(files(short))).rejects.toEqual(
      refusal(/metadata_0.csv has 3 rows, img_emb has 4 rows, text_emb has 4 rows/),
    );
  });

  it("are shards in numeric order, and must be of one width", async () => {
    const shards = (name: string, rows: Rows) =>
      Object.fromEntries(rows.map((row, i) => [`${name}/${name}_${i + 8}.npy`, npy([row])]));
    const source = files({ ...shards("img_emb", IMAGES), ...shards("text_emb", TEXTS) });
    const whole = await importFiles(files(four));
    expect((await importFiles(source)).images.map(({ digest }) => digest)).toEqual(
      whole.images.map(({ digest }) => digest),
    );
    const uneven = { "image_0.npy": npy(IMAGES), "image_1.npy": npy(TEXTS) };
    await expect(importFiles(files(uneven))).rejects.toEqual(
      refusal(/image_0.npy is 3 wide, image_1.npy is 2 wide/),
    );
  });

  it("that hold Python objects or no rows are passed over, with the reason", async () => {
    const objects = npy(IMAGES);
    objects.set(new TextEncoder().encode("|O "), 21); // in place of the type
    const { warnings } = await inspect(
      files({ ...four, "objects.npy": objects, "flat.npy": writeNpy(new Float32Array(3), [3]) }),
    );
    expect(warnings).toEqual([
      expect.stringMatching(/objects.npy: it holds Python objects, which are never loaded/),
      expect.stringMatching(/flat.npy has the shape \[3\], not \[rows, width\]/),
    ]);
  });

  it("named like a column of the metadata hide nothing of it", async () => {
    const csv = CSV.replace("image_path", "image");
    const { columns } = await inspect(
      files({ "image.npy": npy(IMAGES), "caption.npy": npy(TEXTS), "rows.csv": csv }),
    );
    expect(columns.map(({ column, role }) => [column, role])).toEqual([
      ["image (array)", "image-vectors"],
      ["caption (array)", "text-vectors"],
      ["image", "file"],
      ["caption", "caption"],
    ]);
  });

  it("with names that do not tell the sides are mapped by the visitor", async () => {
    const source = files({ "a.npy": npy(IMAGES), "b.npy": npy(TEXTS) });
    const { columns, warnings } = await inspect(source);
    expect(columns.map(({ role, vectors: shape }) => [role, shape])).toEqual([
      ["ignore", { rows: 4, width: 3 }],
      ["ignore", { rows: 4, width: 2 }],
    ]);
    expect(warnings[0]).toMatch(/do not tell which array is of images/);
    await expect(importFiles(source)).rejects.toEqual(refusal(/image-vectors/, "import/mapping"));
    const mapping = await guessedMapping(source, { a: "text-vectors", b: "image-vectors" });
    expect((await importFiles(source, { mapping })).report.used).toBe(4);
  });

  it.each<[string, () => Promise<Record<string, Uint8Array<ArrayBuffer>>>]>([
    [
      "npz",
      async () => {
        const members = [
          { name: "image.npy", input: npy(IMAGES) },
          { name: "text.npy", input: npy(TEXTS) },
        ];
        return { "e.npz": new Uint8Array(await downloadZip(members).arrayBuffer()) };
      },
    ],
    [
      "safetensors",
      async () => ({
        "e.safetensors": writeSafetensors([
          { name: "text", shape: [4, 2], values: Float32Array.from(TEXTS.flat()) },
          { name: "image", shape: [4, 3], values: Float32Array.from(IMAGES.flat()) },
        ]),
      }),
    ],
    [
      "Fortran order",
      async () => {
        const columns = [0, 1, 2].flatMap((d) => IMAGES.map((row) => row[d] ?? 0));
        const image = writeNpy(Float32Array.from(columns), [4, 3]);
        const header = new TextDecoder("latin1").decode(image.subarray(0, 128));
        image.set(new TextEncoder().encode("True, "), header.indexOf("False,"));
        return { "image.npy": image, "text.npy": npy(TEXTS) };
      },
    ],
    [
      "Parquet lists",
      async () => {
        const list = (rows: Rows) => rows.map((row) => row.map(Math.fround));
        const buffer = parquetWriteBuffer({
          columnData: [
            { name: "image_embedding", data: list(IMAGES) },
            { name: "text_embedding", data: list(TEXTS) },
          ],
          schema: [
            { name: "root", num_children: 2 },
            ...["image_embedding", "text_embedding"].flatMap((name) => [
              {
                name,
                repetition_type: "OPTIONAL" as const,
                num_children: 1,
                converted_type: "LIST" as const,
              },
              { name: "list", repetition_type: "REPEATED" as const, num_children: 1 },
              { name: "element", type: "FLOAT" as const, repetition_type: "OPTIONAL" as const },
            ]),
          ],
          rowGroupSize: [3, 1],
        });
        return { "e.parquet": new Uint8Array(buffer) };
      },
    ],
  ])("as %s import like npy files", async (_name, make) => {
    const expected = await importFiles(files(four));
    const imported = await importFiles(files(await make()));
    expect(imported.project.data?.digest).toBe(expected.project.data?.digest);
    expect(imported.project.encoders).toEqual(expected.project.encoders);
  });
});

describe("metadata in Parquet", () => {
  it("beside the vectors gives captions and splits", async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: "caption", data: ["one", "two", "three", "four"], type: "STRING" },
        { name: "split", data: ["train", "train", "test", "val"], type: "STRING" },
      ],
    });
    const imported = await importFiles(
      files({ ...four, "metadata/metadata_0.parquet": new Uint8Array(buffer) }),
    );
    expect(imported.texts.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
    expect(imported.report.splits).toEqual({ train: 2, validation: 1, test: 1 });
  });
});

describe("pictures dropped alongside", () => {
  it("are stored, found also by the last part of a foreign absolute path", async () => {
    const csv = CSV.replace("a.png", "/home/someone/data/a.png").replace("b.png", "pictures/b.png");
    const imported = await importFiles(
      files({
        ...four,
        "metadata_0.csv": csv,
        "pictures/a.png": png(1),
        "pictures/b.png": png(2),
        "pictures/d.png": "no picture",
        "pictures/stray.png": png(9),
      }),
    );
    expect(imported.blobs).toHaveLength(2);
    expect(imported.images.map(({ width }) => width)).toEqual([2, 2, undefined, undefined]);
    expect(issues(imported)).toEqual([
      expect.stringMatching(/^flagged metadata_0.csv:5: its picture is not stored: /),
      "unpaired pictures/stray.png: no row mentions this file",
    ]);
  });
});

describe("content addressing", () => {
  it("gives the same data the same encoders, and other pairs of the same vectors others", async () => {
    const ids = async (csv: string) =>
      (await importFiles(files({ ...four, "metadata_0.csv": csv }))).project.data?.vectors;
    const shuffled = CSV.replace("one", "x").replace("two", "one").replace("x", "two");
    expect(await ids(CSV)).toEqual(await ids(CSV));
    expect((await ids(shuffled))?.text).not.toBe((await ids(CSV))?.text);
  });

  it("keeps what a first import linked, and lets go of vectors when other data comes", async () => {
    const bench = await importBench();
    const source = files({ ...four, "metadata_0.csv": CSV });
    const first = await bench.run(source);
    const spec = await bench.encoders.get(first.project.encoders.text.id);
    const madeWith = {
      choice: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
      ...{ cosine: 0.999, items: 4, unitLength: true },
    } as const;
    await bench.encoders.put({ ...spec, madeWith });
    await bench.run(source);
    expect((await bench.encoders.get(spec.id)).madeWith).toEqual(madeWith);
    const other = await bench.run(
      files({ "metadata.csv": "file_name,text\na.png,one\n", "a.png": png(1) }),
    );
    expect(other.project.encoders.text.id).toBe("all-minilm-l6-v2");
    expect(other.project.data?.vectors).toBeUndefined();
  });

  it("stopped at any time leaves neither vectors nor encoders nor data behind", async () => {
    for (const stage of ["check", "store"] as const) {
      const bench = await importBench();
      const before = await bench.state();
      const stop = new AbortController();
      const onProgress = (event: { stage: string }) => event.stage === stage && stop.abort();
      const run = bench.run(files(four), { signal: stop.signal, onProgress });
      await expect(run).rejects.toMatchObject({ code: "cancelled" });
      expect(await bench.state()).toEqual(before);
      expect(await bench.encoders.list()).toEqual([]);
      expect(await bench.db.count("embeddingChunks")).toBe(0);
    }
  });
});
