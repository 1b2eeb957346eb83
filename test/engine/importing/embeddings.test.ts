import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../../src/core/formats/npy";
import { importBench, inspect, files, type Imported } from "../../support/importing";

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
    expect(items).toEqual({ image: 3246, text: 1652, audio: 0 });
    expect(splits.test).toBe(321);
    expect(imported.blobs).toEqual([]);
  });

  it("are chosen as the project's encoders and complete under their keys", async () => {
    const { encoders, data } = imported.project;
    expect(data?.vectors).toEqual({ image: encoders.image.id, text: encoders.text.id });
    const spec = await bench.encoders.get(encoders.image.id);
    expect(spec).toMatchObject({ origin: "vectors", width: 1280, source: "img_emb_0.npy" });
  });
});
