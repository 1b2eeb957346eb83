import Papa from "papaparse";
import { withoutFormulaGuard } from "../../core/formats/csv";
import { AppError } from "../../core/errors";
import { brokenQuotes, NUL_IN_ROW, raggedRow, type Fault } from "./faults";
import { columnNames, holdsNul, type Cell, type MetadataTable } from "./metadataTable";
import { parseTextList } from "./textList";

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** After so many broken quotation marks the last one keeps what it swallowed: each costs a parse. */
const REOPENED_MAX = 20;

interface CsvOptions {
  /** `joined`: fields beyond the last column belong to it, delimiters and all (unquoted commas). */
  readonly surplus?: "broken" | "joined";
}

/**
 * A CSV file (RFC 4180; comma, semicolon, tab or bar) as a table. Values stay text: `00123` and
 * `1e5` are names here, not numbers. A row with too few or too many fields is broken, not fatal;
 * surplus fields that are all empty are ignored. A broken quotation mark costs the row it
 * is in. Line breaks inside a field become `\n`. In columns where every cell is a list of
 * texts, it is read as one.
 *
 * @param text without byte order mark.
 * @throws AppError `import/metadata` when there is no header.
 */
export function readCsv(
  path: string,
  text: string,
  { surplus = "broken" }: CsvOptions = {},
): MetadataTable {
  // One kind of line break makes line numbers exact and captions the same on every system.
  const input = text.replace(/\r\n?/g, "\n");
  const delimiter = guessDelimiter(input);
  const records = parseRecords(input, delimiter);
  const first = records.findIndex(({ cells }) => !isBlank(cells));
  const header = records[first];
  if (!header) throw new AppError("import/metadata", `${path} is empty`);
  const columns = columnNames(header.cells, path);
  const rows: { where: string; cells: Cell[] }[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  for (const { line, cells: read, fault: unreadable } of records.slice(first + 1)) {
    if (isBlank(read)) continue;
    const where = `${path}:${line}`;
    const cells = surplus === "joined" ? joinSurplus(read, columns.length, delimiter) : read;
    const fault = unreadable ?? faultOf(cells, columns.length);
    if (fault) broken.push({ where, fault });
    else rows.push({ where, cells: cells.slice(0, columns.length).map(withoutFormulaGuard) });
  }
  columns.forEach((_, place) => readLists(rows, place));
  return { path, columns, rows, broken };
}

/** The names in the first line that has any, trimmed and in lower case. */
export function csvHeader(text: string): string[] {
  const input = text.replace(/\r\n?/g, "\n").trimStart();
  const { data } = Papa.parse<string[]>(input, {
    delimiter: guessDelimiter(input),
    newline: "\n",
    preview: 1,
  });
  return (data[0] ?? []).map((name) => name.trim().toLowerCase());
}

/** The delimiter that cuts the header into the most names; captions below may hold any of them. */
export function guessDelimiter(text: string): string {
  const widths = DELIMITERS.map((delimiter) => {
    const { data } = Papa.parse<string[]>(text.trimStart(), {
      delimiter,
      newline: "\n",
      preview: 1,
    });
    return data[0]?.length ?? 0;
  });
  return DELIMITERS[widths.indexOf(Math.max(...widths))] ?? ",";
}

interface CsvRecord {
  /** The line it starts on: line breaks inside fields count. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault?: Fault;
}

function parseRecords(input: string, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let rest = input;
  let line = 1;
  for (let reopened = 0; ; reopened++) {
    const { data, errors } = Papa.parse<string[]>(rest, {
      delimiter,
      newline: "\n",
      skipEmptyLines: false,
    });
    const faults = new Map(errors.map(({ row = 0, message }) => [row, brokenQuotes(message)]));
    const isLast = reopened === REOPENED_MAX;
    const swallower = isLast ? -1 : data.findIndex((cells, i) => faults.has(i) && breaksOf(cells));
    let end = line;
    for (const [i, cells] of data.entries()) {
      const fault = faults.get(i);
      if (swallower < 0 || i <= swallower)
        records.push({ line: end, cells, ...(fault && { fault }) });
      end += 1 + breaksOf(cells);
    }
    const broken = swallower < 0 ? undefined : records.at(-1);
    if (!broken) return records;
    // A broken quotation mark swallowed what follows: go on with the line after the one it is in.
    rest = linesFromEnd(rest, end - broken.line - 1);
    if (rest === "") return records;
    line = broken.line + 1;
  }
}

const breaksOf = (cells: readonly string[]) =>
  cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);

/** The last `count` lines of a text. */
function linesFromEnd(text: string, count: number): string {
  let start = text.length;
  for (let i = 0; i < count; i++) start = text.lastIndexOf("\n", start - 1);
  return count <= 0 ? "" : text.slice(start + 1);
}

function joinSurplus(cells: readonly string[], columns: number, delimiter: string) {
  if (cells.length <= columns) return cells;
  return [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(delimiter)];
}

function faultOf(cells: readonly string[], columns: number): Fault | undefined {
  const isRagged = cells.length < columns || cells.slice(columns).some((cell) => cell !== "");
  if (isRagged) return raggedRow(cells.length, columns);
  return holdsNul(cells) ? NUL_IN_ROW : undefined;
}

function readLists(rows: readonly { cells: Cell[] }[], place: number): void {
  const lists: string[][] = [];
  for (const { cells } of rows) {
    const cell = cells[place] ?? "";
    const list = typeof cell !== "string" || cell.trim() === "" ? [] : parseTextList(cell);
    if (!list) return;
    lists.push(list);
  }
  if (!lists.some(({ length }) => length > 0)) return;
  rows.forEach(({ cells }, i) => {
    cells[place] = lists[i] ?? "";
  });
}

const isBlank = (cells: readonly string[]) => cells.length === 1 && cells[0]?.trim() === "";
