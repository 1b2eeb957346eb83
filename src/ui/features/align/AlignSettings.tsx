import { useState } from "react";
import { Link } from "wouter";
import { METHODS } from "../../../core/catalogue/methods";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { useEncodedCount } from "../../components/useEncodedCount";
import { AlignDetails } from "./AlignDetails";
import { AlignedEmbeddings } from "./AlignedEmbeddings";
import { formOf, recipeOf, runName } from "./alignForm";
import styles from "./AlignSettings.module.css";
import type { Runs } from "./useRuns";

interface AlignSettingsProps {
  readonly runs: Runs;
  readonly list: readonly Run[];
  /** The settings the form opens with. */
  readonly start: Recipe;
}

/** The short form: a method, details folded away, one button. */
export function AlignSettings({ runs, list, start }: AlignSettingsProps) {
  const { project, canEdit } = useProject();
  const [form, setForm] = useState(() => formOf(start));
  const missing = useMissing();
  const pairs = project.data?.report.splits.train ?? 0;
  const taken = list.map(({ name }) => name);
  return (
    <form
      className={styles.form}
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        runs.start(() => recipeOf(form, project, runName(form.method, taken)));
      }}
    >
      <fieldset className={styles.methods}>
        <legend>Method</legend>
        {METHODS.map(({ id, name, summary, source }) => (
          <label key={id} className={styles.method}>
            <input
              type="radio"
              name="method"
              value={id}
              checked={form.method === id}
              onChange={() => setForm({ ...form, method: id })}
            />
            <span>
              <strong>{name}</strong>
              {form.method === id && (
                <>
                  <span className={styles.summary}>{summary}</span>
                  <span className={styles.source}>{source}</span>
                </>
              )}
            </span>
          </label>
        ))}
      </fieldset>
      <AlignedEmbeddings />
      <AlignDetails form={form} onChange={setForm} />
      <button
        type="submit"
        className="button primary"
        disabled={!canEdit || missing !== null || runs.activeRun !== undefined}
      >
        Align {formatNumberOf(pairs, "pair")}
      </button>
      <p className={styles.hint} aria-live="polite">
        {missing !== null ? (
          <>
            {missing} <Link href={`/p/${project.id}/encode`}>Go to Encode</Link>
          </>
        ) : runs.activeRun ? (
          "One run at a time: this one is still training."
        ) : (
          `${formatCount(pairs)} training pairs; the held-out pairs only measure.`
        )}
      </p>
    </form>
  );
}

/** What must be encoded first, in words; null when everything is there, empty while unknown. */
function useMissing(): string | null {
  const { project } = useProject();
  const image = useEncodedCount(project, "image");
  const text = useEncodedCount(project, "text");
  const error = image.error ?? text.error;
  if (error) return error.fullText;
  if (project.data?.media === "audio") return "There is no encoder for sounds in this version.";
  if (!image.value || !text.value) return "";
  const images = image.value.total - image.value.encoded;
  const texts = text.value.total - text.value.encoded;
  if (images === 0 && texts === 0) return null;
  const parts = [
    images > 0 ? formatNumberOf(images, "image") : "",
    texts > 0 ? formatNumberOf(texts, "caption") : "",
  ].filter(Boolean);
  return `${parts.join(" and ")} still without an embedding.`;
}
