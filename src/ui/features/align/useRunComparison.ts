import { useLoaded, useServices } from "../../../app/services";
import type { Run } from "../../../core/domain/run";

/** How two runs answered the same test queries; computed in a worker, undefined until it is there. */
export function useRunComparison(before: Run, after: Run) {
  const { querying } = useServices();
  // Only the newest results count: a run that goes on training is compared again.
  const key = [before, after].map(({ id, updatedAt }) => `${id}@${updatedAt}`).join("/");
  return useLoaded(`compare/${key}`, () => querying.compareRuns(before.id, after.id), []);
}
