import { channelOf, isTimeName, timeUnitOf, type TimeUnit } from "../domain/sensor";
import type { Readings } from "./readings";
import { secondsOfDate } from "./secondsOfDate";

/** A value of a table: text of a CSV, anything of a Parquet file. */
export type ReadingCell = unknown;

type Kind = "channel" | "time" | "words" | "unused";

interface BuilderOptions {
  /** Rows to make room for. */
  readonly capacity: number;
  readonly hasHeader: boolean;
  /** `0,5` is a half. */
  readonly isDecimalComma: boolean;
}

const WORD_NAMES =
  /^(labels?|activity|activities|class|category|captions?|text|gestures?|events?|annotations?|descriptions?|target|recording|record|session|subject|participant|user|person|trial|group)(_?(id|name|no|nr))?$/i;
const INDEX_NAMES = /^(|unnamed:? ?0|index|idx|row|row_?id|sample|sample_?id|frame|column_1)$/i;

/** True of names that columns of labels or of recordings usually have. */
const isWordName = (header: string): boolean => WORD_NAMES.test(header.trim());

/** True of what a cell of a number holds; empty cells are none. */
export function isNumber(cell: string): boolean {
  const trimmed = cell.trim();
  return trimmed !== "" && Number.isFinite(Number(trimmed));
}

/** Collects rows into readings; what a column holds is decided by its name and its first rows. */
export class ReadingsBuilder {
  readonly #headers: readonly string[];
  readonly #kinds: readonly Kind[];
  readonly #options: BuilderOptions;
  readonly #values: readonly (Float32Array<ArrayBuffer> | null)[];
  readonly #words: readonly (string[] | null)[];
  readonly #times: Float64Array<ArrayBuffer> | null;
  readonly #lines: Uint32Array<ArrayBuffer>;
  readonly #broken = new Map<number, string>();
  readonly #notes: string[] = [];
  readonly #unit: TimeUnit;
  #count = 0;

  /** @param looked the first rows. */
  constructor(
    headers: readonly string[],
    looked: readonly (readonly ReadingCell[])[],
    options: BuilderOptions,
  ) {
    this.#headers = headers.map((header, i) => header || `column ${i + 1}`);
    this.#options = options;
    this.#kinds = kindsOf(headers, looked, options);
    const { capacity } = options;
    const room = (kind: Kind) => (kind === "channel" ? new Float32Array(capacity) : null);
    this.#values = this.#kinds.map(room);
    this.#words = this.#kinds.map((kind) => (kind === "words" ? [] : null));
    const time = this.#kinds.indexOf("time");
    this.#times = time < 0 ? null : new Float64Array(capacity);
    this.#lines = new Uint32Array(capacity);
    const first = looked.map((row) => secondsOf(row[time])).find((at) => !Number.isNaN(at));
    this.#unit = timeUnitOf(this.#headers[time] ?? "", first ?? 0);
    this.#note(time, looked);
  }

  /** @param line of the file, from 1. */
  add(cells: readonly ReadingCell[], line: number): void {
    const reading = this.#count++;
    const width = this.#headers.length;
    this.#lines[reading] = line;
    const surplus = cells.slice(width).some((cell) => String(cell).trim() !== "");
    const isWhole = cells.length >= width && !surplus;
    if (!isWhole) {
      const fields = cells.length === 1 ? "1 field" : `${cells.length} fields`;
      this.#broken.set(reading, `${fields} where there should be ${width}`);
    }
    this.#kinds.forEach((kind, i) => {
      if (kind === "words") this.#words[i]?.push(isWhole ? wordOf(cells[i]) : "");
      const values = this.#values[i];
      if (values) values[reading] = isWhole ? this.#numberOf(cells[i]) : NaN;
      if (kind === "time" && this.#times) this.#times[reading] = this.#timeOf(cells[i], isWhole);
    });
  }

  finish(): Readings {
    const count = this.#count;
    const words = this.#headers.flatMap((header, i): [string, readonly string[]][] => {
      const list = this.#words[i];
      return list ? [[header, list]] : [];
    });
    const values = this.#values.flatMap((list) => (list ? [list.subarray(0, count)] : []));
    const channels = this.#headers.filter((_, i) => this.#kinds[i] === "channel").map(channelOf);
    return {
      ...{ count, channels, values },
      ...(this.#times && { times: this.#times.subarray(0, count) }),
      words: new Map(words),
      lines: this.#lines.subarray(0, count),
      broken: this.#broken,
      notes: this.#notes,
    };
  }

  #numberOf(cell: ReadingCell): number {
    return numberOf(cell, this.#options.isDecimalComma);
  }

  #timeOf(cell: ReadingCell, isWhole: boolean): number {
    if (!isWhole) return NaN;
    const number = this.#numberOf(cell);
    return Number.isNaN(number) ? secondsOf(cell) : number * this.#unit.seconds;
  }

  #note(time: number, looked: readonly (readonly ReadingCell[])[]): void {
    const { hasHeader, isDecimalComma } = this.#options;
    if (!hasHeader) this.#notes.push("It has no header: its channels are numbered.");
    if (isDecimalComma) this.#notes.push("Its numbers are read with decimal commas.");
    const isCounted = looked.some((row) => !Number.isNaN(this.#numberOf(row[time])));
    if (time >= 0 && isCounted && this.#unit.isAssumed) {
      const column = this.#headers[time] ?? "";
      this.#notes.push(
        `Column “${column}” is taken to count ${this.#unit.words}; write its unit, such as ${column}_ms, if it is another.`,
      );
    }
    const unused = this.#headers.filter((_, i) => this.#kinds[i] === "unused");
    if (unused.length > 0) {
      this.#notes.push(
        `Not taken as channels (counters, other times, empty): ${unused.join(", ")}.`,
      );
    }
  }
}

/** A reading; NaN for what is no number. */
function numberOf(cell: ReadingCell, isDecimalComma: boolean): number {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell !== "string" || cell.trim() === "") return NaN;
  return Number(isDecimalComma ? cell.replace(",", ".") : cell);
}

/** Seconds of a number, or of a date with a time as text (ISO 8601); NaN of anything else. */
function secondsOf(cell: ReadingCell): number {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell !== "string") return NaN;
  if (isNumber(cell)) return Number(cell);
  return secondsOfDate(cell);
}

const wordOf = (cell: ReadingCell) =>
  cell === null || cell === undefined ? "" : String(cell).trim();

function kindsOf(
  headers: readonly string[],
  looked: readonly (readonly ReadingCell[])[],
  { isDecimalComma, hasHeader }: BuilderOptions,
): Kind[] {
  let hasTime = false;
  return headers.map((header, i): Kind => {
    const cells = looked.map((row) => row[i]).filter((cell) => wordOf(cell) !== "");
    const numbers = cells.map((cell) => numberOf(cell, isDecimalComma));
    const isTime = hasHeader && isTimeName(header);
    if (
      isTime &&
      cells.length > 0 &&
      cells.every((cell) => !Number.isNaN(timeLike(cell, isDecimalComma)))
    ) {
      if (hasTime) return "unused";
      hasTime = true;
      return "time";
    }
    if (hasHeader && isWordName(header)) return "words";
    if (cells.length === 0) return "unused";
    const readable = numbers.filter((value) => !Number.isNaN(value)).length;
    // Half: sensors that were off for a while leave gaps, words are never numbers.
    if (readable < cells.length / 2) return cells.every(isMissing) ? "unused" : "words";
    const counts = numbers.every((value, n) => n === 0 || value === (numbers[n - 1] ?? 0) + 1);
    return hasHeader && INDEX_NAMES.test(header.trim()) && counts && numbers.length > 1
      ? "unused"
      : "channel";
  });
}

function timeLike(cell: ReadingCell, isDecimalComma: boolean): number {
  const number = numberOf(cell, isDecimalComma);
  return Number.isNaN(number) ? secondsOf(cell) : number;
}

const isMissing = (cell: ReadingCell) => /^(nan|na|n\/a|null|none|-)$/i.test(wordOf(cell));
