import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import { JobStatus } from "../../components/JobStatus";
import styles from "./RecipePanel.module.css";
import { RECIPE_STEPS } from "./recipeProgress";
import type { RecipeRun } from "./useRecipe";

/** The four steps of a running recipe, each with its jobs. */
export function RecipeSteps({ run }: { readonly run: RecipeRun }) {
  const reached = RECIPE_STEPS.findIndex(({ id }) => id === run.step);
  return (
    <ol className={styles.steps} aria-label="Steps">
      {RECIPE_STEPS.map(({ id, name }, i) => {
        const state = run.status === "done" || i < reached ? "done" : i === reached ? "now" : "";
        const ended = i === reached && run.status !== "running" && run.status !== "done";
        return (
          <li key={id} aria-current={state === "now" ? "step" : undefined}>
            <span className={styles.stepName}>
              <span className="quiet">{i + 1}</span> {name}{" "}
              <span className="quiet">
                {ended
                  ? run.status === "failed"
                    ? "failed"
                    : "stopped"
                  : state === "done" && "done"}
              </span>
            </span>
            {state === "now" &&
              (run.jobs[id] ?? []).map((job) => <StepJob key={job} id={job} name={name} />)}
          </li>
        );
      })}
    </ol>
  );
}

/** Shown only while it runs: how it ended is said once, for the whole recipe. */
function StepJob({ id, name }: { readonly id: string; readonly name: string }) {
  const { jobs } = useServices();
  const job = useJob(id);
  if (!isActive(job)) return null;
  return <JobStatus job={job} label={name} onStop={() => jobs.cancel(id)} />;
}
