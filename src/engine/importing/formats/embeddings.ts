import type { ColumnRole } from "../../../core/domain/dataset";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import { AppError } from "../../../core/errors";
import { count } from "../faults";
import type { MetadataTable } from "../metadataTable";
import { readTables } from "../readTables";
import type { SourceEntry } from "../sourceEntry";
import { groupShards, sideNamed } from "../vectors/arrayNames";
import { openVectors, type OpenedVectors } from "../vectors/openVectors";
import type { VectorArray } from "../vectors/vectorArray";
import { openVectorFile, VECTOR_FILE, type VectorFile } from "../vectors/vectorFile";
import type { DataFormat, Metadata, ReadOptions } from "./dataFormat";

/**
 * Vectors that somebody else computed: npy, npz, safetensors, Parquet lists. Row i of every array
 * and row i of the metadata belong together (clip-retrieval's and LAION's layout).
 */
export const embeddings: DataFormat = {
  id: "embeddings",
  async recognise({ entries }, signal) {
    const files = entries.filter(({ path }) => VECTOR_FILE.test(path));
    if (files.length === 0) return null;
    const { arrays } = await openVectors(files, signal, true);
    const isOnly = files.some(({ path }) => !/\.parquet$/i.test(path));
    // Broken arrays are still arrays: reading them tells what is wrong.
    if (arrays.size === 0) return isOnly ? { score: 0.05, summary: NAME } : null;
    const { image, text } = sidesOf(arrays);
    const score = image && text ? 0.9 : arrays.size > 1 ? 0.6 : 0.2;
    return { score, summary: `${NAME}: ${[...arrays.keys()].join(", ")}` };
  },
  async read({ entries }, options) {
    const opened = await openVectors(entries, options.signal);
    const { notes } = opened;
    if (opened.arrays.size === 0) {
      throw new AppError("import/embeddings", notes.join(" ") || "no array [rows, width]");
    }
    const { tables, files, warnings } = await readMetadata(entries, opened, options);
    const arrays = besideColumns(opened.arrays, tables);
    const used = new Set([
      ...files,
      ...opened.groups.flatMap((group) => group.files.map(({ path }) => path)),
      ...entries.flatMap(({ path }) => (VECTOR_FILE.test(path) ? path : [])),
    ]);
    return {
      tables,
      columns: [...new Set([...arrays.keys(), ...tables.flatMap(({ columns }) => columns)])],
      roles: rolesOf(arrays),
      entries,
      metadataPaths: used,
      media: "image",
      summary: summaryOf(arrays, files),
      warnings: [...notes, ...warnings, ...mismatch(arrays)],
      vectors: arrays,
    };
  },
};

const NAME = "Precomputed embeddings";

/** The arrays of either side: by name, or the one that is left over. */
function sidesOf(arrays: ReadonlyMap<string, VectorArray>) {
  const names = [...arrays.keys()];
  const sides: Partial<Record<AlignedModality, string>> = {};
  for (const modality of ALIGNED_MODALITIES) {
    const named = names.find((name) => sideNamed(name) === modality);
    if (named !== undefined) sides[modality] = named;
  }
  const others = names.filter((name) => name !== sides.image && name !== sides.text);
  const [other] = others;
  if (others.length === 1 && other !== undefined && sideNamed(other) === undefined) {
    if (sides.image !== undefined) sides.text ??= other;
    else if (sides.text !== undefined) sides.image ??= other;
  }
  return sides;
}

/** Arrays under names of their own: `caption.npy` may come with a column of captions. */
function besideColumns(
  arrays: OpenedVectors["arrays"],
  tables: readonly MetadataTable[],
): OpenedVectors["arrays"] {
  const taken = new Set(tables.flatMap(({ columns }) => columns));
  return new Map(
    [...arrays].map(([name, array]) => [taken.has(name) ? `${name} (array)` : name, array]),
  );
}

function rolesOf(arrays: ReadonlyMap<string, VectorArray>): Metadata["roles"] {
  const { image, text } = sidesOf(arrays);
  const roleOf = (name: string): ColumnRole =>
    name === image ? "image-vectors" : name === text ? "text-vectors" : "ignore";
  return Object.fromEntries([...arrays.keys()].map((name) => [name, roleOf(name)]));
}

/** Rows that go with the vectors: Parquet columns beside them, a table of as many rows, or numbers. */
async function readMetadata(
  entries: readonly SourceEntry[],
  { arrays, groups }: OpenedVectors,
  { signal, report }: ReadOptions,
): Promise<{ tables: MetadataTable[]; files: string[]; warnings: string[] }> {
  const rows = Math.max(...[...arrays.values()].map((array) => array.rows));
  const loose = entries.filter(({ path }) => /\.(csv|tsv|jsonl)$/i.test(path));
  const misfits: string[] = [];
  for (const group of groupShards(loose)) {
    const { tables, warnings } = await readTables(group.files, { signal, report });
    const files = group.files.map(({ path }) => path);
    const found = countRows(tables);
    if (hasRows(arrays, found)) return { tables, files, warnings };
    misfits.push(`${files.join(", ")} has ${count(found, "row")}`);
  }
  for (const { files } of [...groups, ...(await tableFiles(entries, groups, signal))]) {
    const tables: MetadataTable[] = [];
    for (const file of files) if (file.readTable) tables.push(await file.readTable(signal));
    const paths = files.map(({ path }) => path);
    if (tables.length === 0) continue;
    if (hasRows(arrays, countRows(tables))) return { tables, files: paths, warnings: [] };
    misfits.push(`${paths.join(", ")} has ${count(countRows(tables), "row")}`);
  }
  if (misfits.length > 0) {
    const sizes = [...arrays].map(([name, array]) => `${name} has ${count(array.rows, "row")}`);
    throw new AppError("import/embeddings", [...misfits, ...sizes].join(", "));
  }
  return { tables: [numberedRows(rows)], files: [], warnings: [] };
}

/** Parquet files without vectors, which may be metadata. */
async function tableFiles(
  entries: readonly SourceEntry[],
  groups: OpenedVectors["groups"],
  signal: AbortSignal,
): Promise<{ files: readonly VectorFile[] }[]> {
  const withVectors = new Set(groups.flatMap(({ files }) => files.map(({ path }) => path)));
  const others = entries.filter(({ path }) => /\.parquet$/i.test(path) && !withVectors.has(path));
  return Promise.all(
    groupShards(others).map(async ({ files }) => {
      const opened: VectorFile[] = [];
      for (const entry of files) opened.push(await openVectorFile(entry, signal));
      return { files: opened };
    }),
  );
}

function hasRows(arrays: ReadonlyMap<string, VectorArray>, rows: number): boolean {
  return [...arrays.values()].some((array) => array.rows === rows);
}

function numberedRows(rows: number): MetadataTable {
  const where = (_: unknown, i: number) => ({ where: `row ${i}`, cells: [] });
  return { path: "", columns: [], rows: Array.from({ length: rows }, where), broken: [] };
}

function countRows(tables: readonly MetadataTable[]): number {
  return tables.reduce((sum, table) => sum + table.rows.length + table.broken.length, 0);
}

function summaryOf(arrays: ReadonlyMap<string, VectorArray>, files: readonly string[]): string {
  const shapes = [...arrays].map(([name, array]) => `${name} ${shapeWords(array)}`);
  return [`${NAME}: ${shapes.join(", ")}`, ...files.slice(0, 1)].join(", with ");
}

/** `3,246 × 1,280 float16`. */
export function shapeWords({ rows, width, format }: VectorArray): string {
  const [n, d] = [rows, width].map((size) => size.toLocaleString("en"));
  return `${n} × ${d} ${format}`;
}

function mismatch(arrays: ReadonlyMap<string, VectorArray>): string[] {
  const { image, text } = sidesOf(arrays);
  const sizes = [image, text].map((name) => arrays.get(name ?? "")?.rows);
  if (image === undefined || text === undefined) {
    return ["The names do not tell which array is of images and which of texts: choose them."];
  }
  if (sizes[0] === sizes[1]) return [];
  return [`${image} has ${sizes[0]} rows and ${text} ${sizes[1]}: they must have as many.`];
}
