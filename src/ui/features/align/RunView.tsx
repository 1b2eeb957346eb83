import { methodById } from "../../../core/catalogue/methods";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { CandidateTable } from "./CandidateTable";
import { RunCharts } from "./RunCharts";
import { RunControls } from "./RunControls";
import { RunHeading } from "./RunHeading";
import { RunNotes } from "./RunNotes";
import { RunResults } from "./RunResults";
import { RunWarnings } from "./RunWarnings";
import { SeedTable } from "./SeedTable";
import type { Runs } from "./useRuns";

interface RunViewProps {
  readonly run: Run;
  readonly runs: Runs;
  /** Opens the form with the settings of a run. */
  readonly onDuplicate: (recipe: Recipe) => void;
}

/** One run: how it goes, its curves, and its results when it is over. */
export function RunView({ run, runs, onDuplicate }: RunViewProps) {
  const kind = methodById(run.method ?? run.recipe.align.method)?.kind;
  return (
    <section className="stack loose" aria-label={`Run ${run.name}`}>
      <RunHeading run={run} runs={runs} onDuplicate={onDuplicate} />
      <RunControls run={run} runs={runs} />
      <RunWarnings run={run} />
      {kind !== "closed-form" && <RunCharts run={run} />}
      <CandidateTable run={run} />
      {run.test ? <RunResults run={run} /> : <SeedTable run={run} />}
      <RunNotes run={run} runs={runs} />
    </section>
  );
}
