import { useState } from "react";
import { METHODS } from "../../../core/catalogue/methods";
import type { MethodId } from "../../../core/domain/alignSettings";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { curvePlan } from "./curvePlan";
import { TextRow } from "./FormRow";
import styles from "./Sweep.module.css";
import { estimateOf } from "./sweepEstimate";
import type { SweepCommands } from "./useSweeps";

interface LearningCurveFormProps {
  readonly sweeps: SweepCommands;
  readonly list: readonly Run[];
  readonly base: Recipe;
  /** Sizes to start from; the last is all there is. */
  readonly sizes: readonly number[];
  readonly blocked: string | null;
  readonly onStart: () => void;
}

// One of each kind, and the recommended one is left out: it compares methods by itself.
const FIRST_METHODS: readonly MethodId[] = ["freeze-align", "csa", "ridge"];
const SEEDS = 3; // the fewest that show a spread

/** What a learning curve is drawn from: methods, sizes, seeds. */
export function LearningCurveForm(props: LearningCurveFormProps) {
  const { sweeps, list, base, blocked, onStart } = props;
  const { project, canEdit } = useProject();
  const [methods, setMethods] = useState<readonly MethodId[]>(FIRST_METHODS);
  const [sizes, setSizes] = useState(() => [...props.sizes.slice(0, -1), "all"].join(", "));
  const [seeds, setSeeds] = useState(String(SEEDS));
  const plan = curvePlan({ base, methods, sizes, seeds });
  const pairs = project.data?.report.splits.train ?? 0;
  return (
    <form
      className={styles.curveForm}
      aria-label="New learning curve"
      onSubmit={(event) => {
        event.preventDefault();
        if (!plan.sweep) return;
        const { sweep } = plan;
        sweeps.start(() => sweep);
        onStart();
      }}
    >
      <fieldset className={styles.methods}>
        <legend>Methods</legend>
        {METHODS.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={methods.includes(id)}
              onChange={(event) =>
                setMethods(
                  METHODS.map((method) => method.id).filter((other) =>
                    other === id ? event.target.checked : methods.includes(other),
                  ),
                )
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div className={styles.fields}>
        <TextRow
          field={{
            name: "Sizes",
            explanation:
              "Unrelated training pairs, separated by commas; “all” is every pair. A smaller set is part of a larger one of the same seed. Validation and test stay whole.",
          }}
          problem={plan.key === "trainOn" ? plan.problem : null}
          value={sizes}
          onChange={setSizes}
        />
        <TextRow
          field={{
            name: "Seeds",
            explanation: "How many times each point is trained, each time on other pairs.",
          }}
          problem={plan.key === "seed" ? plan.problem : null}
          value={seeds}
          onChange={setSeeds}
        />
      </div>
      <button
        type="submit"
        className="button"
        disabled={!canEdit || !plan.sweep || blocked !== null}
      >
        Draw the curve
      </button>
      <p className="quiet" aria-live="polite">
        {plan.sweep
          ? (blocked ??
            `${formatNumberOf(plan.sweep.recipes.length, "run")}. ${estimateOf(plan.sweep.recipes, list, pairs)}`)
          : plan.problem}
      </p>
    </form>
  );
}
