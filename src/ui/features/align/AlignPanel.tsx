import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { Project } from "../../../core/domain/project";
import { defaultRecipe, type Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { JoinsHub } from "../../components/JoinsHub";
import { useProject } from "../../components/projectContext";
import { formOf } from "./alignForm";
import styles from "./AlignPanel.module.css";
import { AlignSettings } from "./AlignSettings";
import { CoveragePanel } from "./CoveragePanel";
import { methodsOf } from "./formFields";
import { runName } from "./formRecipe";
import { LearningCurvePanel } from "./LearningCurvePanel";
import { RunsTable } from "./RunsTable";
import { RunView } from "./RunView";
import { SweepStrips } from "./SweepStrip";
import { planOf } from "./sweepForm";
import { useAlignForm } from "./useAlignForm";
import { useMissing } from "./useMissing";
import { useRuns, type Runs } from "./useRuns";
import { useSweeps } from "./useSweeps";

/** The Align step: choose a method, watch held-out recall, compare runs. */
export function AlignPanel() {
  const { project } = useProject();
  const runs = useRuns(project);
  const { error, dismissError } = runs;
  if (!project.data) {
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
  const { media } = project.data;
  if (media !== "image" && runs.runs?.length === 0) {
    return (
      <>
        <h1>Align</h1>
        <JoinsHub media={media} instead="aligned by a run of their own" tab="members" />
      </>
    );
  }
  return (
    <div className="stack loose">
      <h1>Align</h1>
      {error && <ErrorNote error={error} onDismiss={dismissError} />}
      {runs.runs && <Workbench runs={runs} list={runs.runs} />}
    </div>
  );
}

interface WorkbenchProps {
  readonly runs: Runs;
  readonly list: readonly Run[];
}

/** Everything of the step that needs the stored runs. */
function Workbench({ runs, list }: WorkbenchProps) {
  const { project } = useProject();
  const sweeps = useSweeps(project, list);
  const missing = useMissing();
  const [start] = useState(() => formOf(firstRecipe(project, list)));
  const [form, setForm] = useAlignForm(project, start, runs.refuse);
  const name = runName(
    methodsOf(form),
    list.map((run) => run.sweep?.name ?? run.name),
  );
  // Up to 500 recipes are checked, and a training reports ten times a second.
  const plan = useMemo(() => planOf(form, project, name), [form, project, name]);
  const base = plan.sweep?.recipes[0] ?? defaultRecipe({ project: project.id });
  const blocked = blockedBy(runs, missing);
  const { selected } = runs;
  const duplicate = (recipe: Recipe) => {
    setForm(formOf(recipe));
    document.querySelector<HTMLInputElement>('input[name="method"]:checked')?.focus();
  };
  return (
    <>
      {sweeps.error && <ErrorNote error={sweeps.error} onDismiss={sweeps.dismissError} />}
      <div className={styles.columns}>
        <AlignSettings {...{ runs, sweeps, list, form, plan, missing }} onChange={setForm} />
        <div className={styles.main}>
          <SweepStrips runs={runs} sweeps={sweeps} />
          {selected && (
            <RunView key={selected.id} run={selected} runs={runs} onDuplicate={duplicate} />
          )}
          {list.length === 0 && (
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
      {list.length > 0 && <RunsTable runs={runs} list={list} onDuplicate={duplicate} />}
      <LearningCurvePanel {...{ sweeps, list, base, blocked }} />
      <CoveragePanel {...{ sweeps, list, base, blocked }} />
    </>
  );
}

/** What the form opens with: the newest run that was started by itself, else the defaults. */
function firstRecipe(project: Project, list: readonly Run[]): Recipe {
  const single = list.find(({ sweep }) => sweep === null);
  return single?.recipe ?? defaultRecipe({ project: project.id });
}

function blockedBy({ activeRun }: Runs, missing: string | null): string | null {
  if (missing !== null) return "It needs the embeddings of both sides first.";
  return activeRun ? "One run at a time: one is still training." : null;
}
