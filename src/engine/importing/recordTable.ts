import { NOT_AN_OBJECT, NUL_IN_ROW, type Fault } from "./faults";
import {
  columnNames,
  holdsNul,
  type Cell,
  type MetadataRow,
  type MetadataTable,
} from "./metadataTable";

/**
 * Collects JSON records into a table, columns in order of first appearance. A list of texts stays a
 * list; anything nested becomes its JSON text. Keys live in a Map, so that `__proto__` is a column
 * like any other.
 */
export class RecordTable {
  readonly #places = new Map<string, number>();
  readonly #rows: MetadataRow[] = [];
  readonly #broken: { where: string; fault: Fault }[] = [];

  get records(): number {
    return this.#rows.length + this.#broken.length;
  }

  /** Takes a record, or what stands in its place, as a broken row. */
  add(where: string, value: unknown, notARecord: Fault = NOT_AN_OBJECT): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.addBroken(where, notARecord);
      return;
    }
    const cells: Cell[] = [];
    for (const [key, field] of Object.entries(value)) {
      const place = this.#places.get(key) ?? this.#places.size;
      this.#places.set(key, place);
      while (cells.length < place) cells.push("");
      cells[place] = cellOf(field);
    }
    if (holdsNul(cells)) this.addBroken(where, NUL_IN_ROW);
    else this.#rows.push({ where, cells });
  }

  addBroken(where: string, fault: Fault): void {
    this.#broken.push({ where, fault });
  }

  /** @throws AppError `import/metadata` for more than `COLUMNS_MAX` columns. */
  table(path: string): MetadataTable {
    const columns = columnNames([...this.#places.keys()], path);
    return { path, columns, rows: this.#rows, broken: this.#broken };
  }
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value;
  return JSON.stringify(value);
}
