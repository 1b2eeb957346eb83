import { useState } from "react";
import type { Run } from "../../../core/domain/run";
import { SelectField } from "../../components/SelectField";
import styles from "./CompareRuns.module.css";
import { OverlayView } from "./OverlayView";
import { RecipeDiff } from "./RecipeDiff";
import { RunDifference } from "./RunDifference";

/** The ticked runs: their curves over each other, and two of them side by side. */
export function CompareRuns({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0) return null;
  return (
    <section className={`stack ${styles.compare}`} aria-label="Comparison of runs">
      <h2>Comparison</h2>
      <OverlayView runs={runs} />
      {runs.length === 1 ? (
        <p className="quiet">Tick a second run to compare settings and results.</p>
      ) : (
        <TwoRuns runs={runs} />
      )}
    </section>
  );
}

function TwoRuns({ runs }: { readonly runs: readonly Run[] }) {
  // Older before newer, unless the visitor chose.
  const byAge = runs.toSorted((a, b) => a.createdAt - b.createdAt);
  const [chosen, setChosen] = useState<{ before?: string; after?: string }>({});
  const find = (id: string | undefined) => runs.find((run) => run.id === id);
  const before = find(chosen.before) ?? byAge.find(({ id }) => id !== chosen.after);
  const after = find(chosen.after) ?? byAge.find(({ id }) => id !== before?.id);
  if (!before || !after) return null;
  const menu = (side: "before" | "after", run: Run, words: string) => (
    <SelectField
      labelled="beside"
      label={words}
      options={runs}
      value={run.id}
      onChange={(id) => setChosen({ before: before.id, after: after.id, [side]: id })}
    />
  );
  return (
    <div className="stack">
      <div className={styles.pickers}>
        {menu("before", before, "Compare")}
        {menu("after", after, "with")}
        <button
          type="button"
          className="button"
          onClick={() => setChosen({ before: after.id, after: before.id })}
        >
          Swap
        </button>
      </div>
      {before.id === after.id ? (
        <p>Choose two different runs.</p>
      ) : (
        <>
          <h3>Settings that differ</h3>
          <RecipeDiff before={before} after={after} />
          <h3>Test results</h3>
          <RunDifference before={before} after={after} />
        </>
      )}
    </div>
  );
}
