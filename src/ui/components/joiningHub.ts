import { useLoaded, useServices } from "../../app/services";
import type { Hub } from "../../core/domain/hub";
import type { SettingStore } from "../../core/ports";

const nameOf = (projectId: string) => `joining/${projectId}`;

/** Remembers which hub the items of a project were brought for, so that the way back is at hand. */
export function rememberJoining(
  settings: SettingStore,
  projectId: string,
  hubId: string,
): Promise<void> {
  return settings.put(nameOf(projectId), hubId);
}

/** The hub the items of a project were brought for; undefined: none, it is gone, they have joined, or not known yet. */
export function useJoiningHub(projectId: string): Hub | undefined {
  const { stores } = useServices();
  const load = async () => {
    const hubId = await stores.settings.get(nameOf(projectId));
    if (typeof hubId !== "string") return undefined;
    const { hub, members } = await stores.hubs.get(hubId);
    const isThere = members.some(({ data }) => data?.projectId === projectId);
    return isThere ? undefined : hub;
  };
  return useLoaded(nameOf(projectId), load, ["hubs"]).value;
}
