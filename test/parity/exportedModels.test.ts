import "fake-indexeddb/auto";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openPlaygroundDb } from "../../src/storage/db";
import { exportedFiles, exportFixture, writeFiles } from "../support/exportFixture";
import { projectorsOfEveryForm } from "../support/exportedHeads";
import { findPython } from "../export/python";

const SCRIPT = "test/export/check_export.py";
const TOLERANCE = 1e-5; // the promise of the Take away screen

interface Checked {
  readonly folder: string;
  readonly numpy: number;
  readonly onnxruntime: number;
}

it("gives the browser's vectors in Python, by numpy and by onnxruntime, for every form", async ({
  skip,
}) => {
  const found = await findPython();
  if ("missing" in found) return skip(`skipped, ${found.missing}`);
  const root = mkdtempSync(join(tmpdir(), "exported-"));
  try {
    const folders: string[] = [];
    for (const [name, projector] of Object.entries(projectorsOfEveryForm())) {
      const db = await openPlaygroundDb(crypto.randomUUID());
      const { service } = await exportFixture(db, projector);
      const { files } = await exportedFiles(service, { embeddings: "f32" });
      const folder = join(root, name);
      writeFiles(folder, files);
      folders.push(folder);
      db.close();
    }
    const { stdout } = await promisify(execFile)(found.python, [SCRIPT, ...folders]);
    const results = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Checked);
    for (const { folder, numpy, onnxruntime } of results) {
      const [a, b] = [numpy.toExponential(1), onnxruntime.toExponential(1)];
      console.log(`  ${folder.padEnd(32)} max |Δ|  numpy ${a}  onnxruntime ${b}`);
      expect(Math.max(numpy, onnxruntime), folder).toBeLessThanOrEqual(TOLERANCE);
    }
    expect(results).toHaveLength(folders.length);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
