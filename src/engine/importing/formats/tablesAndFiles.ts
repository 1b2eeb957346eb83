import { basenameOf } from "../../../core/domain/pathResolver";
import { count } from "../faults";
import type { MetadataTable } from "../metadataTable";
import type { SourceEntry } from "../sourceEntry";
import type { Metadata } from "./dataFormat";
import { mediaOf } from "./mediaOf";

/** Metadata as it is when tables name files and nothing needs to be rearranged. */
export function tablesAndFiles(parts: {
  readonly entries: readonly SourceEntry[];
  /** The metadata files. */
  readonly files: readonly SourceEntry[];
  readonly tables: readonly MetadataTable[];
  readonly warnings: readonly string[];
  /** `Image folder`. */
  readonly name: string;
}): Metadata {
  const { entries, files, tables, warnings, name } = parts;
  const media = mediaOf(entries);
  const rows = tables.reduce((sum, table) => sum + table.rows.length + table.broken.length, 0);
  const metadata =
    files.length === 1 ? basenameOf(files[0]!.path) : count(files.length, "metadata file");
  const items = count(media.files, media.modality === "audio" ? "recording" : "image");
  return {
    tables,
    columns: [...new Set(tables.flatMap(({ columns }) => columns))],
    roles: {},
    entries,
    metadataPaths: new Set(files.map(({ path }) => path)),
    media: media.modality,
    summary: `${name} with ${metadata}: ${count(rows, "row")}, ${items}`,
    warnings,
  };
}
