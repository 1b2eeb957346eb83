import { useProject } from "../../components/projectContext";
import { problemOf, type SettingsProps } from "./formIssue";
import type { TrainOnForm } from "./alignForm";
import styles from "./AlignSettings.module.css";
import { SelectRow, TextRow } from "./FormRow";

const PER_CONCEPT = {
  name: "Pairs per concept",
  explanation: "Unrelated training pairs each concept may take, rare concepts first.",
};

const PAIRS = {
  name: "Training pairs",
  explanation:
    "That many unrelated training pairs, drawn with the seed; a smaller number is part of a larger one. Validation and test stay whole. “100, 300, all” makes a run of each.",
};

/** Which training pairs are learned from: all, a number of them, or a balanced choice. */
export function TrainOnSettings({ form, issue, onChange }: SettingsProps) {
  const { project } = useProject();
  const columns = project.data?.labelColumns ?? [];
  const { trainOn } = form;
  const set = (change: Partial<TrainOnForm>) =>
    onChange({ ...form, trainOn: { ...trainOn, ...change } });
  const balances = trainOn.kind === "column" || trainOn.kind === "names";
  return (
    <>
      <SelectRow
        field={{
          name: "Train on",
          explanation:
            "All training pairs, a random part, or the same share of every concept (by a label, or by names you type): concept coverage after freeze-align, which helps classification more than retrieval.",
        }}
        value={trainOn.kind}
        options={[
          { value: "all", name: "all pairs" },
          { value: "pairs", name: "some pairs" },
          { value: "column", name: "by label", disabled: columns.length === 0 },
          { value: "names", name: "by names" },
        ]}
        onChange={(kind) =>
          set(kind === "column" && !trainOn.column ? { kind, column: columns[0] ?? "" } : { kind })
        }
      />
      {trainOn.kind === "pairs" && (
        <TextRow
          field={PAIRS}
          problem={problemOf(issue, "trainOn")}
          value={trainOn.pairs}
          onChange={(pairs) => set({ pairs })}
        />
      )}
      {trainOn.kind === "column" && (
        <SelectRow
          field={{ name: "Label", explanation: "The column whose values are the concepts." }}
          problem={problemOf(issue, "trainOn.concepts")}
          value={trainOn.column}
          options={[...new Set([trainOn.column, ...columns])].map((name) => ({
            value: name,
            name,
          }))}
          onChange={(column) => set({ column })}
        />
      )}
      {trainOn.kind === "names" && (
        <NamesField
          value={trainOn.names}
          problem={problemOf(issue, "trainOn.concepts")}
          onChange={(names) => set({ names })}
        />
      )}
      {balances && (
        <TextRow
          field={PER_CONCEPT}
          problem={problemOf(issue, "trainOn.perConcept")}
          value={trainOn.perConcept}
          onChange={(perConcept) => set({ perConcept })}
        />
      )}
    </>
  );
}

interface NamesFieldProps {
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

/** Names of concepts, one per line. */
export function NamesField({ value, problem, onChange }: NamesFieldProps) {
  return (
    <label className={styles.templates}>
      Concepts, one per line
      <textarea
        className="field"
        rows={4}
        aria-invalid={problem !== null || undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem && <span className={styles.problem}>{problem}</span>}
    </label>
  );
}
