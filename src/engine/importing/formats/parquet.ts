import type { ColumnRole } from "../../../core/domain/dataset";
import type { MediaModality } from "../../../core/domain/modality";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import {
  EmbeddedFiles,
  embeddedName,
  findFileColumn,
  valueOf,
  type FileColumn,
} from "../embeddedFiles";
import { count, unreadableArchive, type Fault } from "../faults";
import { fieldOf, listField } from "../jsonFields";
import type { Cell, MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { ParquetFile } from "../parquetFile";
import { isBinary, parquetTableOf } from "../parquetTable";
import type { SourceEntry } from "../sourceEntry";
import { captionOf, templateFor } from "./classCaption";
import type { DataFormat, ReadOptions } from "./dataFormat";
import { splitOfFile, splitOfFolders, withNamedSplits } from "./namedSplits";
import { countMedia } from "./tablesAndFiles";

/** Parquet whose rows hold the files themselves, as Hugging Face datasets writes it. */
export const parquet: DataFormat = {
  id: "parquet",
  async recognise({ entries }, signal) {
    const shards = shardsOf(entries);
    const [first] = shards;
    if (!first) return null;
    let opened: Awaited<ReturnType<typeof tryOpen>>;
    // The first may be the damaged one.
    for (const entry of shards.slice(0, 3)) opened ??= await tryOpen(entry, signal);
    if (!opened) return null;
    const words = shards.length === 1 ? first.path : count(shards.length, "file");
    return { score: 0.93, summary: `Parquet with files in “${opened.column.name}”: ${words}` };
  },
  async read(source, options) {
    const files = shardsOf(source.entries);
    const shards: ReadShard[] = [];
    const broken: { where: string; fault: Fault }[] = [];
    for (const [i, entry] of files.entries()) {
      const shard = await readShard(entry, options).catch((thrown: unknown) => {
        // One of several costs itself, by the import's report.
        const isDamaged = thrown instanceof AppError && thrown.code === "import/metadata";
        if (!isDamaged || files.length === 1) throw thrown;
        broken.push({ where: entry.path, fault: unreadableArchive(thrown.detail) });
        return null;
      });
      if (shard) shards.push(shard);
      options.report({ stage: "read", done: i + 1, total: files.length, unit: "items" });
    }
    const [first] = shards;
    if (!first) {
      const detail = "no Parquet file here has a column of picture or sound bytes";
      throw new AppError("import/unrecognised", broken[0]?.fault.reason ?? detail);
    }
    const table = { ...first.table, broken: [...first.table.broken, ...broken] };
    return metadataOf(source, [{ ...first, table }, ...shards.slice(1)], broken);
  },
};

const shardsOf = (entries: readonly SourceEntry[]) =>
  entries.filter(({ path }) => /\.parquet$/i.test(path));

/** For recognition: a file that cannot be read is not of this format; reading it says why. */
async function tryOpen(entry: SourceEntry, signal: AbortSignal) {
  try {
    const file = await ParquetFile.open(entry, signal);
    const column = await findFileColumn(file);
    return column && { file, column };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError && thrown.code === "import/metadata") return undefined;
    throw thrown;
  }
}

interface ReadShard {
  readonly path: string;
  readonly table: MetadataTable;
  readonly entries: readonly SourceEntry[];
  readonly modality: MediaModality;
  readonly roles: Readonly<Record<string, ColumnRole>>;
  readonly warnings: readonly string[];
}

async function readShard(entry: SourceEntry, options: ReadOptions): Promise<ReadShard | null> {
  const { signal, settings } = options;
  const file = await ParquetFile.open(entry, signal);
  const column = await findFileColumn(file);
  if (!column) return null;
  const present = await rowsWithBytes(file, column, signal);
  const files = new EmbeddedFiles(file, column);
  const entries: SourceEntry[] = [];
  const fileCell = (row: number, record: Readonly<Record<string, unknown>>): Cell => {
    const { path } = valueOf(record[column.name]);
    if (!present(row)) return path;
    entries.push(files.entry(row, path));
    return `${basenameOf(file.path)}/${embeddedName(row, path)}`;
  };
  const classes = classColumns(file);
  const labels = [...classes].map(([name, names]) => {
    const cell = (_: number, record: Readonly<Record<string, unknown>>): Cell =>
      classOf(record[name], names);
    return [name, cell] as const;
  });
  const template = templateFor(settings.classTemplate, column.modality);
  const captions = hasTexts(file)
    ? []
    : labels.slice(0, 1).map(([, cell]) => {
        const caption = (row: number, record: Readonly<Record<string, unknown>>): Cell => {
          const name = cell(row, record);
          return name === "" ? "" : captionOf(template, String(name));
        };
        return ["caption", caption] as const;
      });
  const extra = Object.fromEntries([[column.name, fileCell] as const, ...captions, ...labels]);
  const table = await parquetTableOf(file, signal, extra);
  const roles = Object.fromEntries([
    [column.name, "file" as const],
    ...captions.map(([name]) => [name, "caption" as const] as const),
    ...labels.map(([name]) => [name, "label" as const] as const),
  ]);
  const { path } = file;
  return { path, table, entries, modality: column.modality, roles, warnings: unused(file, column) };
}

/** Which rows hold bytes: by the footer's count of nulls, or where it leaves that open by reading. */
async function rowsWithBytes(file: ParquetFile, column: FileColumn, signal: AbortSignal) {
  const absent = new Set<number>();
  for (const group of file.groups) {
    signal.throwIfAborted();
    const nulls = file.nulls(group, column.bytes);
    if (nulls === 0) continue;
    const isBytes = (path: readonly string[]) => path.join("\0") === column.bytes.join("\0");
    const rows = nulls === group.end - group.start ? [] : await file.readGroup(group, isBytes);
    for (let row = group.start; row < group.end; row++) {
      const { bytes } = valueOf(rows[row - group.start]?.[column.name]);
      if (!bytes) absent.add(row);
    }
  }
  return (row: number) => !absent.has(row);
}

/** Names of classes by column, as Hugging Face notes them for integer labels. */
function classColumns(file: ParquetFile): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const features = fieldOf(fieldOf(noteOf(file), "info"), "features");
  for (const { element } of file.columns) {
    const feature = fieldOf(features, element.name);
    const names = listField(feature, "names").filter((name) => typeof name === "string");
    if (fieldOf(feature, "_type") === "ClassLabel" && names.length > 0)
      found.set(element.name, names);
  }
  return found;
}

function noteOf(file: ParquetFile): unknown {
  try {
    return JSON.parse(file.note("huggingface") ?? "null");
  } catch {
    return null; // a note we cannot read says nothing; the columns speak for themselves
  }
}

/** -1 is Hugging Face's label of unlabelled rows. */
function classOf(value: unknown, names: readonly string[]): string {
  if (value === null || value === undefined) return "";
  const index = Number(value);
  return index < 0 ? "" : (names[index] ?? String(index));
}

function hasTexts(file: ParquetFile): boolean {
  return file.columns.some(({ element, children }) => {
    const isText = (leaf: typeof element) =>
      leaf.converted_type === "UTF8" || leaf.logical_type?.type === "STRING";
    const isList = element.converted_type === "LIST" || element.logical_type?.type === "LIST";
    return (
      isText(element) || (isList && children.some((c) => c.children.some((e) => isText(e.element))))
    );
  });
}

function unused(file: ParquetFile, { name }: FileColumn): string[] {
  const others = file.columns.filter((column) => {
    const holdsBytes = isBinary(column) || column.children.some(isBinary);
    return column.element.name !== name && holdsBytes;
  });
  const names = others.map(({ element }) => element.name).join(", ");
  return others.length === 0 ? [] : [`${file.path}: only “${name}” is used, not ${names}.`];
}

function metadataOf(
  source: OpenedSource,
  shards: readonly ReadShard[],
  broken: readonly { readonly where: string }[],
) {
  const media = shards[0]?.modality ?? "image";
  const splits = new Map(
    shards.map(({ path }) => [path, splitOfFolders(path) ?? splitOfFile(basenameOf(path))]),
  );
  const named = withNamedSplits(
    shards.map(({ table }) => table),
    ({ path }) => splits.get(path),
  );
  const rows = shards.reduce((sum, { table }) => sum + table.rows.length + table.broken.length, 0);
  const others = shards.filter(({ modality }) => modality !== media);
  const words = others.map(({ path }) => `${path} holds other media than the first file.`);
  return {
    tables: named.tables,
    columns: [...new Set(named.tables.flatMap(({ columns }) => columns))],
    roles: Object.assign({}, ...shards.map(({ roles }) => roles), named.roles),
    entries: [...source.entries, ...shards.flatMap(({ entries }) => entries)],
    metadataPaths: new Set([
      ...shards.map(({ path }) => path),
      ...broken.map(({ where }) => where),
    ]),
    media,
    summary: `Parquet with embedded files: ${count(rows, "row")}, ${countMedia(
      shards.reduce((sum, { entries }) => sum + entries.length, 0),
      media,
    )}`,
    warnings: [...shards.flatMap(({ warnings }) => warnings), ...words],
  };
}
