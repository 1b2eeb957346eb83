import type { KnownRoles } from "../../../core/domain/importFormat";
import type { MediaModality } from "../../../core/domain/modality";
import { basenameOf } from "../../../core/domain/pathResolver";
import { count } from "../faults";
import type { MetadataTable } from "../metadataTable";
import type { OpenedSource } from "../openSource";
import type { SourceEntry } from "../sourceEntry";
import type { Metadata } from "./dataFormat";
import { survey } from "./survey";

interface Parts {
  readonly source: OpenedSource;
  /** Metadata files and packaging. */
  readonly files: readonly SourceEntry[];
  readonly tables: readonly MetadataTable[];
  readonly warnings: readonly string[];
  readonly roles?: KnownRoles;
  /** Either whole: `COCO captions: 5 images, 25 captions`; */
  readonly summary?: string;
  /** or what comes before the counts: `Image folder`. */
  readonly name?: string;
}

/** Metadata of tables that name files. */
export function tablesAndFiles({ source, files, tables, warnings, ...parts }: Parts): Metadata {
  const { modality, media } = survey(source);
  const rows = tables.reduce((sum, table) => sum + table.rows.length + table.broken.length, 0);
  const [only] = files;
  const metadata =
    only && files.length === 1 ? basenameOf(only.path) : count(files.length, "metadata file");
  const counts = `${count(rows, "row")}, ${countMedia(media.length, modality)}`;
  return {
    tables,
    columns: [...new Set(tables.flatMap(({ columns }) => columns))],
    roles: parts.roles ?? {},
    entries: source.entries,
    metadataPaths: new Set(files.map(({ path }) => path)),
    media: modality,
    summary: parts.summary ?? `${parts.name ?? "Files"} with ${metadata}: ${counts}`,
    warnings,
  };
}

/** `3,246 images`, `1 recording`. */
export function countMedia(value: number, modality: MediaModality): string {
  return count(value, modality === "audio" ? "recording" : "image");
}
