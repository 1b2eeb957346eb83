import { useState } from "react";
import { useLoaded, useServices } from "../../../app/services";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { learningCurveSizes } from "../../../core/domain/sweep";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Term } from "../../components/Term";
import { LearningCurve } from "./LearningCurve";
import { curvesAmong } from "./curveData";
import { LearningCurveForm } from "./LearningCurveForm";
import styles from "./Sweep.module.css";
import type { SweepCommands } from "./useSweeps";

interface LearningCurvePanelProps {
  readonly sweeps: SweepCommands;
  readonly list: readonly Run[];
  /** Every other setting of the curve's runs. */
  readonly base: Recipe;
  /** Why no run can start now, or null. */
  readonly blocked: string | null;
}

/** Learning curves of the project: how much each method gets out of how many pairs. */
export function LearningCurvePanel({ sweeps, list, base, blocked }: LearningCurvePanelProps) {
  const { project } = useProject();
  const { sweeps: service } = useServices();
  const curves = curvesAmong(sweeps.stored);
  const [chosen, choose] = useState<string | null>(null);
  const shown = curves.find(({ id }) => id === chosen) ?? curves[0];
  const { value: unrelated, error } = useLoaded(
    `unrelated/${project.id}`,
    () => service.unrelatedTrainingPairs(project.id),
    [`project/${project.id}`],
  );
  return (
    <section className="stack section" aria-label="Learning curve">
      <div>
        <h2>Learning curve</h2>
        <p className="quiet">
          How much each method gets out of how many{" "}
          <Term explanation="Training pairs that share no picture and no caption with one another. Counting related ones twice would make the data look larger than it is.">
            unrelated pairs
          </Term>
          {unrelated === undefined ? "." : `; there are ${formatCount(unrelated)} to train on.`}
        </p>
      </div>
      {error && <ErrorNote error={error} />}
      {shown && unrelated !== undefined && <LearningCurve sweep={shown} unrelated={unrelated} />}
      {curves.length > 1 && (
        <label className={styles.choice}>
          Curve
          <select
            className="field"
            value={shown?.id}
            onChange={(event) => choose(event.target.value)}
          >
            {curves.map(({ id, name, runs }, i) => (
              <option key={id} value={id}>
                {`${name}, ${formatCount(runs.length)} runs${i === 0 ? ", newest" : ""}`}
              </option>
            ))}
          </select>
        </label>
      )}
      {unrelated !== undefined && (
        <details className={styles.fold}>
          <summary>{shown ? "Draw another curve" : "Draw a curve"}</summary>
          <LearningCurveForm
            sweeps={sweeps}
            list={list}
            base={base}
            sizes={learningCurveSizes(unrelated)}
            blocked={blocked}
            onStart={() => choose(null)}
          />
        </details>
      )}
    </section>
  );
}
