import type { ColumnMapping, SplitSpec } from "../../../core/domain/dataset";
import { AppError } from "../../../core/errors";
import { columnsByRole, refuseUnknown, spareGroupsOf, type Roles } from "../roles";

/** The columns an import of embeddings reads, by what they are for. */
export interface VectorRoles extends Pick<Roles, "group" | "split" | "labels" | "spareGroups"> {
  /** Names of the arrays. */
  readonly image: string;
  readonly text: string;
  /** Names the picture of a row; null: rows are pictures of their own. */
  readonly file: string | null;
  /** Names the text of a row; null: rows are texts of their own. */
  readonly caption: string | null;
}

/**
 * Columns by role. Names of files and captions may be missing: the vectors are enough.
 *
 * @throws AppError `import/mapping`: not exactly one array of each side, more than one column of
 *   another single role, or a name that the data does not have.
 */
export function vectorRolesOf(
  mapping: ColumnMapping,
  spec: SplitSpec,
  columns: readonly string[],
): VectorRoles {
  const { named, single } = columnsByRole(mapping);
  const array = (wanted: "image-vectors" | "text-vectors"): string => {
    const found = single(wanted);
    if (found !== null) return found;
    throw new AppError("import/mapping", `no array has the role ${wanted}`);
  };
  const chosen = spec.group === "auto" ? single("group") : spec.group;
  const roles: VectorRoles = {
    image: array("image-vectors"),
    text: array("text-vectors"),
    file: single("file"),
    caption: single("caption"),
    group: chosen,
    split: single("split"),
    labels: named("label"),
    spareGroups: spareGroupsOf(mapping, chosen),
  };
  const { image, text, file, caption, group, split, labels } = roles;
  refuseUnknown([image, text, file, caption, group, split, ...labels], columns);
  return roles;
}
