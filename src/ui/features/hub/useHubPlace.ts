import { useLocation, useRoute } from "wouter";
import { useProject } from "../../components/projectContext";

/** Parts of the Hub step by address, with their names, in the order of their tabs. */
export const HUB_TABS = {
  members: "Members",
  add: "Add a modality",
  query: "Query",
  tests: "Tests",
} as const;

export type HubTab = keyof typeof HUB_TABS;

interface Place {
  readonly [name: string]: string | undefined;
  readonly tab?: string | undefined;
  readonly hubId?: string | undefined;
  readonly from?: string | undefined;
}

/** Which hub and which part of it the address names, and the way to others. */
export function useHubPlace() {
  const { project } = useProject();
  const [, navigate] = useLocation();
  const [, params] = useRoute<Place>("/p/:id/hub/:tab?/:hubId?/:from?");
  const pathOf = (tab: HubTab | "new", ...rest: readonly string[]) =>
    ["", "p", project.id, "hub", tab, ...rest].join("/");
  return {
    tab: tabOf(params?.tab),
    /** A new hub is being made although there is one. */
    isNew: params?.tab === "new",
    /** Undefined: the newest of the project's. */
    hubId: params?.hubId,
    /** The project whose items are to join. */
    from: params?.from,
    pathOf,
    open: (tab: HubTab | "new", ...rest: readonly string[]) => navigate(pathOf(tab, ...rest)),
  } as const;
}

function tabOf(name: string | undefined): HubTab {
  const tabs = Object.keys(HUB_TABS) as HubTab[]; // the record's only keys
  return tabs.find((id) => id === name) ?? "members";
}
