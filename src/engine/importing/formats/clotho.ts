import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { readTables } from "../readTables";
import type { DataFormat } from "./dataFormat";
import { tablesWithHeader } from "./knownTables";
import { splitOfFile, withNamedSplits } from "./namedSplits";
import { tablesAndFiles } from "./tablesAndFiles";

const CAPTIONS = [1, 2, 3, 4, 5].map((n) => `caption_${n}`);
const HEADER = ["file_name", ...CAPTIONS];

/** Clotho: a CSV per split with five captions per recording. */
export const clotho: DataFormat = {
  id: "clotho",
  async recognise(source, signal) {
    const files = await tablesWithHeader(source, HEADER, signal);
    const own = files.filter(({ path }) => !/^metadata\.csv$/i.test(basenameOf(path)));
    if (own.length === 0) return null;
    return { score: 0.92, summary: `Clotho: ${own.map(({ path }) => path).join(", ")}` };
  },
  async read(source, { signal, report }) {
    const files = await tablesWithHeader(source, HEADER, signal);
    if (files.length === 0) {
      const detail = "no CSV here has file_name and caption_1 to caption_5";
      throw new AppError("import/unrecognised", detail);
    }
    const read = await readTables(files, { signal, report });
    const located = read.tables.map((table) => {
      const place = table.columns.findIndex((column) => column.toLowerCase() === "file_name");
      const folder = /(development|validation|evaluation)\.csv$/i.exec(table.path)?.[1];
      const rows = table.rows.map((row) => {
        const name = row.cells[place];
        // Folders are named after the splits; a name in two of them is told apart by it.
        const isPlain = folder && typeof name === "string" && name.trim() && !/[/\\:]/.test(name);
        return isPlain ? { ...row, cells: row.cells.with(place, `${folder}/${name}`) } : row;
      });
      return { ...table, anywhere: true as const, rows };
    });
    const { tables, roles } = withNamedSplits(located, ({ path }) => splitOfFile(basenameOf(path)));
    return tablesAndFiles({
      source,
      files,
      tables,
      roles,
      warnings: read.warnings,
      name: "Clotho",
    });
  },
};
