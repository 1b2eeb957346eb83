import { AppError } from "../../../core/errors";
import { readTables } from "../readTables";
import type { DataFormat } from "./dataFormat";
import { tablesAndFiles } from "./tablesAndFiles";
import type { SourceEntry } from "../sourceEntry";

/** Whatever has one table with a column of file names: the last resort. */
export const table: DataFormat = {
  id: "table",
  async recognise({ entries }) {
    const [first] = tables(entries);
    return first ? { score: 0.1, summary: `A table and files: ${first.path}` } : null;
  },
  async read({ entries }, { signal, report }) {
    const found = tables(entries);
    const [only] = found;
    if (!only) {
      const files = entries.length.toLocaleString("en");
      throw new AppError("import/unrecognised", `no metadata among ${files} files`);
    }
    if (found.length > 1) {
      const names = found.slice(0, 5).map(({ path }) => path);
      throw new AppError(
        "import/unrecognised",
        `no metadata.csv, and several other tables: ${names.join(", ")}`,
      );
    }
    const read = await readTables([only], signal, report);
    const warning = `There is no metadata.csv; ${only.path} is used as metadata.`;
    const warnings = [warning, ...read.warnings];
    return tablesAndFiles({ entries, files: [only], name: "Files", ...read, warnings });
  },
};

function tables(entries: readonly SourceEntry[]): SourceEntry[] {
  return entries.filter(({ path }) => /\.(csv|tsv|jsonl)$/i.test(path));
}
