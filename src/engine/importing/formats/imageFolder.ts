import { fileColumnNamed } from "../../../core/domain/columns";
import { basenameOf } from "../../../core/domain/pathResolver";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import type { MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import { kindOf, readTables, refuseTwoKinds } from "../readTables";
import type { SourceEntry } from "../sourceEntry";
import type { DataFormat } from "./dataFormat";
import { withNamedSplits, splitOfRow } from "./namedSplits";
import { peek } from "./peek";
import { named, survey } from "./survey";
import { tablesAndFiles } from "./tablesAndFiles";

const EXACT = /^metadata\.(csv|jsonl|parquet)$/i;
const NEARLY = /^meta[-_ ]?data[^/]*\.(csv|tsv|jsonl\w*|json1|jsonlines|ndjson)(\.txt)?$/i;
const FILE_KEY = /file_?names?\b/i;

/** Hugging Face's layout: files, and in any folder a metadata file whose paths are relative to it. */
export const imageFolder: DataFormat = {
  id: "imagefolder",
  async recognise(source, signal) {
    const { files, isExact } = await metadataFiles(source, signal);
    const [first] = files;
    if (!first) return null;
    const names = files.length === 1 ? first.path : count(files.length, "metadata file");
    return { score: isExact ? 0.8 : 0.6, summary: `Image folder with ${names}` };
  },
  async read(source, { signal, report }) {
    const { files, isExact, others } = await metadataFiles(source, signal);
    if (files.length === 0) {
      const detail = "an image folder has a metadata.csv or metadata.jsonl, and there is none here";
      throw new AppError("import/unrecognised", detail);
    }
    refuseTwoKinds(files);
    const read = await readTables(files, { signal, report });
    const expanded = read.tables.map(expandFileLists);
    const fileColumn = fileColumnNamed(expanded.flatMap(({ columns }) => columns));
    const { tables, roles } = withNamedSplits(expanded, splitOfRow(fileColumn));
    const warnings = [
      ...read.warnings,
      ...nameWarnings(files, isExact, others),
      ...columnWarnings(read.tables, fileColumn),
    ];
    return tablesAndFiles({ source, files, tables, roles, warnings, name: "Image folder" });
  },
};

/** Files of the exact name; if there are none, those whose name is nearly right and whose start is. */
async function metadataFiles(source: OpenedSource, signal: AbortSignal) {
  const { alone, companions } = survey(source);
  const exact = named([...alone, ...companions], EXACT);
  const nearly: SourceEntry[] = [];
  for (const entry of named(alone, NEARLY)) {
    if (exact.includes(entry)) continue;
    const { head } = await peek(entry, signal);
    if (FILE_KEY.test(head.slice(0, 4096))) nearly.push(entry);
  }
  return exact.length > 0
    ? { files: exact, isExact: true, others: nearly }
    : { files: nearly, isExact: false, others: [] };
}

function nameWarnings(
  files: readonly SourceEntry[],
  isExact: boolean,
  others: readonly SourceEntry[],
): string[] {
  const list = (entries: readonly SourceEntry[]) => entries.map(({ path }) => path).join(", ");
  if (!isExact) {
    const verb = files.length === 1 ? "is" : "are";
    const exact = kindOf(files[0]?.path ?? "");
    return [`${list(files)} ${verb} used as metadata; the usual name is metadata.${exact}.`];
  }
  return others.length > 0
    ? [`Not used, as there is a ${basenameOf(files[0]?.path ?? "")}: ${list(others)}.`]
    : [];
}

function columnWarnings(tables: readonly MetadataTable[], fileColumn: string | undefined) {
  const warnings: string[] = [];
  const columns = [...new Set(tables.flatMap((table) => table.columns))];
  const fileColumns = columns.filter((column) => /(^|_)file_names?$/i.test(column));
  if (fileColumns.length > 1 && fileColumn) {
    warnings.push(
      `Several columns name files (${fileColumns.join(", ")}); one is used per pair: ${fileColumn}.`,
    );
  }
  const lacking = tables.find((table) => columns.some((column) => !table.columns.includes(column)));
  if (lacking) {
    const missing = columns.filter((column) => !lacking.columns.includes(column));
    warnings.push(
      `The metadata files differ in their columns: ${lacking.path} lacks ${missing.join(", ")}.`,
    );
  }
  if (fileColumns.some((column) => tables.some((table) => hasLists(table, column)))) {
    warnings.push("Some rows list several files; each file counts as a row of its own.");
  }
  return warnings;
}

/** A row that lists several files, as one row per file; its captions keep them in one group. */
function expandFileLists(table: MetadataTable): MetadataTable {
  const place = table.columns.findIndex((column) => /(^|_)file_names?$/i.test(column));
  if (place < 0) return table;
  const rows = table.rows.flatMap((row) => {
    const names = row.cells[place];
    if (typeof names !== "object" || names.length < 2) return row;
    return names.map((name, i) => ({
      where: `${row.where} (file ${i + 1})`,
      cells: row.cells.with(place, name),
    }));
  });
  return { ...table, rows };
}

function hasLists({ columns, rows }: MetadataTable, column: string): boolean {
  const place = columns.indexOf(column);
  return rows.some(({ cells }) => typeof cells[place] === "object" && cells[place].length > 1);
}
