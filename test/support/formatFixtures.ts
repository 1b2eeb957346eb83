import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import type { FormatId } from "../../src/core/domain/importFormat";
import type { SourceFile } from "../../src/core/domain/dataset";

const FIXTURES = "test/fixtures/formats";

/** Pairs that every layout holds. */
export const FIXTURE_PAIRS = 721;

/** The same pairs as `make_fixtures.py` wrote them, by layout. */
export const LAYOUTS = {
  "imagefolder, csv": { format: "imagefolder", write: imageFolderCsv },
  "imagefolder, jsonl": { format: "imagefolder", write: imageFolderJsonl },
  zip: { format: "imagefolder", write: (folder) => copy(folder, "imagefolder.zip") },
  "WebDataset tar": { format: "webdataset", write: webDataset },
  "COCO captions": { format: "coco", write: coco },
  "Flickr token file": { format: "flickr", write: flickr },
  "Parquet with embedded images": { format: "parquet", write: parquet },
  "clip-retrieval folder": { format: "caption-files", write: captionFiles },
} as const satisfies Record<
  string,
  { format: FormatId; write: (folder: string) => Promise<unknown> }
>;

async function imageFolderCsv(folder: string) {
  await unzip("imagefolder.zip", folder);
}

async function imageFolderJsonl(folder: string) {
  await unzip("imagefolder.zip", folder, (name) => (name === "metadata.csv" ? null : name));
  await copyFile(join(FIXTURES, "imagefolder.metadata.jsonl"), join(folder, "metadata.jsonl"));
}

async function webDataset(folder: string) {
  await copy(folder, "shard-000000.tar.gz", "shard-000001.tar.gz", "shard-000002.tar");
}

async function coco(folder: string) {
  await unzip("imagefolder.zip", folder, pictureIn("val2017"));
  await copy(folder, "captions_val2017.json");
}

async function flickr(folder: string) {
  await unzip("imagefolder.zip", folder, pictureIn("flickr30k_images"));
  await copy(folder, "results_20130124.token");
}

async function parquet(folder: string) {
  await copy(folder, "train-00000-of-00002.parquet", "train-00001-of-00002.parquet");
}

async function captionFiles(folder: string) {
  await unzip("imagefolder.zip", folder, pictureIn("pairs"));
  await unzip("captions.zip", join(folder, "pairs"));
}

const pictureIn = (folder: string) => (name: string) =>
  name.endsWith(".webp") ? name.replace("images", folder) : null;

async function copy(folder: string, ...names: string[]): Promise<void> {
  for (const name of names) await copyFile(join(FIXTURES, name), join(folder, name));
}

async function unzip(
  archive: string,
  folder: string,
  nameOf: (name: string) => string | null = (name) => name,
): Promise<void> {
  const reader = new ZipReader(new BlobReader(new Blob([await readFile(join(FIXTURES, archive))])));
  for (const entry of await reader.getEntries()) {
    const name = nameOf(entry.filename);
    if (name === null || entry.directory) continue;
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await entry.getData(new Uint8ArrayWriter()));
  }
}

/** A folder's files as a drop delivers them. */
export async function droppedFolder(folder: string): Promise<SourceFile[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const file = new File([await readFile(path)], name);
      return { path: relative(folder, path).replaceAll("\\", "/"), file };
    }),
  );
}
