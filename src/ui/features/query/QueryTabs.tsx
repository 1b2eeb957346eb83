import { useRef } from "react";
import styles from "./QueryPanel.module.css";
import { QUERY_TABS, type QueryTab } from "./useQueryPlace";

const NAMES = {
  search: "Search",
  classify: "Zero-shot classifier",
  map: "Map",
  doctor: "Pair doctor",
} as const satisfies Record<QueryTab, string>;

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  Home: () => 0,
  End: (_, last) => last,
};

interface QueryTabsProps {
  readonly tab: QueryTab;
  readonly onOpen: (tab: QueryTab) => void;
}

/** The ways to query. Tab leads to the open one; arrows, Home and End open the others. */
export function QueryTabs({ tab, onOpen }: QueryTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    const next = step && QUERY_TABS[step(QUERY_TABS.indexOf(tab), QUERY_TABS.length - 1)];
    if (!next) return;
    event.preventDefault();
    onOpen(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Ways to query"
      className={styles.tabs}
      onKeyDown={onKeyDown}
    >
      {QUERY_TABS.map((id) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          aria-selected={tab === id}
          aria-controls="query-panel"
          tabIndex={tab === id ? 0 : -1}
          className={styles.tab}
          onClick={() => onOpen(id)}
        >
          {NAMES[id]}
        </button>
      ))}
    </div>
  );
}
