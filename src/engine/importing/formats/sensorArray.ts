import { channelWords, type SensorLayout } from "../../../core/domain/sensor";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import type { Cell, MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { ParquetFile } from "../parquetFile";
import { parquetTableOf } from "../parquetTable";
import { readTables } from "../readTables";
import { openWindowArray, type WindowArray } from "../sensors/arrayWindows";
import { listColumns, ParquetWindows } from "../sensors/parquetWindows";
import { groupRole, likeliestTables, recordsOf } from "../sensors/sensorTables";
import { isTimeFirst, numberedChannels } from "../sensors/windowFile";
import { isAccompanyingText, type SourceEntry } from "../sourceEntry";
import { sideNamed } from "../vectors/arrayNames";
import type { DataFormat, Metadata, ReadOptions } from "./dataFormat";

const TABLE_NAME = /\.(csv|tsv|jsonl|ndjson)$/i;
const WINDOW_COLUMN = "window";

/** Windows in one array with a table of as many rows, or in Parquet with a list per channel. */
export const sensorArray: DataFormat = {
  id: "sensor-array",
  async recognise(source, signal) {
    const arrays = await arraysOf(source, signal);
    const [array] = arrays;
    if (array) {
      const { path, windows, sides } = array;
      return {
        score: 0.96,
        summary: `Sensor windows: ${path} [${[windows, ...sides].join(", ")}]`,
      };
    }
    const [found] = await parquetOf(source, signal);
    if (!found) return null;
    // Lists that are called embeddings are embeddings.
    const isVectors = found.lists.some((name) => sideNamed(name) || /emb|vec|feat/i.test(name));
    const score = isVectors ? 0.1 : found.lists.length > 1 ? 0.65 : 0.25;
    return { score, summary: `Sensor windows: ${found.entry.path}, ${found.lists.join(", ")}` };
  },
  async read(source, options) {
    const arrays = await arraysOf(source, options.signal);
    if (arrays.length > 0) return fromArrays(source, arrays, options);
    const found = await parquetOf(source, options.signal);
    if (found.length > 0) return fromParquet(source, found, options);
    const detail = "no npy of shape [windows, channels, time] and no Parquet with lists of numbers";
    throw new AppError("import/unrecognised", detail);
  },
};

async function arraysOf({ entries }: OpenedSource, signal: AbortSignal): Promise<WindowArray[]> {
  const arrays: WindowArray[] = [];
  for (const entry of entries.filter(({ path }) => /\.npy$/i.test(path)).slice(0, 20)) {
    try {
      const array = await openWindowArray(entry, signal);
      if (array) arrays.push(array);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = AppError.from(thrown);
      if (error.code === "import/metadata" || !error.code.startsWith("import/")) throw error;
    }
  }
  return arrays.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function fromArrays(
  source: OpenedSource,
  arrays: readonly WindowArray[],
  options: ReadOptions,
): Promise<Metadata> {
  const loose = source.entries.filter(
    ({ path }) => TABLE_NAME.test(path) && !isAccompanyingText(path),
  );
  const { tables, warnings } = await readTables(likeliestTables(loose), options);
  const axis = options.settings.sensor?.axis ?? "auto";
  const joined = arrays.map((array) => {
    const table = tables.find((each) => each.rows.length + each.broken.length === array.windows);
    if (table) return joinArray(array, table, isTimeFirst(...array.sides, axis));
    const rows = tables.map((each) => `${each.path} has ${each.rows.length + each.broken.length}`);
    const found = rows.join(", ") || "there is no CSV or JSON Lines table";
    const detail = `${array.path} has ${count(array.windows, "window")}, but ${found}`;
    throw new AppError("import/metadata", detail);
  });
  const [first] = arrays;
  const sides = first?.sides ?? [0, 0];
  const channels = numberedChannels(isTimeFirst(...sides, axis) ? sides[1] : sides[0]);
  const orientation = isTimeFirst(...sides, axis)
    ? "[windows, time, channels]"
    : "[windows, channels, time]";
  return {
    ...metadataOf(source, joined, { channels }),
    metadataPaths: new Set(
      [...arrays, ...joined.map(({ table }) => table)].map(({ path }) => path),
    ),
    warnings: [
      ...warnings,
      `Read as ${orientation}${axis === "auto" ? ", the shorter side being channels" : ""}.`,
    ],
  };
}

interface Joined {
  readonly table: MetadataTable;
  readonly entries: readonly SourceEntry[];
}

/** The table with a column that names the window of each row. */
function joinArray(array: WindowArray, table: MetadataTable, timeFirst: boolean): Joined {
  const records = recordsOf(table);
  const rows = records.flatMap(({ where, cells }, i) => {
    return cells ? [{ where, cells: [`${array.path}/${i + 1}`, ...cells] as Cell[] }] : [];
  });
  const columns = [windowColumn(table.columns), ...table.columns];
  const entries = records.map((_, i) => array.entry(i, timeFirst));
  return { table: { ...table, anywhere: true, columns, rows }, entries };
}

const windowColumn = (taken: readonly string[]) =>
  taken.includes(WINDOW_COLUMN) ? "window (array)" : WINDOW_COLUMN;

function metadataOf(source: OpenedSource, joined: readonly Joined[], layout: SensorLayout) {
  const tables = joined.map(({ table }) => table);
  const columns = [...new Set(tables.flatMap((table) => table.columns))];
  const windows = joined.reduce((sum, { entries }) => sum + entries.length, 0);
  const channels = `${count(layout.channels.length, "channel")} (${channelWords(layout.channels)})`;
  const files = tables.map(({ columns: [name = WINDOW_COLUMN] }) => [name, "file"] as const);
  return {
    tables,
    columns,
    roles: { ...groupRole(columns), ...Object.fromEntries(files) },
    entries: [...source.entries, ...joined.flatMap(({ entries }) => entries)],
    media: "sensor" as const,
    summary: `Sensor windows: ${count(windows, "window")} of ${channels}`,
    sensor: layout,
  };
}

interface FoundParquet {
  readonly entry: SourceEntry;
  readonly file: ParquetFile;
  readonly lists: readonly string[];
}

async function parquetOf(source: OpenedSource, signal: AbortSignal): Promise<FoundParquet[]> {
  const found: FoundParquet[] = [];
  for (const entry of source.entries.filter(({ path }) => /\.parquet$/i.test(path))) {
    try {
      const file = await ParquetFile.open(entry, signal);
      const lists = listColumns(file);
      if (lists.length > 0) found.push({ entry, file, lists });
    } catch (thrown) {
      signal.throwIfAborted();
      if (AppError.from(thrown).code !== "import/metadata") throw thrown;
    }
  }
  const [first] = found;
  return found.filter(({ lists }) => lists.join("\0") === first?.lists.join("\0"));
}

async function fromParquet(
  source: OpenedSource,
  found: readonly FoundParquet[],
  { signal, report }: ReadOptions,
): Promise<Metadata> {
  const joined: Joined[] = [];
  let layout: SensorLayout = { channels: [] };
  for (const [i, { file, lists }] of found.entries()) {
    const windows = new ParquetWindows(file, lists);
    layout = { channels: windows.channels };
    const unlisted = Object.fromEntries(lists.map((name) => [name, () => ""]));
    const window = (row: number) => `${file.path}/${row + 1}`;
    const table = await parquetTableOf(file, signal, { [WINDOW_COLUMN]: window, ...unlisted });
    const entries = Array.from({ length: file.rows }, (_, row) => windows.entry(row));
    joined.push({ table: { ...withoutColumns(table, lists), anywhere: true }, entries });
    report({ stage: "read", done: i + 1, total: found.length, unit: "items" });
  }
  return {
    ...metadataOf(source, joined, layout),
    metadataPaths: new Set(found.map(({ entry }) => entry.path)),
    warnings: [],
  };
}

/** Lists of readings are no metadata. */
function withoutColumns(table: MetadataTable, names: readonly string[]): MetadataTable {
  const kept = table.columns.flatMap((column, i) => (names.includes(column) ? [] : [i]));
  return {
    ...table,
    columns: kept.map((i) => table.columns[i] ?? ""),
    rows: table.rows.map(({ where, cells }) => ({ where, cells: kept.map((i) => cells[i] ?? "") })),
  };
}
