import { basenameOf } from "../../../core/domain/pathResolver";
import { count } from "../faults";
import { readTables, refuseTwoKinds } from "../readTables";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { tablesAndFiles } from "./tablesAndFiles";

/** Hugging Face's layout: files, and in any folder a metadata file whose paths are relative to it. */
export const imageFolder: DataFormat = {
  id: "imagefolder",
  async recognise({ entries }) {
    const files = metadataFiles(entries);
    if (files.length === 0) return null;
    const names = files.length === 1 ? files[0]!.path : count(files.length, "metadata file");
    return { score: 0.8, summary: `Image folder with ${names}` };
  },
  async read({ entries }, { signal, report }) {
    const files = metadataFiles(entries);
    refuseTwoKinds(files);
    const read = await readTables(files, signal, report);
    return tablesAndFiles({ entries, files, name: "Image folder", ...read });
  },
};

function metadataFiles(entries: readonly SourceEntry[]): SourceEntry[] {
  return entries.filter(({ path }) => /^metadata\.(csv|jsonl)$/i.test(basenameOf(path)));
}
