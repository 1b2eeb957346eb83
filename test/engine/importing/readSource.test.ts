import { expect, it, vi } from "vitest";
import type { ImportSource } from "../../../src/core/domain/dataset";
import { DEFAULT_IMPORT } from "../../../src/core/domain/importFormat";
import { SourceReader } from "../../../src/engine/importing/readSource";
import { png } from "../../support/importing";

const options = {
  siteBase: "http://localhost/",
  signal: new AbortController().signal,
  report: () => {},
};

/** The same two files on a disk, as a worker gets them: new objects at every message. */
function drop(csv = "file_name,text\na.png,a cat", lastModified = 7): ImportSource {
  const named = (path: string, content: string | Uint8Array<ArrayBuffer>) => ({
    path,
    file: new File([content], path, { lastModified }),
  });
  return { kind: "files", files: [named("metadata.csv", csv), named("a.png", png(1))] };
}

it("reads the same files once, for the inspection and for the import", async () => {
  const reader = new SourceReader();
  const first = await reader.read(drop(), DEFAULT_IMPORT, options);
  expect(await reader.read(drop(), DEFAULT_IMPORT, options)).toBe(first);
  const withoutThumbnails = { ...DEFAULT_IMPORT, thumbnails: false };
  expect(await reader.read(drop(), withoutThumbnails, options)).toBe(first);
});

it("reads the metadata again, and only that, for another layout of the same files", async () => {
  const reader = new SourceReader();
  const first = await reader.read(drop(), DEFAULT_IMPORT, options);
  const table = await reader.read(drop(), { ...DEFAULT_IMPORT, format: "table" }, options);
  expect(table.format.id).toBe("table");
  expect(table.opened).toBe(first.opened);
});

it.each([
  ["a file of another date", drop(undefined, 8)],
  ["a file of another size", drop("file_name,text\na.png,a dog!")],
  ["fewer files", { kind: "files" as const, files: [drop()].flatMap(filesOf).slice(0, 1) }],
])("notices %s", async (_name, changed) => {
  const reader = new SourceReader();
  const first = await reader.read(drop(), DEFAULT_IMPORT, options);
  const again = await reader.read(changed, DEFAULT_IMPORT, options);
  expect(again.opened).not.toBe(first.opened);
});

it("keeps nothing of a reading that failed", async () => {
  const reader = new SourceReader();
  const stop = new AbortController();
  stop.abort();
  const stopped = { ...options, signal: stop.signal, report: vi.fn() };
  await expect(reader.read(drop(), DEFAULT_IMPORT, stopped)).rejects.toThrow();
  const read = await reader.read(drop(), DEFAULT_IMPORT, options);
  expect(read.metadata.tables[0]?.rows).toHaveLength(1);
});

function filesOf(source: ImportSource) {
  return source.kind === "files" ? source.files : [];
}
