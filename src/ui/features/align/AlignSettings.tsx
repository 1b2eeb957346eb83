import { Link } from "wouter";
import { defaultRecipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import type { Sweep } from "../../../core/domain/sweep";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { AlignDetails } from "./AlignDetails";
import { AlignedEmbeddings } from "./AlignedEmbeddings";
import { formOf, type AlignForm } from "./alignForm";
import styles from "./AlignSettings.module.css";
import { MethodList } from "./MethodList";
import { estimateOf } from "./sweepEstimate";
import type { FormPlan } from "./sweepForm";
import type { Runs } from "./useRuns";
import type { SweepCommands } from "./useSweeps";

interface AlignSettingsProps {
  readonly runs: Runs;
  readonly sweeps: SweepCommands;
  readonly list: readonly Run[];
  readonly form: AlignForm;
  /** What the form asks for now. */
  readonly plan: FormPlan;
  /** What must be encoded first; null: nothing. */
  readonly missing: string | null;
  readonly onChange: (form: AlignForm) => void;
}

/** The short form: a method, details folded away, one button. */
export function AlignSettings(props: AlignSettingsProps) {
  const { runs, sweeps, list, form, plan, missing, onChange } = props;
  const { project, canEdit } = useProject();
  const pairs = project.data?.report.splits.train ?? 0;
  const submit = () => {
    if (plan.issue) return runs.refuse(plan.issue.error);
    const { sweep } = plan;
    const [recipe, ...more] = sweep.recipes;
    if (recipe && more.length === 0) runs.start(() => recipe);
    else {
      runs.select(null); // what trains comes into view, one run of the queue after the other
      sweeps.start(() => sweep);
    }
  };
  return (
    <form
      className="stack"
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <MethodList form={form} pairs={pairs} onChange={onChange} />
      <AlignedEmbeddings />
      <AlignDetails form={form} issue={plan.issue} onChange={onChange} />
      <ResetButton form={form} onReset={onChange} />
      <button
        type="submit"
        className="button primary"
        disabled={!canEdit || missing !== null || runs.activeRun !== undefined}
      >
        {buttonWords(plan, pairs)}
      </button>
      <p className={`${styles.hint} ${styles.reserved}`} aria-live="polite">
        {missing !== null ? (
          <>
            {missing} <Link href={`/p/${project.id}/encode`}>Go to Encode</Link>
          </>
        ) : runs.activeRun ? (
          "One run at a time: this one is still training."
        ) : (
          hintOf(plan, pairs, list)
        )}
      </p>
    </form>
  );
}

function buttonWords({ sweep }: FormPlan, pairs: number): string {
  const runs = sweep?.recipes.length ?? 1;
  return runs > 1
    ? `Align ${formatNumberOf(runs, "run")}`
    : `Align ${formatNumberOf(pairs, "pair")}`;
}

function hintOf({ sweep, repeats, issue }: FormPlan, pairs: number, list: readonly Run[]): string {
  if (issue) return issue.message;
  const held = `${formatCount(pairs)} training pairs; the held-out pairs only measure.`;
  if (sweep.recipes.length === 1) return held;
  const left =
    repeats > 0
      ? ` ${formatNumberOf(repeats, "combination")} that would repeat another left out.`
      : "";
  return `${sweepInWords(sweep)}.${left} ${estimateOf(sweep.recipes, list, pairs)}`;
}

/** Which settings a sweep varies: `learningRate × 2, seed × 3`. */
function sweepInWords({ axes }: Sweep): string {
  return axes
    .map(({ key, values }) => `${key.slice(key.indexOf(".") + 1)} × ${values.length}`)
    .join(", ");
}

interface ResetButtonProps {
  readonly form: AlignForm;
  readonly onReset: (form: AlignForm) => void;
}

/** Back to the defaults of every detail; the method stays. */
function ResetButton({ form, onReset }: ResetButtonProps) {
  const { project } = useProject();
  const defaults = { ...formOf(defaultRecipe({ project: project.id })), method: form.method };
  if (JSON.stringify(form) === JSON.stringify(defaults)) return null;
  return (
    <button type="button" className="button quiet" onClick={() => onReset(defaults)}>
      Reset to defaults
    </button>
  );
}
