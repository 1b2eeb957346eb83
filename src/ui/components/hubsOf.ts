import { useLoaded, useServices, type Loaded } from "../../app/services";
import type { WholeHub } from "../../core/domain/hub";
import type { HubStore } from "../../core/ports";

/** Every hub of this browser with its members, newest first, live. */
export function useAllHubs(): Loaded<readonly WholeHub[]> {
  const { stores } = useServices();
  return useLoaded("all hubs", () => allHubs(stores.hubs), ["hubs"]);
}

/** Hubs made from a project or joined by its items, newest first. */
export async function hubsWith(hubs: HubStore, projectId: string): Promise<readonly WholeHub[]> {
  return (await allHubs(hubs)).filter((whole) => isHubWith(whole, projectId));
}

/** Whether a hub was made from a project, or has items of it. */
export function isHubWith({ hub, members }: WholeHub, projectId: string): boolean {
  return hub.projectId === projectId || members.some(({ data }) => data?.projectId === projectId);
}

async function allHubs(hubs: HubStore): Promise<readonly WholeHub[]> {
  return Promise.all((await hubs.list()).map(({ id }) => hubs.get(id)));
}
