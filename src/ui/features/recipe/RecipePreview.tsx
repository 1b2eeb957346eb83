import { useEncoders, useServices, useStoredEncoders } from "../../../app/services";
import { methodById } from "../../../core/catalogue/methods";
import { SAMPLES } from "../../../core/catalogue/samples";
import {
  embeddingName,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../../core/domain/encoder";
import type { Recipe } from "../../../core/domain/recipe";
import { BASELINE_NAMES } from "../../components/baselineNames";
import { downloadSize } from "../../components/encoderWords";
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
        <Encoder key={modality} modality={modality} choice={encoders[modality]} />
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

interface EncoderProps {
  readonly modality: "image" | "text";
  readonly choice: EmbeddingChoice;
}

function Encoder({ modality, choice }: EncoderProps) {
  const { encoders } = useServices();
  useStoredEncoders(); // drawn anew when an encoder arrives
  const encoder = useEncoders().find(({ id }) => id === choice.id);
  return (
    <>
      <dt>{modality === "image" ? "Image encoder" : "Text encoder"}</dt>
      <dd>
        {encoder ? (
          <>
            {embeddingName(encoder, choice)}{" "}
            <span className="quiet">
              {[
                downloadSize(encoder),
                encoder.license,
                whereFrom(encoder, encoders.needsDownload(encoder)),
                encoder.verified ? "" : "not yet verified",
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </>
        ) : (
          choice.id
        )}
      </dd>
    </>
  );
}

function whereFrom({ origin, source }: EncoderSpec, missing: boolean): string {
  if (origin === "embedded") return "ships with this page";
  if (missing) return `to be downloaded from ${source}, after you agree`;
  return origin === "hub" ? "downloaded" : "in this browser";
}

function dataInWords(data: Recipe["data"]): string {
  if ("path" in data) return `your files (“${data.path}”), chosen below; they stay in this browser`;
  if ("project" in data) return "a project of this browser";
  const sample = SAMPLES.find(({ id }) => id === data.sample);
  if (!sample) return `sample “${data.sample}”`;
  return `${sample.name} sample: ${sample.summary} (${formatBytes(sample.sizeBytes)}, ${sample.license})`;
}
