import { readFile } from "node:fs/promises";
import { BlobReader, BlobWriter, TextWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { downloadZip } from "client-zip";

/** What a subset of the sample holds, to compare the app's own counts with. */
export interface EmojiSubset {
  readonly zip: Uint8Array;
  readonly rows: number;
  /** `file_name` and `text` of every row, in order. */
  readonly entries: readonly { file: string; text: string; split: string }[];
}

/**
 * A zip of the sample's rows `start`, `start + every`, ... up to `count` of them, in the sample's
 * own layout; of the rows `keep` keeps, where it is given.
 */
export async function emojiSubset(
  count: number,
  { start = 0, every = 1, keep = (line: string) => line !== "" } = {},
): Promise<EmojiSubset> {
  const bytes = await readFile(new URL("../../public/samples/emoji.zip", import.meta.url));
  const reader = new ZipReader(new BlobReader(new Blob([bytes])), { useWebWorkers: false });
  try {
    const entries = (await reader.getEntries()).filter(
      (entry): entry is FileEntry => !entry.directory,
    );
    const byName = new Map(entries.map((entry) => [entry.filename, entry]));
    const [header = "", ...lines] = (await byName.get("metadata.csv")!.getData(new TextWriter()))
      .trimEnd()
      .split("\n");
    const chosen = lines
      .filter(keep)
      .filter((_, i) => i >= start && (i - start) % every === 0)
      .slice(0, count);
    const rows = chosen.map((line) => {
      // The sample quotes only keywords, and no caption it names holds a comma unquoted.
      const [file = "", text = ""] = line.split(",");
      const split = /,(train|validation|test),/.exec(line)?.[1] ?? "";
      return { file, text, split };
    });
    const files = [
      { name: "metadata.csv", input: [header, ...chosen].join("\n") },
      ...(await Promise.all(
        rows.map(async ({ file }) => ({
          name: file,
          input: await byName.get(file)!.getData(new BlobWriter()),
        })),
      )),
    ];
    const zip = new Uint8Array(await downloadZip(files).arrayBuffer());
    return { zip, rows: rows.length, entries: rows };
  } finally {
    await reader.close();
  }
}
