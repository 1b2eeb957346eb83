import { AppError } from "../../../core/errors";
import { fieldOf } from "../jsonFields";
import type { MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { oneByOne } from "../oneByOne";
import { readJson } from "../readJson";
import { readTable } from "../readTables";
import { RecordTable } from "../recordTable";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { fileColumnOf } from "./fileColumn";
import { jsonFiles, type JsonFile } from "./jsonFiles";
import { NOT_A_RECORD } from "./layoutFaults";
import { splitOfFile, splitOfRow, withNamedSplits } from "./namedSplits";
import { peek } from "./peek";
import { named, survey } from "./survey";
import { tablesAndFiles } from "./tablesAndFiles";

const LIST_FIELDS = ["data", "images", "items", "annotations", "samples", "rows", "examples"];
const NAMES_A_FILE = /\.(png|jpe?g|webp|gif|bmp|avif|wav|flac|mp3|ogg|oga|opus|m4a|aac|webm)"/i;

/** A JSON array of records, alone or under a name, a dictionary of captions by file, or JSON Lines. */
export const jsonList: DataFormat = {
  id: "json",
  async recognise(source, signal) {
    const files = await listFiles(source, signal);
    const [first] = files;
    if (!first) return null;
    const summary = `JSON list: ${files.map(({ entry }) => entry.path).join(", ")}`;
    const { head } = await peek(first.entry, signal);
    return { score: NAMES_A_FILE.test(head) ? 0.55 : 0.2, summary };
  },
  async read(source, { signal, report }) {
    const found = await listFiles(source, signal);
    const files = found.map(({ entry }) => entry);
    if (files.length === 0) {
      const detail = "no JSON here is a list of records or a dictionary of captions by file name";
      throw new AppError("import/unrecognised", detail);
    }
    const lines = new Set(found.filter(({ kind }) => kind === "lines").map(({ entry }) => entry));
    const tables: MetadataTable[] = [];
    const warnings: string[] = [];
    for await (const entry of oneByOne(files, { signal, report })) {
      const read = lines.has(entry)
        ? await readTable(entry, signal, { kind: "jsonl" })
        : await readList(entry, signal);
      warnings.push(...read.warnings);
      if (read.table) tables.push(read.table);
    }
    if (tables.length === 0) throw new AppError("import/metadata", warnings.join(" "));
    const column = fileColumnOf(tables, source.entries);
    const split = withNamedSplits(tables, (from, row) => {
      return splitOfFile(from.path) ?? splitOfRow(column)(from, row);
    });
    const roles =
      column === undefined ? split.roles : { ...split.roles, [column]: "file" as const };
    return tablesAndFiles({ source, files, ...split, roles, warnings, name: "JSON list" });
  },
};

async function listFiles(source: OpenedSource, signal: AbortSignal): Promise<JsonFile[]> {
  const found: JsonFile[] = [];
  for (const file of await jsonFiles(source, signal)) {
    const { entry, kind } = file;
    // A dictionary is everybody's configuration file, unless it names pictures or sounds.
    const isNaming = kind === "dictionary" && NAMES_A_FILE.test((await peek(entry, signal)).head);
    if (kind === "list" || kind === "lines" || isNaming) found.push(file);
  }
  for (const entry of named(survey(source).alone, /\.(jsonl|ndjson)$/i)) {
    found.push({ entry, kind: "lines" });
  }
  return found.sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
}

async function readList(entry: SourceEntry, signal: AbortSignal) {
  const { value, warnings } = await readJson(entry, signal);
  const table = tableOf(entry.path, value);
  const note = `${entry.path} holds no list of records; not used.`;
  return table ? { table, warnings } : { warnings: [...warnings, note] };
}

function tableOf(path: string, value: unknown): MetadataTable | undefined {
  const list = Array.isArray(value)
    ? value
    : LIST_FIELDS.map((name) => fieldOf(value, name)).find(Array.isArray);
  const records = new RecordTable();
  if (list) {
    list.forEach((record, i) => records.add(`${path}: record ${i + 1}`, record, NOT_A_RECORD));
    return records.table(path);
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [file_name, text] of Object.entries(value)) {
    const isText = typeof text === "string" || isTexts(text);
    const record = isText ? { file_name, text } : isRecord(text) ? { file_name, ...text } : text;
    records.add(`${path}: ${file_name}`, record, NOT_A_RECORD);
  }
  return records.table(path);
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((part) => typeof part === "string");

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
