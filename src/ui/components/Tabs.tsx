import { useRef } from "react";
import styles from "./Tabs.module.css";

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  Home: () => 0,
  End: (_, last) => last,
};

interface TabsProps<Id extends string> {
  /** Tabs in order, by id; the panel is labelled by `tab-<id>`. */
  readonly names: Readonly<Record<Id, string>>;
  readonly tab: Id;
  /** What the tabs are, for those who hear them. */
  readonly label: string;
  /** Id of the element with role `tabpanel`. */
  readonly panelId: string;
  readonly onOpen: (tab: Id) => void;
}

/** The parts of a screen. Tab leads to the open one; arrows, Home and End open the others. */
export function Tabs<Id extends string>({ names, tab, label, panelId, onOpen }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const ids = Object.keys(names) as Id[]; // the record's only keys
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    const next = step && ids[step(ids.indexOf(tab), ids.length - 1)];
    if (!next) return;
    event.preventDefault();
    onOpen(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className={styles.tabs} onKeyDown={onKeyDown}>
      {ids.map((id) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          aria-selected={tab === id}
          aria-controls={panelId}
          tabIndex={tab === id ? 0 : -1}
          className={styles.tab}
          onClick={() => onOpen(id)}
        >
          {names[id]}
        </button>
      ))}
    </div>
  );
}
