import type { SensorChannel } from "../domain/sensor";
import { AppError } from "../errors";
import { isNumber, ReadingsBuilder } from "./readingsBuilder";

/** Readings over time, as a table of a recording or of one window holds them. */
export interface Readings {
  readonly count: number;
  readonly channels: readonly SensorChannel[];
  /** [channels] of [count]; NaN where a cell is empty, no number, or its row is broken. */
  readonly values: readonly Float32Array<ArrayBuffer>[];
  /** [count] seconds since the first reading's clock began; absent without a column of times. */
  readonly times?: Float64Array;
  /** Columns of words, and those whose names say that they hold labels or recordings, by header. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** [count] the line of the file each reading stands on, from 1. */
  readonly lines: Uint32Array;
  /** Rows that are not as wide as the header, by reading: what is wrong, in words. */
  readonly broken: ReadonlyMap<number, string>;
  /** What was assumed, or left out, as sentences. */
  readonly notes: readonly string[];
}

const DELIMITERS = ["\t", ";", "|", ","] as const;
const LINES_LOOKED_AT = 20;

/** Rows that decide what a column holds. */
export const ROWS_LOOKED_AT = 200;

/**
 * Reads a table of readings: one row per moment, one column per channel. Comma, semicolon, tab, bar
 * or spaces; decimal points, or decimal commas where fields are not divided by commas; with or
 * without a header (then the channels are `channel 1`, …); lines that begin with # before the
 * header are skipped. Written for a million rows: cells that are numbers never become texts to keep.
 *
 * @param name of the file, for messages.
 * @throws AppError `import/metadata` when there is nothing in it.
 */
export function readReadings(text: string, name: string): Readings {
  const input = text.includes("\n") ? text : text.replaceAll("\r", "\n");
  const start = firstLine(input);
  const head = linesFrom(input, start.at, LINES_LOOKED_AT);
  const [first] = head;
  if (first === undefined) throw new AppError("import/metadata", `${name} is empty`);
  const split = splitter(delimiterOf(head));
  const cells = split(first).map((cell) => cell.trim());
  const hasHeader = !cells.every((cell) => cell === "" || isNumber(cell.replace(",", ".")));
  const header = hasHeader ? cells : cells.map((_, i) => `channel ${i + 1}`);
  const looked = linesFrom(input, start.at, ROWS_LOOKED_AT).slice(hasHeader ? 1 : 0);
  const builder = new ReadingsBuilder(header, looked.map(split), {
    capacity: countBreaks(input, start.at) + 1,
    hasHeader,
    isDecimalComma: delimiterOf(head) !== "," && looked.some((line) => /\d,\d/.test(line)),
  });
  let line = start.line;
  for (let at = start.at; at < input.length; line++) {
    const end = breakAfter(input, at);
    const isData = !hasHeader || line > start.line;
    const content =
      input.charCodeAt(end - 1) === 13 ? input.slice(at, end - 1) : input.slice(at, end);
    if (isData && content.trim() !== "") builder.add(split(content), line);
    at = end + 1;
  }
  return builder.finish();
}

/** Past byte order, blank lines and comments. */
function firstLine(input: string): { at: number; line: number } {
  let line = 1;
  for (let at = 0; at < input.length; line++) {
    const end = breakAfter(input, at);
    const content = input.slice(at, end).trim();
    if (content !== "" && !/^[#%]/.test(content)) return { at, line };
    at = end + 1;
  }
  return { at: input.length, line };
}

function linesFrom(input: string, start: number, most: number): string[] {
  const lines: string[] = [];
  for (let at = start; at < input.length && lines.length < most;) {
    const end = breakAfter(input, at);
    const content = input.slice(at, end).replace(/\r$/, "");
    if (content.trim() !== "") lines.push(content);
    at = end + 1;
  }
  return lines;
}

function breakAfter(input: string, at: number): number {
  const end = input.indexOf("\n", at);
  return end < 0 ? input.length : end;
}

function countBreaks(input: string, start: number): number {
  let breaks = 0;
  for (let at = input.indexOf("\n", start); at >= 0; at = input.indexOf("\n", at + 1)) breaks++;
  return breaks;
}

/**
 * The delimiter that cuts every line into as many fields; of several the one that numbers cannot
 * hold, so that `0,1;0,2` is two numbers. Spaces where no other does.
 */
function delimiterOf(lines: readonly string[]): string {
  const widthsBy = (delimiter: string) => lines.map((line) => splitter(delimiter)(line).length);
  const divides = (delimiter: string) => widthsBy(delimiter).every((width) => width > 1);
  const isEven = (delimiter: string) => new Set(widthsBy(delimiter)).size === 1;
  const dividing = DELIMITERS.filter(divides);
  const found = dividing.find(isEven) ?? dividing[0];
  if (found) return found;
  const isSpaced = lines.some((line) => line.trim().split(/\s+/).filter(isNumber).length > 1);
  return isSpaced ? " " : ",";
}

function splitter(delimiter: string): (line: string) => string[] {
  if (delimiter === " ") return (line) => line.trim().split(/\s+/);
  return (line) => (line.includes('"') ? splitQuoted(line, delimiter) : line.split(delimiter));
}

/** RFC 4180 within a line; a quotation mark that stays open takes the rest of the line. */
function splitQuoted(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isOpen = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? "";
    if (char === '"' && isOpen && line[i + 1] === '"') cell += line[++i] ?? "";
    else if (char === '"') isOpen = !isOpen;
    else if (char === delimiter && !isOpen) {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  return [...cells, cell];
}
