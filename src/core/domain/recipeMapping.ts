import { AppError } from "../errors";
import type { ColumnMapping, ColumnRole } from "./dataset";

/** Roles that only one column can have. */
const SINGLE = new Set<ColumnRole>(["file", "group", "split"]);

/**
 * The guessed mapping with a recipe's roles in it. A role that only one column can have is taken
 * from the column it was guessed for. Ignoring a column that is not there is no mistake: one recipe
 * may serve several layouts of the same data.
 *
 * @throws AppError `recipe/invalid` for another role of a column that the data lacks.
 */
export function recipeMapping(
  guessed: ColumnMapping,
  roles: Readonly<Record<string, ColumnRole>>,
): ColumnMapping {
  const names = guessed.map(({ column }) => column);
  for (const [column, role] of Object.entries(roles)) {
    if (role === "ignore" || names.includes(column)) continue;
    const known = names.slice(0, 20).join(", ");
    throw new AppError("recipe/invalid", `data.columns: no column “${column}”; there are ${known}`);
  }
  const taken = new Set(Object.values(roles).filter((role) => SINGLE.has(role)));
  return guessed.map(({ column, role }) => {
    const given = Object.hasOwn(roles, column) ? roles[column] : undefined;
    return { column, role: given ?? (taken.has(role) ? "ignore" : role) };
  });
}
