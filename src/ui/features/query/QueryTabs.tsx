import { Tabs } from "../../components/Tabs";
import type { QueryTab } from "./useQueryPlace";

const NAMES = {
  search: "Search",
  classify: "Zero-shot classifier",
  map: "Map",
  doctor: "Pair doctor",
} as const satisfies Record<QueryTab, string>;

interface QueryTabsProps {
  readonly tab: QueryTab;
  readonly onOpen: (tab: QueryTab) => void;
}

/** The ways to query, each with an address. */
export function QueryTabs({ tab, onOpen }: QueryTabsProps) {
  return (
    <Tabs names={NAMES} tab={tab} label="Ways to query" panelId="query-panel" onOpen={onOpen} />
  );
}
