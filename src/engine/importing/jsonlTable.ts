import { AppError } from "../../core/errors";
import { notJson } from "./faults";
import type { MetadataTable } from "./metadataTable";
import { RecordTable } from "./recordTable";

/**
 * A JSON Lines file as a table: one object per line (`RecordTable`).
 *
 * @param text without byte order mark.
 * @throws AppError `import/metadata` when there is no record.
 */
export function readJsonl(path: string, text: string): MetadataTable {
  const records = new RecordTable();
  text.split(/\r\n?|\n/).forEach((line, i) => {
    if (line.trim() === "") return;
    const where = `${path}:${i + 1}`;
    try {
      records.add(where, JSON.parse(line));
    } catch (thrown) {
      records.addBroken(where, notJson(thrown instanceof Error ? thrown.message : String(thrown)));
    }
  });
  if (records.records === 0) throw new AppError("import/metadata", `${path} is empty`);
  return records.table(path);
}
