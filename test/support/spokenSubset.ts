import { readFile } from "node:fs/promises";
import { BlobReader, BlobWriter, TextWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { downloadZip } from "client-zip";

/** The clips of some names, and the clip of one. */
export interface SpokenSubset {
  readonly zip: Uint8Array;
  /** `file_name`, `text` and `split` of every row in the zip. */
  readonly entries: readonly SpokenEntry[];
  /** Bytes of a clip of the sample, in the zip or not. */
  clip(file: string): Promise<Uint8Array>;
}

export interface SpokenEntry {
  readonly file: string;
  readonly text: string;
  readonly split: string;
}

/** A zip of those rows of the spoken sample that `keep` keeps, in the sample's own layout. */
export async function spokenSubset(keep: (entry: SpokenEntry) => boolean): Promise<SpokenSubset> {
  const bytes = await readFile(new URL("../../public/samples/spoken-emoji.zip", import.meta.url));
  const reader = new ZipReader(new BlobReader(new Blob([bytes])), { useWebWorkers: false });
  const files = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const byName = new Map(files.map((entry) => [entry.filename, entry]));
  const [header = "", ...lines] = (await byName.get("metadata.csv")!.getData(new TextWriter()))
    .trimEnd()
    .split("\n");
  const rows = lines.map((line) => {
    // Names with a comma are quoted.
    const [, file = "", quoted, plain = ""] = /^([^,]+),(?:"([^"]*)"|([^,]*))/.exec(line) ?? [];
    const split = /,(train|validation|test),/.exec(line)?.[1] ?? "";
    return { line, entry: { file, text: quoted ?? plain, split } };
  });
  const chosen = rows.filter(({ entry }) => keep(entry));
  const blobOf = (file: string) => byName.get(file)!.getData(new BlobWriter());
  const contents = [
    { name: "metadata.csv", input: [header, ...chosen.map(({ line }) => line)].join("\n") },
    ...(await Promise.all(
      chosen.map(async ({ entry }) => ({ name: entry.file, input: await blobOf(entry.file) })),
    )),
  ];
  return {
    zip: new Uint8Array(await downloadZip(contents).arrayBuffer()),
    entries: chosen.map(({ entry }) => entry),
    clip: async (file) => new Uint8Array(await (await blobOf(file)).arrayBuffer()),
  };
}
