import { Fragment } from "react";
import { useEncoders, useServices, useStoredEncoders } from "../../../app/services";
import { methodById } from "../../../core/catalogue/methods";
import { SAMPLES } from "../../../core/catalogue/samples";
import {
  embeddingName,
  isSameChoice,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../../core/domain/encoder";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import type { Recipe } from "../../../core/domain/recipe";
import type { Sweep } from "../../../core/domain/sweep";
import { downloadSize } from "../../components/encoderWords";
import { formatBytes } from "../../components/formatting";
import styles from "./RecipePanel.module.css";
import { previewRows, splitWords } from "./recipeWords";

/** What a recipe would do, before anything is done; for a sweep, how many runs it is and of what. */
export function RecipePreview({ sweep }: { readonly sweep: Sweep }) {
  const recipe = sweep.recipes[0];
  if (!recipe) return null;
  const method = sweep.axes.some(({ key }) => key === "align.method")
    ? undefined
    : methodById(recipe.align.method);
  return (
    <dl className={styles.preview}>
      <dt>Data</dt>
      <dd>{dataInWords(recipe.data)}</dd>
      <dt>Split</dt>
      <dd>{splitWords(recipe)}</dd>
      {ALIGNED_MODALITIES.flatMap((modality) =>
        distinctChoices(sweep, modality).map((choice) => (
          <Encoder key={JSON.stringify(choice)} modality={modality} choice={choice} />
        )),
      )}
      {previewRows(sweep).map(({ term, words }) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>
            {words}
            {term === "Method" && method && (
              <span className={styles.summary}>
                {method.summary} <span className="quiet">{method.source}</span>
              </span>
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function distinctChoices({ recipes }: Sweep, modality: AlignedModality): EmbeddingChoice[] {
  const choices = recipes.map(({ encoders }) => encoders[modality]);
  return choices.filter((choice, i) => choices.findIndex((c) => isSameChoice(c, choice)) === i);
}

interface EncoderProps {
  readonly modality: AlignedModality;
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
