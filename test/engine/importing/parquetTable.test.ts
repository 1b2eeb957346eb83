import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors";
import { readParquetTable } from "../../../src/engine/importing/parquetTable";

const SIGNAL = new AbortController().signal;

function entry(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>, path = "metadata.parquet") {
  const blob = new Blob([bytes]);
  const read = async () => new Uint8Array(await blob.arrayBuffer());
  return { path, sizeBytes: blob.size, blob, read };
}

const COLUMNS = [
  { name: "file_name", data: ["a.jpg", "b.jpg", "c.jpg"] },
  { name: "text", data: ["a cat", null, "ein Bär"] },
  { name: "id", data: [9007199254740993n, 2n, 3n] },
  { name: "score", data: [0.5, 1e21, -0] },
];

const write = (options: object = {}) => parquetWriteBuffer({ columnData: COLUMNS, ...options });

describe("readParquetTable", () => {
  it("gives texts as they are, numbers written out, null as empty", async () => {
    const table = await readParquetTable(entry(write()), SIGNAL);
    expect(table.columns).toEqual(["file_name", "text", "id", "score"]);
    expect(table.rows[0]).toEqual({
      where: "metadata.parquet:1",
      cells: ["a.jpg", "a cat", "9007199254740993", "0.5"],
    });
    expect(table.rows[1]?.cells).toEqual(["b.jpg", "", "2", "1e+21"]);
    expect(table.broken).toEqual([]);
  });

  it("reads the same from row groups of one row, and without a blob", async () => {
    const whole = await readParquetTable(entry(write()), SIGNAL);
    const groups = write({ rowGroupSize: 1 });
    expect(await readParquetTable(entry(groups), SIGNAL)).toEqual(whole);
    const { blob: _, ...packed } = entry(groups);
    expect(await readParquetTable(packed, SIGNAL)).toEqual(whole);
  });

  it("keeps lists of captions, with nulls inside left out", async () => {
    const schema = [
      { name: "root", num_children: 1 },
      { name: "captions", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    ];
    const columnData = [{ name: "captions", data: [["one", "two"], [], null, [null, "three"]] }];
    const bytes = parquetWriteBuffer({ columnData, schema } as Parameters<
      typeof parquetWriteBuffer
    >[0]);
    const { rows } = await readParquetTable(entry(bytes), SIGNAL);
    expect(rows.map(({ cells }) => cells[0])).toEqual([["one", "two"], [], "", ["three"]]);
  });

  it("leaves bytes out", async () => {
    const columnData = [
      { name: "text", data: ["a"] },
      { name: "image", data: [Uint8Array.of(1, 2, 3)], type: "BYTE_ARRAY" as const },
    ];
    const { columns } = await readParquetTable(entry(parquetWriteBuffer({ columnData })), SIGNAL);
    expect(columns).toEqual(["text"]);
  });

  it("refuses text with NUL row by row", async () => {
    const columnData = [{ name: "text", data: ["a", "b\0c"] }];
    const table = await readParquetTable(entry(parquetWriteBuffer({ columnData })), SIGNAL);
    expect([table.rows.length, table.broken.length]).toEqual([1, 1]);
    expect(table.broken[0]?.where).toBe("metadata.parquet:2");
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("file_name,text\n")],
    ["a lying footer", Uint8Array.of(...new Uint8Array(8), 255, 255, 255, 127, 80, 65, 82, 49)],
  ])("names the file when it holds %s", async (_, bytes) => {
    await expect(readParquetTable(entry(bytes), SIGNAL)).rejects.toMatchObject({
      code: "import/metadata",
      detail: expect.stringMatching(/^metadata\.parquet/),
    });
  });

  // Footers only: the reader trusts run lengths inside pages, which a worker's end would show.
  it("gives typed errors only for lying footers", async () => {
    const good = new Uint8Array(write({ rowGroupSize: 2 }));
    const footer = good.length - 8 - new DataView(good.buffer).getUint32(good.length - 8, true);
    const change = fc.tuple(fc.integer({ min: footer, max: good.length - 1 }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = good.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          await readParquetTable(entry(bytes), SIGNAL);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          expect(thrown).toHaveProperty("code", "import/metadata");
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
