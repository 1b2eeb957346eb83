import { AppError } from "../../../core/errors";
import { readTables } from "../readTables";
import { cellReader, textOf } from "../roles";
import type { MetadataTable } from "../metadataTable";
import { captionOf, templateFor } from "./classCaption";
import type { DataFormat } from "./dataFormat";
import { tablesWithHeader } from "./knownTables";
import { tablesAndFiles } from "./tablesAndFiles";

const HEADER = ["filename", "fold", "category", "src_file"];
const SPLIT_OF_FOLD: Readonly<Record<string, string>> = { "5": "test", "4": "validation" };

/** ESC-50: 50 classes of sounds; clips cut from one recording share a fold. */
export const esc50: DataFormat = {
  id: "esc50",
  async recognise(source, signal) {
    const [first] = await tablesWithHeader(source, HEADER, signal);
    return first ? { score: 0.95, summary: `ESC-50: ${first.path}` } : null;
  },
  async read(source, { settings, signal, report }) {
    const files = await tablesWithHeader(source, HEADER, signal);
    if (files.length === 0) {
      const detail = "no CSV here has the columns filename, fold, category and src_file";
      throw new AppError("import/unrecognised", detail);
    }
    const read = await readTables(files, { signal, report });
    const template = templateFor(settings.classTemplate, "audio");
    const tables = read.tables.map((table) => withCaptionAndSplit(table, template));
    return tablesAndFiles({
      source,
      files,
      tables,
      roles: {
        filename: "file",
        caption: "caption",
        split: "split",
        category: "label",
        src_file: "group",
      },
      warnings: [
        ...read.warnings,
        "Fold 5 is the test split and fold 4 the validation split, so that no recording is in two.",
      ],
      name: "ESC-50",
    });
  },
};

function withCaptionAndSplit(table: MetadataTable, template: string): MetadataTable {
  const read = cellReader(table);
  return {
    ...table,
    anywhere: true,
    columns: [...table.columns, "caption", "split"],
    rows: table.rows.map((row) => {
      const category = textOf(read(row, "category"));
      const split = SPLIT_OF_FOLD[textOf(read(row, "fold"))] ?? "train";
      const caption = category === "" ? "" : captionOf(template, category);
      return { ...row, cells: [...row.cells, caption, split] };
    }),
  };
}
