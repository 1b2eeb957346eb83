import type { WindowCut } from "../../../core/domain/dataset";
import type { SensorSettings } from "../../../core/domain/importFormat";
import { channelWords, isSameChannels, type SensorLayout } from "../../../core/domain/sensor";
import { AppError } from "../../../core/errors";
import { csvHeader } from "../csvTable";
import { count } from "../faults";
import type { OpenedSource } from "../openSource";
import { readTables } from "../readTables";
import { cutEvents, eventColumnsOf } from "../sensors/eventWindows";
import {
  cutLabelled,
  labelColumnOf,
  WINDOW_COLUMNS,
  type CutRecording,
} from "../sensors/labelledWindows";
import {
  lookAtParquet,
  lookAtRecording,
  readRecording,
  type Recording,
} from "../sensors/recording";
import { groupColumnOf, groupedBy } from "../sensors/sensorTables";
import { isAccompanyingText, type SourceEntry } from "../sourceEntry";
import type { DataFormat, Metadata, ReadOptions } from "./dataFormat";
import { peek } from "./peek";

const NAME = /\.(csv|tsv|txt|dat|parquet)$/i;
const FILES_LOOKED_AT = 200;
/** Fewer rows than this are no recording to cut; a table of captions may have a number in it. */
const ROWS_MIN = 16;
const WINDOW_SECONDS = 2;
const WINDOW_READINGS = 128; // of recordings without time; 2.56 s at the 50 Hz of most phones

/** Recordings over time with a table of events, or with a column that labels every reading. */
export const sensorRecording: DataFormat = {
  id: "sensor-recording",
  async recognise(source, signal) {
    const { recordings, events } = await sortOut(source, signal);
    const [first] = recordings;
    if (!first) return null;
    const words =
      recordings.length === 1 ? first.entry.path : count(recordings.length, "recording");
    const isLabelled = recordings.some((each) => each.isLabelled);
    const summary = `Sensor recordings: ${words}${events.length > 0 ? ` with ${events.map(({ path }) => path).join(", ")}` : ""}`;
    const hasTime = recordings.every((each) => each.hasTime);
    if (events.length > 0) return { score: 0.94, summary };
    if (isLabelled) return { score: hasTime ? 0.9 : 0.4, summary };
    // Nothing says what happens in them: reading says what is missing.
    return { score: hasTime ? 0.3 : 0.15, summary };
  },
  async read(source, options) {
    const found = await sortOut(source, options.signal);
    if (found.recordings.length === 0) {
      throw new AppError("import/unrecognised", "no CSV or Parquet with readings over time");
    }
    const read: Recording[] = [];
    const total = found.recordings.length;
    for (const [i, { entry }] of found.recordings.entries()) {
      read.push(await readRecording(entry, options.signal));
      options.report({ stage: "read", done: i + 1, total, unit: "items" });
    }
    return metadataOf(source, read, found.events, options);
  },
};

interface Looked {
  readonly entry: SourceEntry;
  readonly hasTime: boolean;
  readonly isLabelled: boolean;
}

/** Which files are recordings and which are tables of events, from their beginnings. */
async function sortOut({ entries }: OpenedSource, signal: AbortSignal) {
  const recordings: Looked[] = [];
  const events: SourceEntry[] = [];
  const files = entries.filter(({ path }) => NAME.test(path) && !isAccompanyingText(path));
  for (const entry of files.slice(0, FILES_LOOKED_AT)) {
    const isParquet = /\.parquet$/i.test(entry.path);
    const head = isParquet ? "" : (await peek(entry, signal)).head;
    if (!isParquet && isEvents(head)) {
      events.push(entry);
      continue;
    }
    const look = isParquet ? await lookAtParquet(entry, signal) : lookAtRecording(head, entry.path);
    if (!look || look.channels === 0 || look.rows < ROWS_MIN) continue;
    // More words than numbers and no time: a table about something else.
    if (!look.hasTime && look.words.length > look.channels) continue;
    recordings.push({ entry, ...look });
  }
  // What was not looked at is taken for more of the same.
  const more = recordings.length > 0 ? files.slice(FILES_LOOKED_AT) : [];
  const rest = more.map((entry) => ({ entry, hasTime: true, isLabelled: false }));
  return { recordings: [...recordings, ...rest], events };
}

function isEvents(head: string): boolean {
  const columns = eventColumnsOf(csvHeader(head));
  return (
    columns !== null &&
    (columns.end !== undefined || columns.duration !== undefined || columns.recording !== undefined)
  );
}

async function metadataOf(
  source: OpenedSource,
  read: readonly Recording[],
  events: readonly SourceEntry[],
  options: ReadOptions,
): Promise<Metadata> {
  const { kept, layout, warnings } = commonChannels(read);
  const cut = cutOf(layout.rateHz, options.settings.sensor);
  const parts =
    events.length > 0 ? await cutByEvents(kept, events, cut, options) : cutByLabels(kept, cut);
  const columns = [...new Set(parts.flatMap(({ table }) => table.columns))];
  const windows = parts.reduce(
    (sum, { table }) => sum + table.rows.length + table.broken.length,
    0,
  );
  const used = new Set([...read.map(({ path }) => path), ...events.map(({ path }) => path)]);
  const rate = layout.rateHz === undefined ? "" : ` at ${layout.rateHz.toLocaleString("en")} Hz`;
  return {
    tables: parts.map(({ table }) => table),
    columns,
    roles: rolesOf(parts),
    entries: [...source.entries, ...parts.flatMap(({ entries }) => entries)],
    metadataPaths: used,
    media: "sensor",
    summary: `${count(kept.length, "recording")} of ${count(layout.channels.length, "channel")} (${channelWords(layout.channels)})${rate}: ${count(windows, "window")}`,
    warnings: [
      ...warnings,
      ...read.flatMap((recording) => [
        ...recording.warnings,
        ...recording.readings.notes.map((note) => `${recording.path}: ${note}`),
      ]),
      ...aloneWarning(parts),
    ],
    sensor: { ...layout, cut },
  };
}

/** Recordings with the channels most have; the others are named. */
function commonChannels(read: readonly Recording[]) {
  const namesOf = ({ readings }: Recording) => readings.channels.map(({ name }) => name).join("\0");
  const groups = [...groupedBy(read, namesOf).values()].sort((a, b) => b.length - a.length);
  const kept = groups[0] ?? [];
  const channels = kept[0]?.readings.channels ?? [];
  const others = read.filter(({ readings }) => !isSameChannels(readings.channels, channels));
  const rates = kept.flatMap(({ rate }) => (rate ? [rate.hz] : [])).sort((a, b) => a - b);
  const rateHz = rates[rates.length >> 1];
  const layout: SensorLayout = { channels, ...(rateHz !== undefined && { rateHz }) };
  const warnings = others.map(({ path, readings }) => {
    return `Not used: ${path} has other channels (${channelWords(readings.channels)}) than most (${channelWords(channels)}).`;
  });
  return { kept, layout, warnings };
}

/** Windows of two seconds, half of each in the next, unless told otherwise. */
function cutOf(rateHz: number | undefined, settings: SensorSettings = {}): WindowCut {
  const usual = rateHz === undefined ? WINDOW_READINGS : Math.round(rateHz * WINDOW_SECONDS);
  const readings = settings.readings ?? Math.max(ROWS_MIN, usual);
  return { readings, hop: Math.max(1, settings.hop ?? Math.round(readings / 2)) };
}

function cutByLabels(recordings: readonly Recording[], cut: WindowCut): CutRecording[] {
  const labelled = recordings.filter((recording) => labelColumnOf(recording) !== undefined);
  if (labelled.length === 0) {
    const paths = recordings
      .map(({ path }) => path)
      .slice(0, 3)
      .join(", ");
    const detail = `nothing says what happens in ${paths}: add a column of labels, or a table of events with start, end and text`;
    throw new AppError("import/unrecognised", detail);
  }
  const isAlone = labelled.length === 1;
  return labelled.map((recording) => cutLabelled(recording, { cut, isAlone }));
}

async function cutByEvents(
  recordings: readonly Recording[],
  events: readonly SourceEntry[],
  { readings }: WindowCut,
  options: ReadOptions,
): Promise<CutRecording[]> {
  const { tables } = await readTables(events, options);
  return tables.flatMap((table) => {
    const columns = eventColumnsOf(table.columns);
    return columns ? [cutEvents(table, { recordings, columns, readings })] : [];
  });
}

/** Windows of one person, else of one recording, else of one stretch stay together. */
function rolesOf(parts: readonly CutRecording[]): Metadata["roles"] {
  const columns = [...new Set(parts.flatMap(({ table }) => table.columns))];
  const windows = columns.filter((column) => column.startsWith(WINDOW_COLUMNS.window));
  const recordings = new Set(parts.flatMap(({ table }) => groupsOf(table)));
  const persons = columns.filter((column) => column !== WINDOW_COLUMNS.recording);
  const person = groupColumnOf(persons);
  const isStretched = columns.includes(WINDOW_COLUMNS.stretch);
  const lone = isStretched ? WINDOW_COLUMNS.stretch : undefined;
  const group = person ?? (recordings.size > 1 ? WINDOW_COLUMNS.recording : lone);
  const unused = columns.filter(
    (column) => column.startsWith(WINDOW_COLUMNS.recording) && column !== group,
  );
  const times = columns.filter(
    (column) => eventColumnsOf([column]) !== null || /^(end|stop|duration)/i.test(column),
  );
  return Object.fromEntries([
    ...[...times, ...unused].map((column) => [column, "ignore" as const] as const),
    ...parts.flatMap(({ caption }) =>
      caption === undefined ? [] : [[caption, "caption" as const] as const],
    ),
    ...windows.slice(0, 1).map((column) => [column, "file" as const] as const),
    ...(group === undefined ? [] : [[group, "group" as const] as const]),
  ]);
}

function groupsOf({ columns, rows }: CutRecording["table"]): string[] {
  const place = columns.indexOf(WINDOW_COLUMNS.recording);
  return rows.map(({ cells }) => String(cells[place] ?? ""));
}

function aloneWarning(parts: readonly CutRecording[]): string[] {
  const isStretched = parts.some(({ table }) => table.columns.includes(WINDOW_COLUMNS.stretch));
  return isStretched
    ? [
        "There is one recording, so splits are cut where its label changes; windows over a change are skipped. Held-out numbers say more with several recordings.",
      ]
    : [];
}
