import { BASELINE_IDS } from "../../../core/domain/evaluation";
import { methodById } from "../../../core/catalogue/methods";
import { BASELINE_NAMES } from "../../components/baselineNames";
import { useProject } from "../../components/projectContext";
import { Term } from "../../components/Term";
import type { AlignForm } from "./alignForm";
import styles from "./AlignSettings.module.css";

interface AlignDetailsProps {
  readonly form: AlignForm;
  readonly onChange: (form: AlignForm) => void;
}

const NUMBERS = [
  {
    key: "dimension",
    name: "Dimension",
    explanation: "Width of the shared space. Both sides are projected to it.",
    trainedOnly: false,
  },
  {
    key: "steps",
    name: "Steps",
    explanation: "Batches to train on. Left empty, it is chosen from the number of pairs.",
    trainedOnly: true,
  },
  {
    key: "batchSize",
    name: "Batch size",
    explanation:
      "Pairs per step; the others in the batch are the wrong answers. Empty: from the number of pairs.",
    trainedOnly: true,
  },
  {
    key: "learningRate",
    name: "Learning rate",
    explanation: "Peak of a schedule that warms up, then falls along a cosine.",
    trainedOnly: true,
  },
  {
    key: "weightDecay",
    name: "Weight decay",
    explanation: "How strongly AdamW pulls the weights towards zero.",
    trainedOnly: true,
  },
  {
    key: "seed",
    name: "Seed",
    explanation: "Fixes every random choice: the same seed and data give the same run.",
    trainedOnly: false,
  },
] as const;

/** Every setting beyond the method, folded until wanted. */
export function AlignDetails({ form, onChange }: AlignDetailsProps) {
  const trained = methodById(form.method)?.kind === "trained";
  return (
    <details className={styles.details}>
      <summary>Details</summary>
      <div className={styles.grid}>
        {NUMBERS.filter(({ trainedOnly }) => trained || !trainedOnly).map(
          ({ key, name, explanation }) => (
            <div key={key} className={styles.row}>
              <Term explanation={explanation}>{name}</Term>
              <input
                className="field"
                inputMode="decimal"
                aria-label={name}
                placeholder={key === "steps" || key === "batchSize" ? "auto" : undefined}
                value={form[key]}
                onChange={(event) => onChange({ ...form, [key]: event.target.value })}
              />
            </div>
          ),
        )}
        {trained && (
          <div className={styles.row}>
            <Term explanation="Mixes neighbouring embeddings of a batch on both sides alike; helps below about 10,000 pairs (Vouitsis et al. 2024).">
              FuseMix
            </Term>
            <select
              className="field"
              aria-label="FuseMix"
              value={form.fuseMix}
              onChange={(event) =>
                onChange({ ...form, fuseMix: event.target.value as AlignForm["fuseMix"] })
              }
            >
              <option value="auto">auto</option>
              <option value="on">on</option>
              <option value="off">off</option>
            </select>
          </div>
        )}
      </div>
      <ZeroShotSettings form={form} onChange={onChange} />
      <fieldset className={styles.baselines}>
        <legend>Baselines</legend>
        {BASELINE_IDS.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
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
            {BASELINE_NAMES[id]}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

function ZeroShotSettings({ form, onChange }: AlignDetailsProps) {
  const { project } = useProject();
  const columns = project.data?.labelColumns ?? [];
  if (columns.length === 0) return null;
  return (
    <div className={styles.grid}>
      <div className={styles.row}>
        <Term explanation="After training, test images are classified by the words of their label alone, without training on labels.">
          Zero-shot labels
        </Term>
        <select
          className="field"
          aria-label="Zero-shot labels"
          value={form.zeroShotLabel}
          onChange={(event) => onChange({ ...form, zeroShotLabel: event.target.value })}
        >
          <option value="">none</option>
          {columns.map((column) => (
            <option key={column}>{column}</option>
          ))}
        </select>
      </div>
      {form.zeroShotLabel && (
        <label className={styles.templates}>
          Templates, one per line; {"{}"} is the label
          <textarea
            className="field"
            rows={2}
            value={form.templates}
            onChange={(event) => onChange({ ...form, templates: event.target.value })}
          />
        </label>
      )}
    </div>
  );
}
