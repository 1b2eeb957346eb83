import { Link } from "wouter";
import { defaultRecipe } from "../../../core/domain/recipe";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { useProject } from "../../components/projectContext";
import { AlignSettings } from "./AlignSettings";
import styles from "./AlignPanel.module.css";
import { RunsTable } from "./RunsTable";
import { RunView } from "./RunView";
import { useRuns } from "./useRuns";

/** The Align step: choose a method, watch held-out recall, compare runs. */
export function AlignPanel() {
  const { project } = useProject();
  const runs = useRuns(project);
  const { data } = project;
  if (!data) {
    return (
      <>
        <h1>Align</h1>
        <EmptyState title="No pairs yet">
          <p>Aligning needs pairs of images and captions, and an embedding of each.</p>
          <Link className="button" href={`/p/${project.id}/data`}>
            Add data
          </Link>
        </EmptyState>
      </>
    );
  }
  const { error, dismissError, selected } = runs;
  return (
    <div className={styles.panel}>
      <h1>Align</h1>
      {error && <ErrorNote error={error} onDismiss={dismissError} />}
      <div className={styles.columns}>
        {runs.runs && (
          <AlignSettings
            runs={runs}
            list={runs.runs}
            start={runs.runs[0]?.recipe ?? defaultRecipe({ project: project.id })}
          />
        )}
        <div className={styles.main}>
          {selected && <RunView key={selected.id} run={selected} runs={runs} />}
          {runs.runs?.length === 0 && (
            <EmptyState title="No run yet">
              <p>
                A run learns to place both sides in one space. It is judged on pairs it never
                trained on: how often the right partner is among the first k of the whole held-out
                gallery. Chance and the closed forms are computed beside it.
              </p>
            </EmptyState>
          )}
        </div>
      </div>
      {runs.runs && runs.runs.length > 0 && <RunsTable runs={runs} list={runs.runs} />}
    </div>
  );
}
