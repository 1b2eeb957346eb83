import { useState } from "react";
import type { Split } from "../../../core/domain/dataset";
import type { Run } from "../../../core/domain/run";
import { Toast } from "../../components/Toast";
import { useProject } from "../../components/projectContext";
import { FilterPanel, filterWords, isFiltered } from "./FilterPanel";
import styles from "./QueryPanel.module.css";
import search from "../../components/search/Search.module.css";
import { SavedQueryList } from "./SavedQueryList";
import { ScorePanel } from "./ScorePanel";
import { ScoreToggles } from "../../components/search/ScoreToggles";
import { ShareQuery } from "./ShareQuery";
import type { Query } from "./useQuery";
import type { SavedCommands } from "./useSavedQueries";
import { useScoreEffects } from "./useScoreEffects";
import type { ProjectItems } from "./useSearch";

interface QueryControlsProps {
  readonly query: Query;
  readonly run: Run;
  readonly items: ProjectItems;
  readonly saved: SavedCommands;
  /** Step of the space in use. */
  readonly step: number | undefined;
}

const HELD_OUT: readonly Split[] = ["validation", "test"];
const DRAWER = "query-drawer";

/** What is found, how it is scored, which part of the gallery is ranked, and what is kept. */
export function QueryControls({ query, run, items, saved, step }: QueryControlsProps) {
  const { project } = useProject();
  const [drawer, setDrawer] = useState<"filter" | "scores" | "saved" | null>(null);
  const measuring = useScoreEffects(project.id, run.id);
  const { target, scores, filter } = query;
  const savedCount = project.savedQueries?.length ?? 0;
  const heldOutOnly = filter.splits.join() === HELD_OUT.join();
  const opener = (id: NonNullable<typeof drawer>, name: string) => (
    <button
      type="button"
      className={search.opener}
      aria-expanded={drawer === id}
      aria-controls={DRAWER}
      onClick={() => setDrawer(drawer === id ? null : id)}
    >
      {name}
    </button>
  );
  return (
    <>
      <div className={search.chips}>
        <div role="group" aria-label="Find" className={search.targets}>
          {(["image", "text"] as const).map((modality) => (
            <button
              key={modality}
              type="button"
              className={search.chip}
              aria-pressed={target === modality}
              onClick={() => query.find(modality)}
            >
              {modality === "image" ? "Images" : "Captions"}
            </button>
          ))}
        </div>
        <button
          type="button"
          className={search.chip}
          aria-pressed={heldOutOnly}
          onClick={() =>
            query.setFilter({
              ...filter,
              splits: heldOutOnly ? ["train", "validation", "test"] : HELD_OUT,
            })
          }
        >
          From the held-out set
        </button>
        {opener("filter", isFiltered(filter) ? `Filter: ${filterWords(filter)}` : "Filter")}
        <ScoreToggles
          scores={scores}
          effects={measuring.effects}
          direction={target === "image" ? "textToImage" : "imageToText"}
          onChange={query.setScores}
        />
        {opener("scores", "What they do")}
        <span className={styles.keep}>
          {opener("saved", savedCount > 0 ? `Saved (${savedCount})` : "Save")}
          <ShareQuery query={query} run={run} />
        </span>
      </div>
      <div id={DRAWER} hidden={drawer === null}>
        {drawer === "filter" && (
          <FilterPanel filter={filter} items={items} onChange={query.setFilter} />
        )}
        {drawer === "scores" && <ScorePanel measuring={measuring} step={step} />}
        {drawer === "saved" && <SavedQueryList query={query} saved={saved} />}
      </div>
      <Toast
        words={saved.notice?.words}
        onUndo={saved.notice?.undo ?? undefined}
        onDismiss={saved.dismissNotice}
      />
    </>
  );
}
