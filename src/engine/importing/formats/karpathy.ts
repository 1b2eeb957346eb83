import { AppError } from "../../../core/errors";
import { count } from "../faults";
import { fieldOf, listField, textField } from "../jsonFields";
import { readJsonFiles } from "../readJson";
import type { SourceEntry } from "../sourceEntry";
import { RecordTable } from "../recordTable";
import type { DataFormat } from "./dataFormat";
import { jsonFiles } from "./jsonFiles";
import { NOT_A_RECORD } from "./layoutFaults";
import { tablesAndFiles } from "./tablesAndFiles";

/** Karpathy's `dataset_*.json`: a record per picture with its sentences and its split. */
export const karpathy: DataFormat = {
  id: "karpathy",
  async recognise(source, signal) {
    const files = await karpathyFiles(source, signal);
    if (files.length === 0) return null;
    const names = files.map(({ path }) => path).join(", ");
    return { score: 0.97, summary: `Karpathy splits: ${names}` };
  },
  async read(source, { signal, report }) {
    const files = await karpathyFiles(source, signal);
    if (files.length === 0) {
      const detail = "no JSON here lists images with filename, split and sentences";
      throw new AppError("import/unrecognised", detail);
    }
    const tables = [];
    const warnings: string[] = [];
    let captions = 0;
    for await (const { entry, value, warnings: own } of readJsonFiles(files, { signal, report })) {
      const part = karpathyTable(entry, value);
      tables.push(part.table);
      warnings.push(...own);
      captions += part.captions;
    }
    const images = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    return tablesAndFiles({
      source,
      files,
      tables,
      roles: { file_name: "file", captions: "caption", split: "split" },
      warnings,
      summary: `Karpathy splits: ${count(images, "image")}, ${count(captions, "caption")}`,
    });
  },
};

async function karpathyFiles(...of: Parameters<typeof jsonFiles>): Promise<SourceEntry[]> {
  const files = (await jsonFiles(...of)).filter(({ kind }) => kind === "karpathy");
  return files.map(({ entry }) => entry).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function karpathyTable({ path }: SourceEntry, json: unknown) {
  const records = new RecordTable();
  let captions = 0;
  listField(json, "images").forEach((image, i) => {
    const where = `${path}: image ${textField(image, "imgid") || i}`;
    if (typeof fieldOf(image, "filename") !== "string") {
      records.addBroken(where, NOT_A_RECORD);
      return;
    }
    const folder = textField(image, "filepath"); // COCO only: train2014 or val2014
    const name = textField(image, "filename");
    const sentences = listField(image, "sentences").map((sentence) => textField(sentence, "raw"));
    captions += sentences.length;
    const file_name = folder === "" ? name : `${folder}/${name}`;
    // restval, the rest of val2014, counts as train: `splitNamed` knows.
    records.add(where, { file_name, captions: sentences, split: textField(image, "split") });
  });
  return { table: { ...records.table(path), anywhere: true as const }, captions };
}
