import { AppError } from "../../core/errors";
import { NOT_AN_OBJECT, notJson, NUL_IN_ROW, type Fault } from "./faults";
import {
  columnNames,
  holdsNul,
  type Cell,
  type MetadataRow,
  type MetadataTable,
} from "./metadataTable";

/**
 * A JSON Lines file as a table: one object per line, columns in order of first appearance. A list
 * of texts stays a list; anything nested becomes its JSON text. Keys live in a Map, so that
 * `__proto__` is a column like any other.
 *
 * @param text without byte order mark.
 * @throws AppError `import/metadata` when there is no record.
 */
export function readJsonl(path: string, text: string): MetadataTable {
  const places = new Map<string, number>();
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  text.split(/\r\n?|\n/).forEach((line, i) => {
    if (line.trim() === "") return;
    const where = `${path}:${i + 1}`;
    const record = parseRecord(line);
    if ("fault" in record) broken.push({ where, fault: record.fault });
    else rows.push({ where, cells: cellsOf(record.fields, places) });
  });
  if (rows.length + broken.length === 0) throw new AppError("import/metadata", `${path} is empty`);
  const columns = columnNames([...places.keys()], path);
  return { path, columns, rows, broken };
}

function parseRecord(line: string): { fields: [string, Cell][] } | { fault: Fault } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (thrown) {
    return { fault: notJson(thrown instanceof Error ? thrown.message : String(thrown)) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: NOT_AN_OBJECT };
  }
  const fields = Object.entries(value).map(([key, field]): [string, Cell] => [key, cellOf(field)]);
  return holdsNul(fields.map(([, cell]) => cell)) ? { fault: NUL_IN_ROW } : { fields };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value;
  return JSON.stringify(value);
}

function cellsOf(fields: readonly [string, Cell][], places: Map<string, number>): Cell[] {
  const cells: Cell[] = [];
  for (const [key, cell] of fields) {
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    while (cells.length < place) cells.push("");
    cells[place] = cell;
  }
  return cells;
}
