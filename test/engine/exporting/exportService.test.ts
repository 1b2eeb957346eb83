import { createHash } from "node:crypto";
import { parquetReadObjects } from "hyparquet";
import Papa from "papaparse";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRecipe } from "../../../src/core/domain/recipe";
import { decodeElements } from "../../../src/core/formats/arrayElements";
import { withoutFormulaGuard } from "../../../src/core/formats/csv";
import { readNpyHeader } from "../../../src/core/formats/npy";
import { row } from "../../../src/core/math/matrix";
import { projectRows } from "../../../src/engine/align/project";
import { readExportedProjector } from "../../../src/engine/exporting/exportedProjector";
import { LOAD_ALIGNED } from "../../../src/engine/exporting/pythonLoader";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { AWKWARD, exportedFiles, EXPORTED_ITEMS, exportFixture } from "../../support/exportFixture";
import { INPUT_WIDTH, irregularRows, projectorsOfEveryForm } from "../../support/exportedHeads";

const forms = projectorsOfEveryForm();
const head = forms["freeze-align"]!;
const USED = EXPORTED_ITEMS - 1; // one pair is excluded

let db: PlaygroundDb;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
});
afterEach(() => db.close());

const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  new TextDecoder().decode(files.get(path));
const jsonOf = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  JSON.parse(textOf(files, path));
const context = () => ({ signal: new AbortController().signal, report: () => {} });

describe("the model folder", () => {
  it("names every other file in its manifest, with size and SHA-256", async () => {
    const { service } = await exportFixture(db, head);
    const { files, name } = await exportedFiles(service, { embeddings: "f16" });
    expect(name).toBe("My-museum-Ü-aligned.zip");
    const manifest = jsonOf(files, "manifest.json");
    expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual(
      [...files.keys()].filter((path) => path !== "manifest.json"),
    );
    for (const { path, bytes, sha256 } of manifest.files) {
      expect(files.get(path)!.length, path).toBe(bytes);
      expect(createHash("sha256").update(files.get(path)!).digest("hex"), path).toBe(sha256);
    }
    expect(manifest).toMatchObject({ format: 1, non_finite: 1 }); // the NaN loss of the history
  });

  it("holds all that formats and readers ask for", async () => {
    const { service } = await exportFixture(db, head);
    const { files } = await exportedFiles(service, { embeddings: "f32" });
    expect([...files.keys()].sort()).toEqual(
      [
        ...["README.md", "config.json", "load_aligned.py", "manifest.json", "metrics.json"],
        ...["parity.json", "pairs.csv", "split.csv", "history.csv", "recipe.json"],
        ...["projector_a.onnx", "projector_b.onnx", "preprocessor_a.json", "preprocessor_b.json"],
        ...["projector_a.safetensors", "projector_b.safetensors"],
        ...["embeddings/a.npy", "embeddings/b.npy", "embeddings/ids.parquet"],
      ].sort(),
    );
    const config = jsonOf(files, "config.json");
    expect(config).toMatchObject({
      model_type: "projected-dual-encoder",
      temperature: 0.05,
      a: {
        ...{ head: "freeze-align", input_dim: INPUT_WIDTH, output_dim: 9, layers: 2 },
        encoder: { id: "efficientnet-lite0", dtype: "float16 weights", normalize: false },
      },
      b: { encoder: { id: "all-minilm-l6-v2", dtype: "int8 weights", pooling: "mean" } },
    });
    expect(parseRecipe(textOf(files, "recipe.json")).version).toBe(1);
    expect(jsonOf(files, "preprocessor_a.json")).toMatchObject({ size: 224, resample: "bicubic" });
    expect(jsonOf(files, "metrics.json")).toMatchObject({ seed: 0, device: { align: "wasm" } });
    const card = textOf(files, "README.md");
    expect(card).toMatch(/^---\nlicense: /);
    expect(card).toContain('base_model:\n- "efficientnet-lite0"\n- "all-minilm-l6-v2"\n');
    expect(card).toContain("60.0 % (");
    expect(card).toContain("; chance 10.0)");
  });

  it.each(Object.entries(forms))(
    "writes down what the browser makes of 8 inputs: %s",
    async (_, form) => {
      const { service, stores, keys } = await exportFixture(db, form);
      const { files } = await exportedFiles(service);
      const { a } = jsonOf(files, "parity.json");
      expect([a.inputs.length, a.projected.length]).toEqual([8, 8]);
      const stored = await stores.embeddings.load(keys.image, ["image0"]);
      expect(Float32Array.from(a.inputs[0])).toEqual(stored.data);
      const expected = await projectRows({ ...form, modality: "image" }, stored);
      expect(Float32Array.from(a.projected[0])).toEqual(expected.data);
      const project = readExportedProjector(
        files.get("projector_a.safetensors")!,
        jsonOf(files, "config.json").a,
      );
      for (let i = 0; i < 8; i++) {
        project(a.inputs[i]).forEach((value, p) =>
          expect(Math.abs(value - a.projected[i][p])).toBeLessThan(1e-5),
        );
      }
    },
  );

  it("keeps captions through CSV, guarded or raw, and leaves out what is excluded", async () => {
    const { service } = await exportFixture(db, head);
    for (const isRaw of [false, true]) {
      const { files } = await exportedFiles(service, { isRaw });
      const { data } = Papa.parse<Record<string, string>>(textOf(files, "pairs.csv").trimEnd(), {
        header: true,
      });
      expect(data).toHaveLength(USED);
      const captions = data.map(({ text = "" }) => (isRaw ? text : withoutFormulaGuard(text)));
      expect(captions.slice(0, AWKWARD.length)).toEqual(AWKWARD);
      if (!isRaw) expect(data[0]!["text"]).toMatch(/^'=/);
      expect(data[0]).toMatchObject({ file_name: "image0.png", split: "test", item_id: "image0" });
    }
  });

  it("reports progress that never falls and ends at its total", async () => {
    const { service } = await exportFixture(db, head);
    const { reports } = await exportedFiles(service, { embeddings: "parquet" });
    const done = reports.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(new Set(reports.map(({ total }) => total)).size).toBe(1);
    expect(done.at(-1)).toBe(reports[0]!.total);
  });

  it("stops when asked to", async () => {
    const { service } = await exportFixture(db, head);
    const abort = new AbortController();
    const request = { projectId: "p1", runId: "r1", embeddings: "f32", isRaw: false } as const;
    const stopped = service.exportModel(request, {
      signal: abort.signal,
      report: () => abort.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  });

  it("has a loader of at most 40 lines that needs numpy and safetensors alone", () => {
    const lines = LOAD_ALIGNED.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    const imports = lines.filter((line) => /^(import|from) /.test(line));
    expect(imports).toEqual([
      "import json, math",
      "import numpy as np",
      "from safetensors.numpy import load_file",
    ]);
  });
});

describe("embeddings", () => {
  const choose = (space: "encoder" | "shared", format: "npy" | "npy-f16" | "parquet") =>
    ({ ...{ projectId: "p1", runId: "r1" }, choice: { side: "image", space, format } }) as const;
  const stored = irregularRows(EXPORTED_ITEMS, INPUT_WIDTH, 3);

  it("leave as npy, as they are and through the projector", async () => {
    const { service } = await exportFixture(db, head);
    const plain = await service.exportEmbeddings(choose("encoder", "npy"), context());
    const shared = await service.exportEmbeddings(choose("shared", "npy"), context());
    expect([plain.name, shared.name]).toEqual([
      "My-museum-Ü-image.npy",
      "My-museum-Ü-image-shared.npy",
    ]);
    expect(await readNpy(plain.blob)).toEqual({
      shape: [USED, INPUT_WIDTH],
      values: stored.data.slice(0, USED * INPUT_WIDTH),
    });
    const projected = await projectRows({ ...head, modality: "image" }, stored);
    const { shape, values } = await readNpy(shared.blob);
    expect(shape).toEqual([USED, 9]);
    values.forEach((value, i) => expect(value).toBeCloseTo(projected.data[i]!, 6));
  });

  it("leave as Parquet with the item behind each row", async () => {
    const { service } = await exportFixture(db, head);
    const { blob } = await service.exportEmbeddings(choose("encoder", "parquet"), context());
    const rows = await parquetReadObjects({ file: await blob.arrayBuffer() });
    expect(rows).toHaveLength(USED);
    expect(rows[3]).toMatchObject({ id: "image3", source: "image3.png", text: null });
    expect(Float32Array.from(rows[3]!["embedding"])).toEqual(row(stored, 3));
  });

  it("name the rows of their arrays in ids.parquet", async () => {
    const { service } = await exportFixture(db, head);
    const { files } = await exportedFiles(service, { embeddings: "f32" });
    const rows = await parquetReadObjects({ file: files.get("embeddings/ids.parquet")!.buffer });
    expect(rows).toHaveLength(2 * USED);
    expect(rows[1]).toMatchObject({ side: "a", row: 1, id: "image1" });
    expect(rows[USED]).toMatchObject({ side: "b", row: 0, id: "text0", text: AWKWARD[0] });
  });

  it("leave before anything is aligned, as npy of float16 too", async () => {
    const { service } = await exportFixture(db, head);
    const request = { ...choose("encoder", "npy-f16"), runId: null };
    const { shape, values } = await readNpy(
      (await service.exportEmbeddings(request, context())).blob,
    );
    expect(shape).toEqual([USED, INPUT_WIDTH]);
    expect(values[0]).toBeCloseTo(stored.data[0]!, 2);
    const shared = { ...choose("shared", "npy"), runId: null };
    await expect(service.exportEmbeddings(shared, context())).rejects.toMatchObject({
      code: "export/no-model",
    });
  });
});

describe("the list", () => {
  it("tells sizes as they come out, and the parity", async () => {
    const { service } = await exportFixture(db, head);
    const { model, embeddings, pairs } = await service.list({ projectId: "p1", runId: "r1" });
    const { files } = await exportedFiles(service);
    for (const { path, sizeBytes } of model!.files) {
      expect(files.get(path)!.length, path).toBe(sizeBytes);
    }
    expect(model!.parity.vectors).toBe(16);
    expect(model!.parity.largest).toBeGreaterThan(0);
    expect(model!.parity.largest).toBeLessThan(1e-5);
    expect(embeddings.image).toMatchObject({ rows: USED, width: INPUT_WIDTH, sharedWidth: 9 });
    expect(pairs.rows).toBe(USED);
    expect(pairs.preview.split("\r\n")[0]).toMatch(/^file_name,text,group,split/);
  });

  it("says why there is no model, and lists the rest", async () => {
    const { service } = await exportFixture(db, head);
    const { model, why, embeddings } = await service.list({ projectId: "p1", runId: null });
    expect(model).toBeNull();
    expect(why).toBe("nothing has been aligned yet");
    expect(embeddings.text).toMatchObject({ rows: USED, sharedWidth: null });
  });

  it("refuses a model that is not there yet", async () => {
    const { service, stores, run } = await exportFixture(db, head);
    await stores.runs.put({ ...run, id: "r2" });
    const { why } = await service.list({ projectId: "p1", runId: "r2" });
    expect(why).toBe("“first” has no projectors yet");
    const request = { projectId: "p1", runId: "r2", embeddings: "none", isRaw: false } as const;
    await expect(service.exportModel(request, context())).rejects.toMatchObject({
      code: "export/no-model",
    });
  });
});

async function readNpy(blob: Blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const { shape, offset, type } = readNpyHeader(bytes, bytes.length, "x.npy");
  return { shape: [...shape], values: decodeElements(bytes.subarray(offset), type) };
}
