import type { Split } from "../../../core/domain/dataset";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { csvHeader } from "../csvTable";
import { count, NUL_IN_ROW, type Fault } from "../faults";
import type { MetadataRow, MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { oneByOne } from "../oneByOne";
import { readTable, type ReadTable } from "../readTables";
import { readText } from "../readText";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { NOT_A_TOKEN } from "./layoutFaults";
import { withNamedSplits } from "./namedSplits";
import { peek } from "./peek";
import { named, survey } from "./survey";
import { countMedia, tablesAndFiles } from "./tablesAndFiles";

type Shape = "token" | "results" | "captions" | "annotations";

const TOKEN_LINE = /^([^\t]+)#\d+[\t ]+(.*)$/;
const LOOKED_AT_MAX = 50;

/** Flickr8k and Flickr30k in the four shapes they are passed around in. */
export const flickr: DataFormat = {
  id: "flickr",
  async recognise(source, signal) {
    const files = await flickrFiles(source, signal);
    if (files.length === 0) return null;
    const names = files.map(({ entry }) => entry.path).join(", ");
    return { score: 0.9, summary: `Flickr captions: ${names}` };
  },
  async read(source, options) {
    const files = await flickrFiles(source, options.signal);
    if (files.length === 0) {
      const detail =
        "no token file, results.csv, captions.txt or annotations CSV of Flickr8k or Flickr30k here";
      throw new AppError("import/unrecognised", detail);
    }
    const warnings: string[] = [];
    const plain: MetadataTable[] = [];
    const shapes = new Map(files.map(({ entry, shape }) => [entry, shape]));
    for await (const entry of oneByOne([...shapes.keys()], options)) {
      const read = await readShape(entry, shapes.get(entry), options.signal);
      warnings.push(...read.warnings);
      plain.push(withoutCopyNumbers({ ...read.table, anywhere: true }, source));
    }
    const lists = await splitLists(source, options.signal);
    const { tables, roles } = withNamedSplits(plain, (table, { cells }) => {
      const name = cells[table.columns.indexOf(fileColumn(table))];
      return typeof name === "string" ? lists.splits.get(basenameOf(name)) : undefined;
    });
    const { media, modality } = survey(source);
    const captions = tables.reduce((sum, table) => sum + captionsIn(table), 0);
    return tablesAndFiles({
      source,
      files: [...files.map(({ entry }) => entry), ...lists.files, ...extras(source, files)],
      tables,
      roles: { ...rolesOfColumns(tables), ...roles },
      warnings,
      summary: `Flickr captions: ${countMedia(media.length, modality)}, ${count(captions, "caption")}`,
    });
  },
};

interface FlickrFile {
  readonly entry: SourceEntry;
  readonly shape: Shape;
}

async function flickrFiles(source: OpenedSource, signal: AbortSignal): Promise<FlickrFile[]> {
  const found: FlickrFile[] = [];
  const candidates = named(survey(source).alone, /\.(txt|token|csv)$/i);
  for (const entry of candidates.slice(0, LOOKED_AT_MAX)) {
    const shape = shapeOf(entry.path, (await peek(entry, signal)).head);
    if (shape) found.push({ entry, shape });
  }
  // Flickr8k ships the same captions as lemmas too: words cut to their stems are no captions.
  const plain = found.filter(({ entry }) => !isLemma(entry));
  return plain.length > 0 ? plain : found;
}

const isLemma = ({ path }: SourceEntry) => /lemma/i.test(basenameOf(path));

/** Files of the official archives that say nothing about pairs. */
function extras(source: OpenedSource, used: readonly FlickrFile[]): SourceEntry[] {
  const others =
    /^(flickr_?8k|flickr_?30k|expertannotations|crowdflowerannotations).*\.(txt|token)$/i;
  const taken = new Set(used.map(({ entry }) => entry));
  return named(survey(source).alone, others).filter((entry) => !taken.has(entry));
}

function shapeOf(path: string, head: string): Shape | undefined {
  const lines = head.split(/\r\n?|\n/, 5).filter((line) => line.trim() !== "");
  if (lines.some((line) => /^[^\t]+\.[a-z]+(\.\d+)?#\d+\t/i.test(line))) return "token";
  const header = csvHeader(head);
  const has = (...names: readonly string[]) => names.every((name) => header.includes(name));
  if (has("raw", "filename", "split")) return "annotations";
  if (has("image_name", "comment")) return "results";
  const isCaptionsTxt = /^captions?\.txt$/i.test(basenameOf(path));
  return isCaptionsTxt && has("image", "caption") ? "captions" : undefined;
}

async function readShape(
  entry: SourceEntry,
  shape: Shape | undefined,
  signal: AbortSignal,
): Promise<ReadTable> {
  if (shape === "token") return readToken(entry, signal);
  // captions.txt and results.csv were written without quotation marks: captions hold commas.
  return readTable(entry, signal, { surplus: shape === "annotations" ? "broken" : "joined" });
}

async function readToken(entry: SourceEntry, signal: AbortSignal): Promise<ReadTable> {
  const { path } = entry;
  const { text, warning } = await readText(entry, signal);
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  text.split(/\r\n?|\n/).forEach((line, i) => {
    if (line.trim() === "") return;
    const where = `${path}:${i + 1}`;
    const [, name, caption = ""] = TOKEN_LINE.exec(line) ?? [];
    if (line.includes("\0")) broken.push({ where, fault: NUL_IN_ROW });
    else if (name === undefined) broken.push({ where, fault: NOT_A_TOKEN });
    else rows.push({ where, cells: [name, caption] });
  });
  const table = { path, columns: ["file_name", "caption"], rows, broken };
  return { table, warnings: warning ? [warning] : [] };
}

/** Flickr8k's token file names some pictures `X.jpg.1`; the files are called `X.jpg`. */
function withoutCopyNumbers(table: MetadataTable, { entries }: OpenedSource): MetadataTable {
  const place = table.columns.indexOf(fileColumn(table));
  const isThere = new Set(entries.map(({ path }) => basenameOf(path)));
  const rows = table.rows.map((row) => {
    const name = row.cells[place];
    if (typeof name !== "string") return row;
    const plain = name.trim().replace(/(\.jpe?g)\.\d+$/i, "$1");
    const isQuirk = plain !== name.trim() && !isThere.has(basenameOf(name.trim()));
    return isQuirk ? { ...row, cells: row.cells.with(place, plain) } : row;
  });
  return { ...table, rows };
}

const FILE_COLUMNS = ["file_name", "filename", "image_name", "image"];
const CAPTION_COLUMNS = ["caption", "raw", "comment"];

const fileColumn = ({ columns }: MetadataTable) =>
  columns.find((column) => FILE_COLUMNS.includes(column.toLowerCase())) ?? "";

function rolesOfColumns(tables: readonly MetadataTable[]) {
  const columns = tables.flatMap((table) => table.columns);
  const roleOf = (column: string) => {
    if (FILE_COLUMNS.includes(column.toLowerCase())) return "file" as const;
    if (CAPTION_COLUMNS.includes(column.toLowerCase())) return "caption" as const;
    return column.toLowerCase() === "split" ? ("split" as const) : ("ignore" as const);
  };
  return Object.fromEntries(columns.map((column) => [column, roleOf(column)]));
}

function captionsIn({ columns, rows }: MetadataTable): number {
  const place = columns.findIndex((column) => CAPTION_COLUMNS.includes(column.toLowerCase()));
  return rows.reduce((sum, { cells }) => {
    const cell = cells[place] ?? "";
    return sum + (typeof cell === "string" ? 1 : cell.length);
  }, 0);
}

const SPLIT_LISTS: Readonly<Record<string, Split>> = {
  train: "train",
  dev: "validation",
  val: "validation",
  test: "test",
};

/** Flickr8k's lists of pictures per split: `Flickr_8k.trainImages.txt`. */
async function splitLists(source: OpenedSource, signal: AbortSignal) {
  const files = named(survey(source).alone, /(train|dev|val|test)images\.txt$/i);
  const splits = new Map<string, Split>();
  for (const entry of files) {
    const word = /(train|dev|val|test)images\.txt$/i.exec(entry.path)?.[1]?.toLowerCase() ?? "";
    const { text } = await readText(entry, signal);
    for (const line of text.split(/\r\n?|\n/)) {
      const split = SPLIT_LISTS[word];
      if (line.trim() !== "" && split) splits.set(line.trim(), split);
    }
  }
  return { splits, files };
}
