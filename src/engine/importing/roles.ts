import { isGroupName } from "../../core/domain/columns";
import type { ColumnMapping, ColumnRole, SplitSpec } from "../../core/domain/dataset";
import { AppError } from "../../core/errors";
import type { Cell, MetadataRow, MetadataTable } from "./metadataTable";

/** The columns an import reads, by what they are for. */
export interface Roles {
  readonly file: string;
  readonly captions: readonly string[];
  readonly group: string | null;
  readonly split: string | null;
  readonly labels: readonly string[];
  /** Columns that say what belongs together though the split does not go by them; see `spareGroupsOf`. */
  readonly spareGroups: readonly string[];
}

/**
 * Columns by role. `spec.group` names the group column; `auto` takes the one with that role.
 *
 * @throws AppError `import/mapping`: not exactly one file column, no caption column, two group or
 *   split columns, or a name that no metadata file has.
 */
export function rolesOf(
  mapping: ColumnMapping,
  spec: SplitSpec,
  columns: readonly string[],
): Roles {
  const { named, single } = columnsByRole(mapping);
  const file = single("file");
  if (file === null) throw new AppError("import/mapping", "no column has the role file");
  const captions = named("caption");
  if (captions.length === 0) throw new AppError("import/mapping", "no column has the role caption");
  const group = spec.group === "auto" ? single("group") : spec.group;
  const spareGroups = spareGroupsOf(mapping, group);
  const roles = {
    ...{ file, captions, group, split: single("split") },
    ...{ labels: named("label"), spareGroups },
  };
  refuseUnknown([file, ...captions, roles.group, roles.split, ...roles.labels], columns);
  return roles;
}

/**
 * Group columns that are not the one chosen, and ignored columns with the name of one. Their values
 * are kept beside the labels, so that the check for leaks sees what another split tears apart.
 */
export function spareGroupsOf(mapping: ColumnMapping, group: string | null): string[] {
  return mapping
    .filter(({ column, role }) => {
      if (column === group) return false;
      return role === "group" || (role === "ignore" && isGroupName(column));
    })
    .map(({ column }) => column);
}

/** The columns of a role, and the one column of a role that only one may have, or null. */
export function columnsByRole(mapping: ColumnMapping) {
  const named = (wanted: ColumnRole) =>
    mapping.filter(({ role }) => role === wanted).map(({ column }) => column);
  /** @throws AppError `import/mapping` when several have it. */
  const single = (wanted: ColumnRole): string | null => {
    const found = named(wanted);
    if (found.length <= 1) return found[0] ?? null;
    throw new AppError("import/mapping", `${found.length} ${wanted} columns: ${found.join(", ")}`);
  };
  return { named, single };
}

/** @throws AppError `import/mapping`, naming those of `used` that the data does not have. */
export function refuseUnknown(used: readonly (string | null)[], columns: readonly string[]): void {
  const unknown = used.filter((column) => column !== null && !columns.includes(column));
  if (unknown.length > 0) {
    throw new AppError("import/mapping", `no column named ${unknown.join(", ")}`);
  }
}

/** Reads cells of one table by column name; a column the table lacks is empty. */
export function cellReader(table: MetadataTable): (row: MetadataRow, column: string) => Cell {
  const places = new Map(table.columns.map((column, i) => [column, i]));
  return (row, column) => row.cells[places.get(column) ?? -1] ?? "";
}

/** A cell as one text. */
export function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell.trim() : cell.join(", ").trim();
}
