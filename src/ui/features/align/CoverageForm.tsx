import { useState } from "react";
import { useLoaded, useServices } from "../../../app/services";
import type { Recipe } from "../../../core/domain/recipe";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { coverageSize, coverageSweep, trainingConcepts } from "./conceptCoverage";
import { SelectRow, TextRow } from "./FormRow";
import { linesOf } from "./formRecipe";
import styles from "./Sweep.module.css";
import { NamesField } from "./TrainOnSettings";
import type { SweepCommands } from "./useSweeps";

interface CoverageFormProps {
  readonly sweeps: SweepCommands;
  readonly base: Recipe;
  /** Training pairs that share no item. */
  readonly unrelated: number;
  readonly blocked: string | null;
}

/** Which concepts, and how many pairs of each; the button queues both runs. */
export function CoverageForm({ sweeps, base, unrelated, blocked }: CoverageFormProps) {
  const { project, canEdit } = useProject();
  const columns = project.data?.labelColumns ?? [];
  const [column, setColumn] = useState(columns[0] ?? "");
  const [names, setNames] = useState("");
  const [perConcept, setPerConcept] = useState("20");
  const labels = useTrainingConcepts(column);
  const concepts = column || linesOf(names);
  const count = column ? labels.value?.length : linesOf(names).length;
  const share = Number(perConcept);
  const hasShare = Number.isInteger(share) && share >= 1;
  const size = hasShare && count ? coverageSize({ count, perConcept: share, unrelated }) : 0;
  const request = { base, concepts, perConcept: share, count: count ?? 0, unrelated };
  return (
    <form
      className={styles.curveForm}
      aria-label="New comparison"
      onSubmit={(event) => {
        event.preventDefault();
        sweeps.start(() => coverageSweep({ ...request, label: column || (columns[0] ?? "") }));
      }}
    >
      {labels.error && <ErrorNote error={labels.error} />}
      <div className={styles.fields}>
        <SelectRow
          field={{
            name: "Concepts",
            explanation:
              "The values of a label column, known by the mean of their training images, or names that you type, known by their words.",
          }}
          value={column}
          options={[
            ...columns.map((name) => ({ value: name, name: `the label “${name}”` })),
            { value: "", name: "names you type" },
          ]}
          onChange={setColumn}
        />
        {!column && <NamesField value={names} problem={null} onChange={setNames} />}
        <TextRow
          field={{
            name: "Pairs per concept",
            explanation: "Unrelated training pairs each concept may take, rare concepts first.",
          }}
          problem={hasShare ? null : "Pairs per concept: expected a whole number from 1."}
          value={perConcept}
          onChange={setPerConcept}
        />
      </div>
      <button
        type="submit"
        className="button"
        disabled={!canEdit || blocked !== null || size < 2 || size >= unrelated}
      >
        Compare with a random pick of the same size
      </button>
      <p className="quiet" aria-live="polite">
        {blocked ?? sizeInWords({ size, count, unrelated })}
      </p>
    </form>
  );
}

interface Size {
  readonly size: number;
  readonly count: number | undefined;
  readonly unrelated: number;
}

function sizeInWords({ size, count, unrelated }: Size): string {
  if (count === undefined) return "";
  if (count === 0) return "No concept yet.";
  const taken = `${formatNumberOf(count, "concept")} take ${formatCount(size)} of ${formatNumberOf(unrelated, "unrelated pair")}`;
  if (size >= unrelated) return `${taken}: all there are, so there is nothing to choose.`;
  return `${taken}. Two runs with the settings of the form above, on the same held-out test.`;
}

/** Values of a label column among the training images; none without a column. */
function useTrainingConcepts(column: string) {
  const { project } = useProject();
  const { stores } = useServices();
  return useLoaded(
    `concepts/${project.id}/${column}`,
    async () => {
      if (!column) return [];
      const [images, pairs] = await Promise.all([
        stores.datasets.items(project.id, "image"),
        stores.datasets.pairs(project.id),
      ]);
      return trainingConcepts(images, pairs, column);
    },
    [`project/${project.id}`],
  );
}
