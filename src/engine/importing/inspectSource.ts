import {
  guessColumns,
  isRemote,
  PROFILE_VALUES,
  type ColumnProfile,
} from "../../core/domain/columns";
import type { ColumnMapping, ImportSource, Inspection } from "../../core/domain/dataset";
import type { ImportSettings, KnownRoles } from "../../core/domain/importFormat";
import { splitNamed } from "../../core/domain/splits";
import type { Progress } from "../../core/progress";
import { count } from "./faults";
import type { MetadataTable } from "./metadataTable";
import type { OpenedSource } from "./openSource";
import type { SourceReader } from "./readSource";
import type { Metadata } from "./formats/dataFormat";
import { shapeWords } from "./formats/embeddings";
import type { VectorArray } from "./vectors/vectorArray";
import { cellReader, textOf } from "./roles";
import { throttleProgress } from "../throttleProgress";

const EXAMPLES = 3; // as many as fit one line of the mapping table
const EXAMPLE_LENGTH = 120;

/**
 * Recognises the layout and guesses what each column is, from names and metadata alone: no picture
 * is opened and nothing is stored.
 *
 * @param deps address samples are fetched from, ending in `/`, and what keeps what was read.
 * @throws AppError `import/unrecognised`, `import/metadata`, `import/archive`, `import/sample`.
 */
export async function inspectSource(
  source: ImportSource,
  settings: ImportSettings,
  { siteBase, reader }: { readonly siteBase: string; readonly reader: SourceReader },
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Inspection> {
  const send = throttleProgress(report);
  const { opened, candidates, format, metadata } = await reader.read(source, settings, {
    siteBase,
    signal,
    report: send,
  });
  const rows = countRows(metadata.tables);
  const profiles = metadata.columns.map((column) => profileColumn(column, metadata.tables));
  const mapping = withKnownRoles(guessColumns(profiles, rows), metadata.roles);
  return {
    format: format.id,
    candidates: candidates.map(({ format: { id }, summary }) => ({ id, summary })),
    media: metadata.media,
    summary: metadata.summary,
    files: opened.entries.length,
    rows,
    columns: profiles.map(({ column, distinct, values }, i) => ({
      column,
      role: mapping[i]?.role ?? "ignore",
      examples: values.slice(0, EXAMPLES).map(shorten),
      distinct,
      ...vectorPreview(metadata.vectors?.get(column)),
    })),
    ...(metadata.sensor && { sensor: metadata.sensor }),
    warnings: [...metadata.warnings, ...warningsOf(opened, metadata, mapping, profiles)],
  };
}

function vectorPreview(array: VectorArray | undefined) {
  if (!array) return {};
  const { rows, width } = array;
  return { vectors: { rows, width }, examples: [shapeWords(array)] };
}

function profileColumn(column: string, tables: readonly MetadataTable[]): ColumnProfile {
  const seen = new Set<string>();
  let filled = 0;
  for (const table of tables) {
    if (!table.columns.includes(column)) continue;
    const read = cellReader(table);
    for (const row of table.rows) {
      const text = textOf(read(row, column));
      if (text === "") continue;
      filled++;
      seen.add(text);
    }
  }
  return { column, distinct: seen.size, filled, values: [...seen].slice(0, PROFILE_VALUES) };
}

/**
 * The guessed mapping, except where the format itself says what a column is: a role it gives to
 * columns of its own is not given to others, unless several may have it.
 */
function withKnownRoles(guessed: ColumnMapping, known: KnownRoles): ColumnMapping {
  const taken = new Set(Object.values(known));
  return guessed.map(({ column, role }) => {
    if (Object.hasOwn(known, column)) return { column, role: known[column]! };
    const isFree = role === "label" || role === "ignore" || !taken.has(role);
    return { column, role: isFree ? role : "ignore" };
  });
}

function warningsOf(
  { refused }: OpenedSource,
  { tables, vectors, media }: Metadata,
  mapping: ColumnMapping,
  profiles: readonly ColumnProfile[],
) {
  const warnings: string[] = [];
  const has = (role: string) => mapping.some((column) => column.role === role);
  if (countRows(tables) === 0) warnings.push("The metadata has a header but no rows.");
  if (!vectors && !has("file")) warnings.push("No column looks like file names: choose one.");
  if (!vectors && !has("caption")) warnings.push("No column looks like captions: choose one.");
  for (const { column } of profiles.filter(isRemote)) {
    warnings.push(`Column “${column}” holds remote addresses; nothing is downloaded from them.`);
  }
  const splits = profiles.find((_, i) => mapping[i]?.role === "split");
  if (splits) warnings.push(...missingSplits(splits));
  const broken = tables.flatMap((table) => table.broken);
  const [first] = broken;
  if (first) {
    const rows = count(broken.length, media === "sensor" ? "row" : "broken metadata row");
    warnings.push(`${rows} will be skipped, the first at ${first.where}: ${first.fault.reason}.`);
  }
  const [name] = refused;
  if (name) warnings.push(`${count(refused.length, "file name")} refused, such as ${name.name}.`);
  return warnings;
}

/** Splits that the split column never names, although the steps to come need them. */
function missingSplits({ column, values }: ColumnProfile): string[] {
  const named = new Set(values.flatMap((value) => splitNamed(value) ?? []));
  const missing = (["train", "test"] as const).filter((split) => !named.has(split));
  if (named.size === 0 || missing.length === 0) return [];
  return [
    `Column “${column}” names no ${missing.join(" and no ")} split; set its role to ignore to draw splits.`,
  ];
}

function countRows(tables: readonly MetadataTable[]): number {
  return tables.reduce((sum, { rows, broken }) => sum + rows.length + broken.length, 0);
}

const shorten = (text: string) =>
  text.length > EXAMPLE_LENGTH ? `${text.slice(0, EXAMPLE_LENGTH - 1)}…` : text;
