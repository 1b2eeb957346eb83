import type { FrozenCheck } from "../../core/domain/hub";
import { AppError } from "../../core/errors";
import { isSameState, refuseChangedNumbers } from "./frozenState";
import { stateNow } from "./joinHub";
import type { JoinContext, JoinDependencies } from "./joinService";
import { hubCaptionSplits } from "./links";

/**
 * Computes again what a hub gave when it was frozen, and compares: `isUnchanged` false with the
 * same data means other embeddings (encoded again by other arithmetic, or gone).
 *
 * @throws AppError `hub/changed` where projectors are not those its digests name, or where the
 *   project's data were edited since and give other numbers; `embeddings/missing` for a hub that
 *   was frozen without embeddings; `storage/missing`, `cancelled`.
 */
export async function checkHub(
  deps: JoinDependencies,
  { hubId }: { readonly hubId: string },
  { signal, report }: JoinContext,
): Promise<FrozenCheck> {
  const whole = await deps.hubs.get(hubId);
  await refuseChangedNumbers(whole);
  const { name, frozen, projectId, base } = whole.hub;
  if (!frozen) throw new AppError("embeddings/missing", `“${name}” was frozen without any`);
  await deps.openBackend("wasm");
  const hubSplits = await hubCaptionSplits(deps.datasets, whole.hub);
  const after = await stateNow(deps, { members: base }, { hubSplits, signal, report });
  const isUnchanged = isSameState(frozen, after);
  if (isUnchanged) return { before: frozen, after, isUnchanged };
  const project = await deps.projects.get(projectId);
  if (base.some(({ data }) => data && data.digest !== project.data?.digest)) {
    const detail = `the data of “${project.name}” were edited since “${name}” was frozen; its projectors are the same`;
    throw new AppError("hub/changed", detail);
  }
  return { before: frozen, after, isUnchanged };
}
