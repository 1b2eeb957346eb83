import { PathResolver, folderOf } from "../../../core/domain/pathResolver";
import { channelWords, type SensorLayout } from "../../../core/domain/sensor";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import type { MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { kindOf, readTables } from "../readTables";
import { cellReader, textOf } from "../roles";
import { eventColumnsOf } from "../sensors/eventWindows";
import { groupedBy, groupRole, likeliestTables } from "../sensors/sensorTables";
import { readWindowFile, type WindowFile } from "../sensors/windowFile";
import { isAccompanyingText, type SourceEntry } from "../sourceEntry";
import type { DataFormat, ReadOptions } from "./dataFormat";
import { fileColumnOf, findFileColumn } from "./fileColumn";
import { tableStart } from "./tableStart";

const TABLE_NAME = /\.(csv|tsv|jsonl|ndjson|parquet)$/i;
const WINDOW_NAME = /\.(csv|tsv|txt|dat|npy)$/i;
const TABLES_LOOKED_AT = 20; // among thousands of window files the table is the one named as such
const WINDOWS_LOOKED_AT = 24; // enough to tell the usual channels from an odd file

/** A table of file names and captions, and one file of readings per window. */
export const sensorFiles: DataFormat = {
  id: "sensor-files",
  async recognise(source, signal) {
    const tables = await tablesOf(source, signal);
    const [first] = tables;
    if (!first) return null;
    const names = tables.length === 1 ? first.path : count(tables.length, "table");
    return { score: 0.95, summary: `Files of sensor windows named in ${names}` };
  },
  async read(source, options) {
    const files = await tablesOf(source, options.signal);
    if (files.length === 0) {
      const detail = "no table here names CSV or npy files of readings";
      throw new AppError("import/unrecognised", detail);
    }
    const { tables, warnings } = await readTables(files, options);
    const columns = [...new Set(tables.flatMap((table) => table.columns))];
    const column = fileColumnOf(tables, source.entries);
    const named = windowsNamed(tables, source, column);
    const found = await layoutOf(named, options);
    const rows = tables.reduce((sum, table) => sum + table.rows.length + table.broken.length, 0);
    const { channels } = found.layout;
    return {
      tables,
      columns,
      roles: { ...groupRole(columns), ...(column !== undefined && { [column]: "file" as const }) },
      entries: source.entries,
      metadataPaths: new Set(files.map(({ path }) => path)),
      media: "sensor",
      summary: `Files of sensor windows: ${count(rows, "row")}, ${count(named.length, "window")} of ${count(channels.length, "channel")} (${channelWords(channels)})`,
      warnings: [...warnings, ...found.warnings],
      sensor: found.layout,
    };
  },
};

/** Tables whose column of file names leads to files of readings, not to pictures or sounds. */
async function tablesOf(source: OpenedSource, signal: AbortSignal): Promise<SourceEntry[]> {
  const tables = source.entries.filter(({ path }) => TABLE_NAME.test(path));
  if (tables.length === 0 || source.entries.length === 1) return [];
  const resolver = new PathResolver(source.entries.map(({ path }) => path));
  const found: { entry: SourceEntry; columns: string }[] = [];
  for (const entry of likeliestTables(tables).slice(0, TABLES_LOOKED_AT)) {
    if (isAccompanyingText(entry.path)) continue;
    const start = await tableStart(entry, signal);
    const match = start && findFileColumn(start, resolver);
    // Times within the files it names: a table of events of recordings.
    const events = start && eventColumnsOf(start.columns);
    if (!start || !match || events?.end !== undefined || events?.duration !== undefined) continue;
    const targets = resolved(start, match.column, { resolver, source });
    const windows = targets.filter((target) => target !== entry && WINDOW_NAME.test(target.path));
    // Names of the table itself, or of pictures, are another layout.
    if (windows.length === 0 || windows.length < targets.length / 2) continue;
    found.push({ entry, columns: `${kindOf(entry.path)}\0${start.columns.join("\0")}` });
  }
  // Tables with the same columns are one data set in parts: `train.csv` and `test.csv`.
  return found.filter(({ columns }) => columns === found[0]?.columns).map(({ entry }) => entry);
}

interface Targets {
  readonly resolver: PathResolver;
  readonly source: OpenedSource;
}

function resolved(table: MetadataTable, column: string, { resolver, source }: Targets) {
  const read = cellReader(table);
  return table.rows.flatMap((row) => {
    const match = resolver.resolve(textOf(read(row, column)), folderOf(table.path));
    const entry = match.kind === "found" ? source.entries[match.index] : undefined;
    return entry ? [entry] : [];
  });
}

function windowsNamed(
  tables: readonly MetadataTable[],
  source: OpenedSource,
  column: string | undefined,
): SourceEntry[] {
  if (column === undefined) return [];
  const resolver = new PathResolver(source.entries.map(({ path }) => path));
  const all = tables.flatMap((table) => resolved(table, column, { resolver, source }));
  return [...new Set(all)];
}

/** The channels most of a few files have, and their usual rate. */
async function layoutOf(
  files: readonly SourceEntry[],
  { settings, signal }: ReadOptions,
): Promise<{ layout: SensorLayout; warnings: string[] }> {
  const step = Math.max(1, Math.floor(files.length / WINDOWS_LOOKED_AT));
  const looked = files.filter((_, i) => i % step === 0).slice(0, WINDOWS_LOOKED_AT);
  const windows: WindowFile[] = [];
  let reason = "no file of readings";
  for (const entry of looked) {
    signal.throwIfAborted();
    const file = await tryRead(entry, settings.sensor?.axis, signal);
    if ("fault" in file) reason = `${entry.path}: ${file.fault.reason}`;
    else windows.push(file);
  }
  const namesOf = ({ channels }: WindowFile) =>
    channels
      .map(({ name }) => name)
      .sort()
      .join("\0");
  const counts = groupedBy(windows, namesOf);
  const [usual] = [...counts.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  if (!usual) throw new AppError("import/unrecognised", reason);
  const rates = windows.flatMap(({ rate }) => (rate ? [rate.hz] : [])).sort((a, b) => a - b);
  const rateHz = rates[rates.length >> 1];
  const warnings =
    counts.size > 1
      ? [
          `Not all windows have the same channels; those with others than ${channelWords(usual.channels)} will be skipped.`,
        ]
      : [];
  return {
    layout: { channels: usual.channels, ...(rateHz !== undefined && { rateHz }) },
    warnings,
  };
}

async function tryRead(
  entry: SourceEntry,
  axis: Parameters<typeof readWindowFile>[2],
  signal: AbortSignal,
): Promise<ReturnType<typeof readWindowFile>> {
  try {
    return readWindowFile(await entry.read(signal), entry.path, axis);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = AppError.from(thrown);
    return { fault: { topic: "cannot be read", reason: error.detail, remedy: "" } };
  }
}
