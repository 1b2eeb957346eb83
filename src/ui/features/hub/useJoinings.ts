import { useLoaded, useServices, type Loaded } from "../../../app/services";
import type { UnfinishedJoining } from "../../../core/domain/unfinishedJoining";

/** Joinings of a hub that have begun and not ended, oldest first, live. */
export function useJoinings(hubId: string): Loaded<readonly UnfinishedJoining[]> {
  const { stores } = useServices();
  return useLoaded(`joinings/${hubId}`, () => stores.joinings.list(hubId), [
    `hub/${hubId}`,
    "projects",
  ]);
}
