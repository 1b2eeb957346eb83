import { compareRuns, type RunComparison } from "../../core/metrics/compareRuns";
import type { RunStore } from "../../core/ports";
import { breathe } from "../align/breathe";

/**
 * Two stored runs compared query by query; other calls of the worker are served in between.
 *
 * @throws AppError `storage/missing`, `cancelled`.
 */
export async function compareStoredRuns(
  runs: Pick<RunStore, "get">,
  { before, after }: { readonly before: string; readonly after: string },
  signal: AbortSignal,
): Promise<RunComparison> {
  const [first, second] = [await runs.get(before), await runs.get(after)];
  return compareRuns(first, second, () => breathe(signal));
}
