/** One value of a table. Missing and non-finite values are written as empty cells. */
export type CsvCell = string | number | boolean | null | undefined;

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** What a spreadsheet may take for a formula, and the same behind quotes we or others put there. */
const LIKE_A_FORMULA = /^'*[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** How a table is written. */
export interface CsvOptions {
  /** Text exactly as it is, without the guard: for programs, not for spreadsheets. */
  readonly isRaw?: boolean;
}

/**
 * A table as RFC 4180 CSV: comma, double quotes where needed, CRLF after every row.
 *
 * Text that a spreadsheet would run as a formula gets a leading `'` (`withoutFormulaGuard` takes
 * it away again); plain numbers never do, so that `-5` stays a number.
 */
export function toCsv(
  rows: readonly (readonly CsvCell[])[],
  { isRaw = false }: CsvOptions = {},
): string {
  return rows.map((row) => `${lineOf(row, isRaw)}\r\n`).join("");
}

/** The text a guarded cell stood for; other text unchanged. */
export function withoutFormulaGuard(cell: string): string {
  return cell.startsWith("'") && LIKE_A_FORMULA.test(cell) ? cell.slice(1) : cell;
}

function lineOf(row: readonly CsvCell[], isRaw: boolean): string {
  const line = row.map((cell) => cellOf(cell, isRaw)).join(",");
  // A row of one empty cell would otherwise read as no row at all.
  return line === "" && row.length === 1 ? '""' : line;
}

function cellOf(value: CsvCell, isRaw: boolean): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return String(value);
  const isGuarded = !isRaw && LIKE_A_FORMULA.test(value) && !PLAIN_NUMBER.test(value);
  const guarded = isGuarded ? `'${value}` : value;
  return NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
