import { AppError } from "../../core/errors";
import type { Fault } from "./faults";
import { COLUMNS_MAX } from "./limits";

/** One value of the metadata; JSONL may hold a list. Never anything but text. */
export type Cell = string | readonly string[];

/** One record: its place as an editor shows it, and its cells in column order. */
export interface MetadataRow {
  /** `metadata.csv:17`: the line the record starts on. */
  readonly where: string;
  readonly cells: readonly Cell[];
}

/** One metadata file. `rows` and `broken` together are all its records. */
export interface MetadataTable {
  /** The metadata file; names in its rows are relative to the folder it is in. */
  readonly path: string;
  /** Its layout lets names stand for files in any folder: finding one elsewhere is no doubt. */
  readonly anywhere?: true;
  readonly columns: readonly string[];
  readonly rows: readonly MetadataRow[];
  readonly broken: readonly { readonly where: string; readonly fault: Fault }[];
  /** Doubts about rows that are used all the same. */
  readonly flagged?: readonly { readonly where: string; readonly fault: Fault }[];
}

/**
 * Header names, trimmed; an empty one becomes `column_3`, a repeated one `text_2`.
 *
 * @throws AppError `import/metadata` for more than `COLUMNS_MAX` columns.
 */
export function columnNames(header: readonly string[], path: string): string[] {
  if (header.length > COLUMNS_MAX) {
    throw new AppError("import/metadata", `${path}: more than ${COLUMNS_MAX} columns`);
  }
  const taken = new Set<string>();
  return header.map((cell, i) => {
    const name = cell.trim().normalize("NFC") || `column_${i + 1}`;
    let unique = name;
    for (let count = 2; taken.has(unique); count++) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

/** True when any text of the row holds a NUL, which no text file should. */
export function holdsNul(cells: readonly Cell[]): boolean {
  return cells.flat().some((text) => text.includes("\0"));
}
