import { secondsOfDate } from "../../../core/formats/secondsOfDate";
import { basenameOf } from "../../../core/domain/pathResolver";
import { stemOf } from "../../../core/domain/mediaNames";
import { channelOf, timeUnitOf, WINDOW_READINGS_MIN } from "../../../core/domain/sensor";
import type { Fault } from "../faults";
import type { Cell, MetadataRow, MetadataTable } from "../metadataTable";
import { cellReader, textOf } from "../roles";
import type { SourceEntry } from "../sourceEntry";
import { spanEntry, spanFault, spanName, type Span } from "./cutWindows";
import { WINDOW_COLUMNS, type CutRecording } from "./labelledWindows";
import type { Recording } from "./recording";
import { badEvent, noRecording, tooFewReadings, unevenSteps } from "./sensorFaults";

const START =
  /^(start|begin|beginning|onset|from|t_?start|t0)(_?(time|timestamp|at|s|sec|ms|us|ns))*$/;
const END =
  /^(end|stop|offset|finish|to|until|t_?end|t_?stop|t1)(_?(time|timestamp|at|s|sec|ms|us|ns))*$/;
const DURATION = /^(duration|length)(_?(s|sec|ms|us|ns))?$/;
const RECORDING = /^(recording|record|file|file_?name|filename|path|session|source)$/;

/** Which columns of a table of events say where each event lies. */
export interface EventColumns {
  readonly start: string;
  readonly end?: string;
  readonly duration?: string;
  readonly recording?: string;
}

/** The columns of a table of events, or null: without a start it is none. */
export function eventColumnsOf(columns: readonly string[]): EventColumns | null {
  const named = (pattern: RegExp) =>
    columns.find((column) => {
      const { name } = channelOf(column);
      return pattern.test(name.toLowerCase().replaceAll(/[\s-]+/g, "_"));
    });
  const [start, end, duration, recording] = [START, END, DURATION, RECORDING].map(named);
  if (start === undefined) return null;
  return {
    start,
    ...(end !== undefined && { end }),
    ...(duration !== undefined && { duration }),
    ...(recording !== undefined && { recording }),
  };
}

interface EventOptions {
  readonly recordings: readonly Recording[];
  readonly columns: EventColumns;
  /** Readings of a window whose event has no end. */
  readonly readings: number;
}

/** One window per event; events that lie in no recording are broken rows. */
export function cutEvents(table: MetadataTable, options: EventOptions): CutRecording {
  const read = cellReader(table);
  const clock = clockOf(table, options);
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [...table.broken];
  const entries = new Map<string, SourceEntry>();
  for (const row of table.rows) {
    const found = spanOfEvent((column) => textOf(read(row, column)), options, clock);
    if ("fault" in found) {
      broken.push({ where: row.where, fault: found.fault });
      continue;
    }
    const name = spanName(found.recording, found.span);
    if (!entries.has(name)) entries.set(name, spanEntry(found.recording, found.span));
    const cells: Cell[] = [name, found.recording.path, ...row.cells];
    rows.push({ where: row.where, cells });
  }
  const names = [WINDOW_COLUMNS.window, WINDOW_COLUMNS.recording];
  const own = names.map((name) => (table.columns.includes(name) ? `${name} (found)` : name));
  const flagged = options.recordings.flatMap(({ path, rate, readings }) => {
    if (!rate || rate.uneven === 0) return [];
    const line = readings.lines[rate.firstUneven] ?? 0;
    return [{ where: path, fault: unevenSteps(rate.uneven, line) }];
  });
  return {
    table: {
      path: table.path,
      anywhere: true,
      columns: [...own, ...table.columns],
      ...{ rows, broken, flagged },
    },
    entries: [...entries.values()],
  };
}

/** How times of events become times of recordings. */
interface Clock {
  /** Seconds per unit of the events' columns, by column. */
  readonly scaleOf: (column: string) => number;
}

function clockOf(table: MetadataTable, { columns, recordings }: EventOptions): Clock {
  const read = cellReader(table);
  const first = table.rows
    .map((row) => Number(textOf(read(row, columns.start))))
    .find(Number.isFinite);
  const hasTime = recordings.some(({ readings }) => readings.times !== undefined);
  return {
    scaleOf: (column) => (hasTime ? timeUnitOf(column, first ?? 0).seconds : 1),
  };
}

type Found = { recording: Recording; span: Span } | { fault: Fault };

function spanOfEvent(
  cell: (column: string) => string,
  { recordings, columns, readings }: EventOptions,
  { scaleOf }: Clock,
): Found {
  const recording = recordingOf(columns.recording ? cell(columns.recording) : "", recordings);
  if ("fault" in recording) return recording;
  const at = (column: string | undefined) => {
    const text = column === undefined ? "" : cell(column);
    return text === "" ? undefined : numberOf(text) * scaleOf(column ?? "");
  };
  const start = at(columns.start);
  const duration = at(columns.duration);
  const end =
    at(columns.end) ??
    (start !== undefined && duration !== undefined ? start + duration : undefined);
  if (start === undefined || Number.isNaN(start)) {
    return { fault: badEvent(`${columns.start} is “${cell(columns.start)}”, not a time`) };
  }
  if (end !== undefined && !(end > start)) {
    return {
      fault: badEvent(
        `it ends at “${cell(columns.end ?? columns.duration ?? "")}”, not after its start`,
      ),
    };
  }
  const span = spanAt(recording, { start, end, readings });
  if (!span) {
    return { fault: badEvent(`from ${cell(columns.start)} it is not within ${recording.path}`) };
  }
  if (span.to - span.from < WINDOW_READINGS_MIN) {
    return { fault: tooFewReadings(span.to - span.from) };
  }
  const fault = spanFault(recording, span);
  return fault
    ? { fault: { ...fault, reason: `${recording.path}, ${fault.reason}` } }
    : { recording, span };
}

function recordingOf(name: string, recordings: readonly Recording[]): Recording | { fault: Fault } {
  const [only] = recordings;
  if (only && recordings.length === 1) return only;
  const wanted = basenameOf(name.replaceAll("\\", "/")).toLowerCase();
  const paths = recordings.map(({ path }) => path);
  const isNamed = ({ path }: Recording) => {
    const base = basenameOf(path).toLowerCase();
    return base === wanted || stemOf(base) === wanted;
  };
  const exact = recordings.find(({ path }) => path === name);
  const found = exact ?? recordings.find(isNamed);
  return found ?? { fault: noRecording(name, paths) };
}

interface EventTimes {
  readonly start: number;
  readonly end: number | undefined;
  readonly readings: number;
}

/**
 * The readings of an event: by time where the recording has one, else by number, from 0. An event in
 * small numbers of a recording in clock time counts from the recording's start.
 */
function spanAt({ readings }: Recording, event: EventTimes): Span | undefined {
  const { times, count } = readings;
  if (!times) {
    const from = Math.round(event.start);
    return within(
      { from, to: event.end === undefined ? from + event.readings : Math.round(event.end) },
      count,
    );
  }
  const origin = times[0] ?? 0;
  const offset = origin > 1e8 && event.start < 1e8 ? origin : 0;
  // Half a millionth: 0.1 + 0.2 written by two programs must be the same reading.
  const from = firstFrom(times, event.start + offset - 5e-7);
  const to =
    event.end === undefined ? from + event.readings : firstFrom(times, event.end + offset - 5e-7);
  const last = times[count - 1] ?? origin;
  const step = (last - origin) / Math.max(1, count - 1);
  const isBefore = event.start + offset < origin - 5e-7;
  const isAfter = event.end !== undefined && event.end + offset > last + step + 5e-7;
  return isBefore || isAfter ? undefined : within({ from, to }, count);
}

const within = (span: Span, count: number) =>
  span.from >= 0 && span.to <= count && span.from < span.to ? span : undefined;

/** The first reading at or after a time, by bisection. */
function firstFrom(times: Float64Array, seconds: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function numberOf(text: string): number {
  const number = Number(text.replace(",", "."));
  if (!Number.isNaN(number)) return number;
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  return secondsOfDate(text);
}
