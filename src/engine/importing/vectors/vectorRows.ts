import { folderOf, cleanPath, PathResolver } from "../../../core/domain/pathResolver";
import { modalityOfName } from "../../../core/domain/mediaNames";
import type { Fault } from "../faults";
import type { MetadataTable } from "../metadataTable";
import { factsOf, type PlannedRow } from "../planRows";
import { cellReader, textOf } from "../roles";
import type { SourceEntry } from "../sourceEntry";
import type { VectorRoles } from "./vectorRoles";

/** What the metadata says about one row of the arrays. */
export interface VectorRow extends Pick<PlannedRow, "where" | "group" | "split" | "labels"> {
  /** As the file column says; "" where it says nothing. */
  readonly file: string;
  /** Index of its picture among the entries; null where none was dropped. */
  readonly entry: number | null;
  readonly caption: string;
}

/** Row i of the arrays: what the metadata says about it, or why that cannot be read. */
export type RowOrFault = VectorRow | { readonly where: string; readonly fault: Fault };

/** Every record of the metadata in file order, broken ones included: they keep their place. */
export function vectorRows(
  tables: readonly MetadataTable[],
  entries: readonly SourceEntry[],
  roles: VectorRoles,
): RowOrFault[] {
  const find = pictureFinder(entries);
  return tables.flatMap((table) => {
    const read = cellReader(table);
    const rows: RowOrFault[] = table.rows.map((row) => {
      const file = roles.file === null ? "" : textOf(read(row, roles.file));
      const caption = roles.caption === null ? "" : textOf(read(row, roles.caption));
      return {
        where: row.where,
        file,
        entry: file === "" ? null : find(file, folderOf(table.path)),
        caption: caption.normalize("NFC"),
        ...factsOf(row, roles, read),
      };
    });
    if (table.broken.length === 0) return rows;
    return [...rows, ...table.broken].sort((a, b) => lineOf(a.where) - lineOf(b.where));
  });
}

/** Finds pictures among the entries: by path, from the root or from the metadata's folder, or name. */
function pictureFinder(entries: readonly SourceEntry[]) {
  const pictures = entries.flatMap(({ path }, i) => (modalityOfName(path) === "image" ? [i] : []));
  if (pictures.length === 0) return () => null;
  const resolver = new PathResolver(pictures.map((i) => entries[i]!.path));
  const lookUp = (reference: string, folder: string) => {
    const match = resolver.resolve(reference, folder);
    return match.kind === "found" ? { index: pictures[match.index]!, via: match.via } : null;
  };
  return (file: string, folder: string): number | null => {
    const fromRoot = lookUp(file, "");
    if (fromRoot?.via === "exact") return fromRoot.index;
    const isPath = "path" in cleanPath(file);
    // clip-retrieval writes the absolute paths of the machine it ran on: their last part is left.
    const found = isPath ? lookUp(file, folder) : lookUp(lastPart(file), "");
    return (found ?? fromRoot)?.index ?? null;
  };
}

const lastPart = (path: string) => path.replaceAll("\\", "/").split("/").at(-1) ?? "";
const lineOf = (where: string) => Number(where.slice(where.lastIndexOf(":") + 1));
