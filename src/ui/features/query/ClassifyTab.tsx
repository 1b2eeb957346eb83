import { PROMPT_PRESETS } from "../../../core/catalogue/promptTemplates";
import type { Run } from "../../../core/domain/run";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Classification } from "./Classification";
import styles from "./Classify.module.css";
import { LabelFolder } from "./LabelFolder";
import { useClassify, type ClassifyForm } from "./useClassify";

/** Classify images by words alone, with labels and templates one can edit. */
export function ClassifyTab({ run }: { readonly run: Run }) {
  const { project } = useProject();
  const { form, setForm, columns, problem, labels, templates, busy, error, result, ...commands } =
    useClassify(project, run);
  const change = (part: Partial<ClassifyForm>) => setForm({ ...form, ...part });
  return (
    <div className={styles.columns}>
      <form
        className={styles.form}
        aria-label="Zero-shot classifier"
        onSubmit={(event) => {
          event.preventDefault();
          void commands.classify();
        }}
      >
        {columns.length > 0 && (
          <label>
            Truth and labels from
            <select
              className="field"
              value={form.truth}
              onChange={(event) => commands.takeColumn(event.target.value)}
            >
              {columns.map((column) => (
                <option key={column}>{column}</option>
              ))}
              <option value="">my own labels, no truth</option>
            </select>
          </label>
        )}
        <label>
          Labels, one per line (or all on one, with commas)
          <textarea
            className="field"
            rows={10}
            value={form.labels}
            onChange={(event) => change({ labels: event.target.value })}
          />
        </label>
        <label>
          Templates, one per line, {"{}"} for the label; or {PROMPT_PRESETS.join(", ")}
          <textarea
            className="field"
            rows={3}
            value={form.templates}
            onChange={(event) => change({ templates: event.target.value })}
          />
        </label>
        <label>
          Images
          <select
            className="field"
            value={form.scope}
            onChange={(event) => change({ scope: event.target.value as ClassifyForm["scope"] })}
          >
            <option value="test">test set</option>
            <option value="heldOut">validation and test set</option>
            <option value="all">all, trained ones included</option>
          </select>
        </label>
        <button type="submit" className="button primary" disabled={busy || problem !== null}>
          Classify
        </button>
        {busy && (
          <button type="button" className="button" onClick={commands.cancel}>
            Cancel
          </button>
        )}
        <p className={styles.hint} role="status">
          {busy
            ? `Encoding and comparing: ${formatCount(commands.encoded)} of ${formatNumberOf(labels.length * templates.length, "prompt")}…`
            : (problem ??
              `${formatNumberOf(labels.length, "label")} × ${formatNumberOf(templates.length, "template")}`)}
        </p>
      </form>
      <div className="stack">
        {error && <ErrorNote error={error} onDismiss={commands.dismissError} />}
        {result ? (
          <Classification result={result} scope={form.scope} />
        ) : (
          <p className="quiet">
            Each image gets the label whose words lie nearest to it in the shared space. No label is
            trained on.
          </p>
        )}
        <LabelFolder runId={run.id} {...{ labels, templates, problem }} />
      </div>
    </div>
  );
}
