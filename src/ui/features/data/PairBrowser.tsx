import { useCallback, useState } from "react";
import type { ProjectData } from "../../../core/domain/project";
import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import styles from "./DataPanel.module.css";
import { PairGrid } from "./PairGrid";
import { PairInspector } from "./PairInspector";
import type { Editing } from "../../components/useEditing";
import { usePairSelection } from "./usePairSelection";

interface PairBrowserProps {
  readonly data: ProjectData;
  /** The pairs to show, by index; null: all of them, the excluded struck through. */
  readonly view: readonly number[] | null;
  readonly editing: Editing;
  readonly disabled: boolean;
}

/** The grid of pairs, what is selected in it, and the sheet of the pair that is open. */
export function PairBrowser({ data, view, editing, disabled }: PairBrowserProps) {
  const { project } = useProject();
  const selection = usePairSelection(view);
  const [open, setOpen] = useState<{ index: number; place: number } | null>(null);
  const count = view?.length ?? data.report.pairs + (data.excludedPairs ?? 0);
  const openPair = useCallback((index: number, place: number) => setOpen({ index, place }), []);
  const close = () => {
    const place = open?.place;
    setOpen(null);
    document.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus();
  };
  const change = async (kind: "exclude" | "include") => {
    if (selection.size === 0 || disabled) return;
    const pairs = selection.indices;
    const request = kind === "exclude" ? { kind, pairs, reason: "by hand" } : { kind, pairs };
    if (await editing.apply(request)) selection.clear();
  };
  return (
    <div className="stack tight">
      {selection.size > 0 && (
        <div className={styles.selection} role="group" aria-label="Selected pairs">
          <strong>{formatNumberOf(selection.size, "pair")} selected</strong>
          <button
            type="button"
            className="button"
            disabled={disabled || editing.busy}
            aria-keyshortcuts="Delete"
            onClick={() => void change("exclude")}
          >
            Exclude
          </button>
          <button
            type="button"
            className="button"
            disabled={disabled || editing.busy}
            onClick={() => void change("include")}
          >
            Include
          </button>
          <button type="button" className="button quiet" onClick={selection.clear}>
            Select none
          </button>
        </div>
      )}
      {count === 0 ? (
        <p className="quiet">None.</p>
      ) : (
        <PairGrid
          source={{ projectId: project.id, version: data.digest, view }}
          pairs={count}
          media={data.media}
          selection={selection}
          onOpen={openPair}
          onExclude={() => void change("exclude")}
        />
      )}
      {open && (
        <PairInspector
          index={open.index}
          place={open.place}
          count={count}
          editing={editing}
          disabled={disabled}
          onMove={(place) => setOpen({ place, index: view ? (view[place] ?? place) : place })}
          onClose={close}
        />
      )}
    </div>
  );
}
