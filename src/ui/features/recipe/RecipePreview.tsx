import { ENCODERS } from "../../../core/catalogue/encoders";
import { methodById } from "../../../core/catalogue/methods";
import { SAMPLES } from "../../../core/catalogue/samples";
import type { Recipe } from "../../../core/domain/recipe";
import { BASELINE_NAMES } from "../../components/baselineNames";
import { formatBytes, formatCount, formatPercent } from "../../components/formatting";
import styles from "./RecipePanel.module.css";

/** What a recipe would do, before anything is done. */
export function RecipePreview({ recipe }: { readonly recipe: Recipe }) {
  const { split, encoders, align, evaluate } = recipe;
  const method = methodById(align.method);
  const trained = method?.kind !== "closed-form";
  return (
    <dl className={styles.preview}>
      <dt>Data</dt>
      <dd>{dataInWords(recipe.data)}</dd>
      <dt>Split</dt>
      <dd>
        {formatPercent(split.validation, 0)} validation, {formatPercent(split.test, 0)} test, by{" "}
        {split.group === "auto" ? "recognised group" : `column “${split.group}”`}, seed {split.seed}
        ; a split column in the data wins
      </dd>
      {(["image", "text"] as const).map((modality) => (
        <Encoder key={modality} modality={modality} id={encoders[modality].id} />
      ))}
      <dt>Method</dt>
      <dd>
        {method?.name ?? align.method}
        {method && (
          <span className={styles.summary}>
            {method.summary} <span className="quiet">{method.source}</span>
          </span>
        )}
      </dd>
      <dt>Training</dt>
      <dd>
        {trained
          ? `${align.steps === "auto" ? "steps from the number of pairs" : `${formatCount(align.steps)} steps`}, ` +
            `${align.batchSize === "auto" ? "automatic batches" : `batches of ${formatCount(align.batchSize)}`}, ` +
            `learning rate ${align.learningRate}, `
          : "closed form, "}
        {formatCount(align.dimension)} dimensions, seed {align.seed}
      </dd>
      <dt>Measures</dt>
      <dd>
        recall@{evaluate.retrieval.join(", @")} on the test set, both directions, with 95 %
        intervals
        {evaluate.zeroShot && `; zero-shot classification by “${evaluate.zeroShot.label}”`}
      </dd>
      <dt>Baselines</dt>
      <dd>{evaluate.baselines.map((id) => BASELINE_NAMES[id]).join(", ") || "none"}</dd>
    </dl>
  );
}

function Encoder({ modality, id }: { modality: "image" | "text"; id: string }) {
  const encoder = ENCODERS.find((entry) => entry.id === id);
  const size = encoder?.files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0) ?? 0;
  return (
    <>
      <dt>{modality === "image" ? "Image encoder" : "Text encoder"}</dt>
      <dd>
        {encoder ? (
          <>
            {encoder.name}{" "}
            <span className="quiet">
              {formatBytes(size)} · {encoder.license} · ships with this page
            </span>
          </>
        ) : (
          id
        )}
      </dd>
    </>
  );
}

function dataInWords(data: Recipe["data"]): string {
  if ("path" in data) return `your files (“${data.path}”), chosen below; they stay in this browser`;
  if ("project" in data) return "a project of this browser";
  const sample = SAMPLES.find(({ id }) => id === data.sample);
  if (!sample) return `sample “${data.sample}”`;
  return `${sample.name} sample: ${sample.summary} (${formatBytes(sample.sizeBytes)}, ${sample.license})`;
}
