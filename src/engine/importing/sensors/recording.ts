import { isTimeName, rateOf, type Rate } from "../../../core/domain/sensor";
import { readReadings, ROWS_LOOKED_AT, type Readings } from "../../../core/formats/readings";
import { ReadingsBuilder } from "../../../core/formats/readingsBuilder";
import { AppError } from "../../../core/errors";
import { ParquetFile } from "../parquetFile";
import { readText } from "../readText";
import type { SourceEntry } from "../sourceEntry";

/** A long recording: readings over time, and words beside them. */
export interface Recording {
  readonly path: string;
  readonly readings: Readings;
  readonly rate?: Rate;
  readonly warnings: readonly string[];
}

/** Of all recordings together, over all channels: 256 MB of float32. */
const VALUES_MAX = 2 ** 26;

/**
 * Reads recordings, CSV or Parquet, one after the other.
 *
 * @throws AppError `import/metadata` for unreadable files, and for more than fits in memory.
 */
export async function readRecording(entry: SourceEntry, signal: AbortSignal): Promise<Recording> {
  const { path } = entry;
  const isParquet = /\.parquet$/i.test(path);
  const read = isParquet
    ? { readings: await parquetReadings(entry, signal), warnings: [] }
    : await textReadings(entry, signal);
  const { readings } = read;
  if (readings.count * readings.channels.length > VALUES_MAX) {
    const detail = `${path}: more than ${VALUES_MAX.toLocaleString("en")} numbers; divide it into several projects`;
    throw new AppError("import/metadata", detail);
  }
  const rate = readings.times && rateOf(readings.times);
  return { path, readings, warnings: read.warnings, ...(rate && { rate }) };
}

async function textReadings(entry: SourceEntry, signal: AbortSignal) {
  const { text, warning } = await readText(entry, signal);
  return { readings: readReadings(text, entry.path), warnings: warning ? [warning] : [] };
}

async function parquetReadings(entry: SourceEntry, signal: AbortSignal): Promise<Readings> {
  const file = await ParquetFile.open(entry, signal);
  const plain = file.columns.filter(({ children, element }) => {
    return children.length === 0 && element.repetition_type !== "REPEATED";
  });
  const headers = plain.map(({ element }) => element.name);
  let builder: ReadingsBuilder | undefined;
  for (const group of file.groups) {
    signal.throwIfAborted();
    const records = await file.readGroup(group, ([name = ""]) => headers.includes(name));
    const rows = records.map((record) => headers.map((header) => cellOf(record[header])));
    builder ??= new ReadingsBuilder(headers, rows.slice(0, ROWS_LOOKED_AT), {
      ...{ capacity: file.rows, hasHeader: true, isDecimalComma: false },
    });
    rows.forEach((row, i) => builder?.add(row, group.start + i + 1));
  }
  if (!builder) throw new AppError("import/metadata", `${entry.path} is empty`);
  return builder.finish();
}

/** Texts without a declared type come as bytes. */
function cellOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return value instanceof Date ? value.toISOString() : value;
}

/** What the first rows of a table look like. */
export interface RecordingLook {
  readonly channels: number;
  readonly hasTime: boolean;
  /** Columns of words, by header. */
  readonly words: readonly string[];
  /** Whether one of them has the same few words again and again, as labels do. */
  readonly isLabelled: boolean;
  readonly rows: number;
}

/** Whether a table may be a recording, from the beginning of its text. */
export function lookAtRecording(head: string, name: string): RecordingLook | null {
  try {
    // The last line may be cut off.
    const whole = head.lastIndexOf("\n") > 0 ? head.slice(0, head.lastIndexOf("\n")) : head;
    const { channels, times, words, count } = readReadings(whole, name);
    const isLabelled = [...words.values()].some((list) => new Set(list).size <= count / 4);
    return {
      ...{ channels: channels.length, rows: count, isLabelled },
      ...{ hasTime: times !== undefined, words: [...words.keys()] },
    };
  } catch (thrown) {
    if (AppError.from(thrown).code === "import/metadata") return null;
    throw thrown;
  }
}

/** Whether a Parquet file may be a recording, from its columns. */
export async function lookAtParquet(
  entry: SourceEntry,
  signal: AbortSignal,
): Promise<RecordingLook | null> {
  try {
    const file = await ParquetFile.open(entry, signal);
    const plain = file.columns.filter(({ children }) => children.length === 0);
    const isText = ({ element }: (typeof plain)[number]) => element.type === "BYTE_ARRAY";
    const isNumber = ({ element }: (typeof plain)[number]) =>
      ["FLOAT", "DOUBLE", "INT32", "INT64"].includes(element.type ?? "");
    const names = plain.map(({ element }) => element.name);
    return {
      channels: plain.filter((column) => isNumber(column) && !isTimeName(column.element.name))
        .length,
      hasTime: names.some(isTimeName),
      words: plain.filter(isText).map(({ element }) => element.name),
      isLabelled: plain.some(isText),
      rows: file.rows,
    };
  } catch (thrown) {
    signal.throwIfAborted();
    if (AppError.from(thrown).code === "import/metadata") return null;
    throw thrown;
  }
}
