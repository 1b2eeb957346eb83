import type { RecipeResults, SweepResults } from "../../../core/domain/recipeResults";
import type { AppError } from "../../../core/errors";
import type { RecipeProgress } from "./recipeProgress";

/** Events on `window` by which the command line follows a recipe in a page it opened. */
export type RecipeEventDetail =
  | ({ readonly type: "progress" } & RecipeProgress)
  | { readonly type: "done"; readonly results: RecipeResults | SweepResults }
  | { readonly type: "failed"; readonly message: string };

const EVENT = "playground:recipe";
const REPORT_MS = 500;

function send(detail: RecipeEventDetail): void {
  window.dispatchEvent(new CustomEvent(EVENT, { detail }));
}

/** Reports a recipe to the command line, progress at most twice a second. */
export class CommandLineReporter {
  #lastMs = -Infinity;

  /** @param always for a new step, which is never left out. */
  progress(progress: RecipeProgress, always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#lastMs < REPORT_MS) return;
    this.#lastMs = now;
    send({ type: "progress", ...progress });
  }

  done(results: RecipeResults | SweepResults): void {
    send({ type: "done", results });
  }

  failed(error: AppError): void {
    send({ type: "failed", message: error.fullText });
  }
}
