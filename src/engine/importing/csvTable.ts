import Papa from "papaparse";
import { withoutFormulaGuard } from "../../core/formats/csv";
import { AppError } from "../../core/errors";
import { brokenQuotes, NUL_IN_ROW, raggedRow, type Fault } from "./faults";
import { columnNames, holdsNul, type MetadataRow, type MetadataTable } from "./metadataTable";

const DELIMITERS = [",", ";", "\t", "|"] as const;

/**
 * A CSV file (RFC 4180; comma, semicolon, tab or bar) as a table. Values stay text: `00123` and
 * `1e5` are names here, not numbers. A row with too few or too many fields is broken, not fatal;
 * surplus fields that are all empty are ignored. Line breaks inside a field become `\n`.
 *
 * @param text without byte order mark.
 * @throws AppError `import/metadata` when there is no header.
 */
export function readCsv(path: string, text: string): MetadataTable {
  // One kind of line break makes line numbers exact and captions the same on every system.
  const input = text.replace(/\r\n?/g, "\n");
  const { data, errors } = Papa.parse<string[]>(input, {
    delimiter: guessDelimiter(input),
    newline: "\n",
    skipEmptyLines: false,
  });
  const faults = new Map(errors.map(({ row = 0, message }) => [row, brokenQuotes(message)]));
  const numbered = withLines(data);
  const first = numbered.findIndex(({ cells }) => !isBlank(cells));
  const header = numbered[first];
  if (!header) throw new AppError("import/metadata", `${path} is empty`);
  const columns = columnNames(header.cells, path);
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  numbered.forEach(({ line, cells }, i) => {
    if (i <= first || isBlank(cells)) return;
    const where = `${path}:${line}`;
    const fault = faults.get(i) ?? faultOf(cells, columns.length);
    if (fault) broken.push({ where, fault });
    else rows.push({ where, cells: cells.slice(0, columns.length).map(withoutFormulaGuard) });
  });
  return { path, columns, rows, broken };
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

function faultOf(cells: readonly string[], columns: number): Fault | undefined {
  const isRagged = cells.length < columns || cells.slice(columns).some((cell) => cell !== "");
  if (isRagged) return raggedRow(cells.length, columns);
  return holdsNul(cells) ? NUL_IN_ROW : undefined;
}

/** The line each record starts on: line breaks inside fields count. */
function withLines(data: readonly string[][]): { line: number; cells: readonly string[] }[] {
  let line = 1;
  return data.map((cells) => {
    const start = line;
    line += 1 + cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
    return { line: start, cells };
  });
}

const isBlank = (cells: readonly string[]) => cells.length === 1 && cells[0]?.trim() === "";
