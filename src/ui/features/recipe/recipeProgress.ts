import type { RecipeStep } from "../../../app/recipePreparation";
import type { JobState } from "../../../core/job";
import type { Progress } from "../../../core/progress";
import { formatDuration } from "../../components/formatting";
import { amountOf, STAGE_WORDS } from "../../components/stageWords";

/** The steps of a recipe in order, as a screen names them. */
export const RECIPE_STEPS = [
  { id: "import", name: "Import pairs" },
  { id: "encode", name: "Encode both sides" },
  { id: "align", name: "Align and evaluate" },
  { id: "query", name: "Time queries" },
] as const satisfies readonly { id: RecipeStep; name: string }[];

/** One line and one fraction for everything a recipe does: what the command line shows. */
export interface RecipeProgress {
  readonly text: string;
  /** Share of the steps done, in [0, 1]; steps count alike. */
  readonly fraction: number;
}

/** Progress of a recipe from the jobs of its current step. */
export function recipeProgress(step: RecipeStep, jobs: readonly JobState[]): RecipeProgress {
  const place = RECIPE_STEPS.findIndex(({ id }) => id === step);
  const name = RECIPE_STEPS[place]?.name ?? step;
  const running = jobs.flatMap((job) =>
    (job.status === "running" || job.status === "cancelling") && job.progress ? [job.progress] : [],
  );
  const parts = running.map(wordsOf);
  const shares = jobs.map((job) => {
    if (job.status === "done") return 1;
    if (!("progress" in job) || !job.progress || job.progress.total <= 0) return 0;
    return job.progress.done / job.progress.total;
  });
  const share = shares.length > 0 ? shares.reduce((a, b) => a + b) / shares.length : 0;
  return {
    text: parts.length > 0 ? `${name}: ${parts.join(" · ")}` : name,
    fraction: (place + share) / RECIPE_STEPS.length,
  };
}

function wordsOf(progress: Progress): string {
  const { done, total, unit, remainingMs } = progress;
  const left = remainingMs === undefined ? "" : `, about ${formatDuration(remainingMs)} left`;
  if (unit === "runs") return `run ${Math.min(done + 1, total)} of ${total}${left}`;
  return `${STAGE_WORDS[progress.stage].toLowerCase()} ${amountOf(progress)}${left}`.trim();
}
