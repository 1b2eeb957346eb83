import { AppError } from "../../../core/errors";
import { fieldOf } from "../jsonFields";
import type { MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { readJsonFiles } from "../readJson";
import { readTables } from "../readTables";
import { RecordTable } from "../recordTable";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { fileColumnOf } from "./fileColumn";
import { jsonFiles } from "./jsonFiles";
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
    const summary = `JSON list: ${files.map(({ path }) => path).join(", ")}`;
    const { head } = await peek(first, signal);
    return { score: NAMES_A_FILE.test(head) ? 0.55 : 0.2, summary };
  },
  async read(source, { signal, report }) {
    const files = await listFiles(source, signal);
    if (files.length === 0) {
      const detail = "no JSON here is a list of records or a dictionary of captions by file name";
      throw new AppError("import/unrecognised", detail);
    }
    const isLines = (entry: SourceEntry) => !/\.json$/i.test(entry.path);
    const lines = await readTables(files.filter(isLines), { signal, report });
    const tables: MetadataTable[] = [...lines.tables];
    const warnings = [...lines.warnings];
    const lists = files.filter((entry) => !isLines(entry));
    for await (const { entry, value, warnings: own } of readJsonFiles(lists, { signal, report })) {
      warnings.push(...own);
      const table = tableOf(entry.path, value);
      if (table) tables.push(table);
      else warnings.push(`${entry.path} holds no list of records; not used.`);
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

async function listFiles(source: OpenedSource, signal: AbortSignal): Promise<SourceEntry[]> {
  const json = (await jsonFiles(source, signal)).filter(({ kind }) => {
    return kind === "list" || kind === "dictionary";
  });
  const naming: SourceEntry[] = [];
  for (const { entry, kind } of json) {
    // A dictionary is everybody's configuration file, unless it names pictures or sounds.
    const { head } = await peek(entry, signal);
    if (kind === "list" || NAMES_A_FILE.test(head)) naming.push(entry);
  }
  const lines = named(survey(source).alone, /\.(jsonl|ndjson)$/i);
  return [...naming, ...lines].sort((a, b) => (a.path < b.path ? -1 : 1));
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
