import { useState } from "react";
import { methodById } from "../../../core/catalogue/methods";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { Dialog } from "../../components/Dialog";
import { formatDuration, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { methodWords } from "./runFacts";
import styles from "./RunView.module.css";
import { useLiveRun, type Runs } from "./useRuns";

interface RunHeadingProps {
  readonly run: Run;
  readonly runs: Runs;
  readonly onDuplicate: (recipe: Recipe) => void;
}

/** What a run is called and made of, and the commands on its name and settings. */
export function RunHeading({ run, runs, onDuplicate }: RunHeadingProps) {
  const { canEdit } = useProject();
  const [isRenaming, setIsRenaming] = useState(false);
  const method = methodWords(run);
  return (
    <div className={styles.heading}>
      <div>
        <h2>{run.name}</h2>
        <p className="quiet">
          {[run.name === method ? "" : method, ...useTrainingWords(run)]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={!canEdit}
          onClick={() => setIsRenaming(true)}
        >
          Rename
        </button>
        <button type="button" className="button" onClick={() => onDuplicate(run.recipe)}>
          Duplicate and edit
        </button>
      </div>
      <Dialog title="Rename run" open={isRenaming} onClose={() => setIsRenaming(false)}>
        <form
          className={styles.rename}
          action={(form) => {
            const name = String(form.get("name") ?? "").trim();
            if (name) runs.rename(run, name);
            setIsRenaming(false);
          }}
        >
          <label>
            Name
            <input className="field" name="name" defaultValue={run.name} maxLength={200} required />
          </label>
          <div className="actions">
            <button className="button primary">Rename run</button>
            <button type="button" className="button" onClick={() => setIsRenaming(false)}>
              Cancel
            </button>
          </div>
        </form>
      </Dialog>
    </div>
  );
}

function useTrainingWords(run: Run): string[] {
  const live = useLiveRun(run.id);
  const device = live.device ?? run.device;
  const { training, timings, recipe } = run;
  const isTrained = methodById(run.method ?? recipe.align.method)?.kind === "trained";
  return [
    training && isTrained ? formatNumberOf(training.steps, "step") : "",
    training && isTrained ? `batches of ${training.batchSize}` : "",
    training ? `${training.dimension} dimensions` : "",
    device ? (device.startsWith("webgpu") ? "WebGPU" : "CPU") : "",
    timings.alignMs > 0 ? formatDuration(timings.alignMs) : "",
  ];
}
