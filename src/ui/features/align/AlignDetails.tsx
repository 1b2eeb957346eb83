import { BASELINE_EXPLANATIONS, BASELINE_NAMES } from "../../components/baselineNames";
import { Term } from "../../components/Term";
import { BASELINE_IDS } from "../../../core/domain/evaluation";
import { formatNumberOf } from "../../components/formatting";
import type { AlignForm } from "./alignForm";
import styles from "./AlignSettings.module.css";
import { DetailsGroup } from "./DetailsGroup";
import { applies, TEXT_FIELDS, type TextKey } from "./formFields";
import { concerns, problemOf, type SettingsProps } from "./formIssue";
import { TextRow } from "./FormRow";
import { ProjectorSettings } from "./ProjectorSettings";
import { StructureSettings } from "./StructureSettings";
import { TrainingSettings } from "./TrainingSettings";
import { TrainOnSettings } from "./TrainOnSettings";
import { ZeroShotSettings } from "./ZeroShotSettings";

/** Every setting beyond the method, in folded groups; only what the chosen methods use. */
export function AlignDetails({ form, issue, onChange }: SettingsProps) {
  const props = { form, issue, onChange };
  const trains = applies("steps", form);
  return (
    <div role="group" aria-label="Details" className={styles.groups}>
      <DetailsGroup
        name="Projectors"
        state={`${form.dimension} dimensions`}
        hasProblem={concerns(issue, ["projectors", "dimension", "expansion"])}
      >
        {applies("projectors", form) && <ProjectorSettings {...props} />}
        <TextRows keys={["dimension", "expansion"]} {...props} />
      </DetailsGroup>
      {trains && (
        <>
          <DetailsGroup
            name="Training"
            state={`${form.steps || "auto"} steps, rate ${form.learningRate}`}
            hasProblem={concerns(issue, TRAINING_KEYS)}
          >
            <TrainingSettings {...props} />
            <TextRows
              keys={["steps", "batchSize", "learningRate", "weightDecay", "dropout"]}
              {...props}
            />
            <TextRows keys={["gradientClip", "patience"]} {...props} />
          </DetailsGroup>
          <DetailsGroup
            name="STRUCTURE"
            state={form.structure.on ? `weight ${form.structure.weight}` : "off"}
            hasProblem={concerns(issue, ["structure"])}
          >
            <StructureSettings {...props} />
          </DetailsGroup>
        </>
      )}
      <DetailsGroup
        name="Pairs and seeds"
        state={`${trainOnInWords(form)}, seed ${form.seed}`}
        hasProblem={concerns(issue, ["trainOn", "seed", "seeds"])}
      >
        <TrainOnSettings {...props} />
        <TextRows keys={["seed", "seeds"]} {...props} />
      </DetailsGroup>
      <DetailsGroup
        name="Evaluation"
        state={`recall@${form.retrieval}`}
        hasProblem={concerns(issue, ["retrieval", "zeroShot", "csls", "baselines"])}
      >
        <TextRows keys={["retrieval"]} {...props} />
        <ZeroShotSettings {...props} />
        <Csls {...props} />
        <Baselines {...props} />
      </DetailsGroup>
    </div>
  );
}

const TRAINING_KEYS = [
  ...["loss", "positives", "negatives", "fuseMix", "steps", "batchSize", "learningRate"],
  ...["weightDecay", "dropout", "gradientClip", "patience"],
];

function trainOnInWords({ trainOn: { kind, pairs, column, names } }: AlignForm): string {
  switch (kind) {
    case "all":
      return "all";
    case "pairs":
      return `${pairs || "?"} pairs`;
    case "column":
      return `by ${column || "?"}`;
    case "names":
      return formatNumberOf(names.split("\n").filter((name) => name.trim()).length, "concept");
  }
}

function TextRows({
  keys,
  form,
  issue,
  onChange,
}: SettingsProps & { readonly keys: readonly TextKey[] }) {
  return keys
    .filter((key) => applies(key, form) || issue?.key === key)
    .map((key) => (
      <TextRow
        key={key}
        field={TEXT_FIELDS[key]}
        problem={problemOf(issue, key)}
        value={form[key]}
        onChange={(value) => onChange({ ...form, [key]: value })}
      />
    ));
}

function Csls({ form, onChange }: SettingsProps) {
  return (
    <div className={styles.tick}>
      <input
        type="checkbox"
        aria-label="CSLS"
        checked={form.csls}
        onChange={(event) => onChange({ ...form, csls: event.target.checked })}
      />
      <Term explanation="Also reports retrieval corrected for hubs: items that are near everything lose what they are near to anyway (k = 10, Conneau et al. 2018).">
        CSLS
      </Term>
    </div>
  );
}

function Baselines({ form, onChange }: SettingsProps) {
  return (
    <fieldset className={styles.baselines}>
      <legend>Baselines</legend>
      {BASELINE_IDS.map((id) => (
        <div key={id} className={styles.tick}>
          <input
            type="checkbox"
            aria-label={BASELINE_NAMES[id]}
            checked={form.baselines.includes(id)}
            onChange={(event) =>
              onChange({
                ...form,
                baselines: BASELINE_IDS.filter((other) =>
                  other === id ? event.target.checked : form.baselines.includes(other),
                ),
              })
            }
          />
          <Term explanation={BASELINE_EXPLANATIONS[id]}>{BASELINE_NAMES[id]}</Term>
        </div>
      ))}
    </fieldset>
  );
}
