import { useState } from "react";
import { Encoding } from "../../../app/encoding";
import { isActive } from "../../../app/jobs";
import { useEncoders, useJob, useServices } from "../../../app/services";
import {
  embeddingName,
  embeddingWidth,
  POOLINGS,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../../core/domain/encoder";
import type { AlignedModality } from "../../../core/domain/modality";
import { formatNumberOf } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import styles from "./EncoderCards.module.css";

interface MadeWithChoiceProps {
  /** Embeddings that came with the data. */
  readonly encoder: EncoderSpec;
  readonly locked: boolean;
}

/** Which network made imported embeddings: named by the visitor, believed when it is measured. */
export function MadeWithChoice({ encoder, locked }: MadeWithChoiceProps) {
  const { encoding, jobs } = useServices();
  const { project } = useProject();
  const encoders = useEncoders();
  const modality: AlignedModality = encoder.modality === "text" ? "text" : "image";
  const jobId = Encoding.nameJob(project.id, modality);
  const job = useJob(jobId);
  const candidates = encoders.flatMap((spec) => embeddingsOf(spec, encoder));
  const { madeWith } = encoder;
  const [chosen, setChosen] = useState(madeWith ? keyOf(madeWith.choice) : "");
  const candidate = candidates.find(({ choice }) => keyOf(choice) === chosen);
  const linked = candidates.find(
    ({ choice }) => madeWith && keyOf(choice) === keyOf(madeWith.choice),
  );
  const compare = () => {
    if (candidate) void encoding.nameEncoder(project, modality, candidate.choice);
  };
  return (
    <div className="stack tight">
      <p className="quiet">{wordsOf(encoder, linked?.name)}</p>
      {candidates.length > 0 && (
        <>
          <label className={styles.madeWith}>
            These vectors were made with
            <select
              className="field"
              value={chosen}
              disabled={locked || isActive(job)}
              onChange={(event) => {
                setChosen(event.target.value);
                jobs.dismiss(jobId);
              }}
            >
              <option value="">an encoder that is not listed</option>
              {candidates.map(({ choice, name }) => (
                <option key={keyOf(choice)} value={keyOf(choice)}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <div className="actions">
            <button
              type="button"
              className="button"
              disabled={locked || isActive(job) || !candidate || candidate === linked}
              onClick={compare}
            >
              Compare with it
            </button>
          </div>
        </>
      )}
      <JobStatus
        job={job.status === "cancelled" ? { status: "idle" } : job}
        label="Encoding a few items again"
        onStop={() => jobs.cancel(jobId)}
        onDismiss={() => jobs.dismiss(jobId)}
      />
    </div>
  );
}

function wordsOf({ madeWith, modality, width }: EncoderSpec, name: string | undefined): string {
  const what = modality === "text" ? "words" : "pictures";
  if (!madeWith) {
    return (
      `There is nothing to encode. New ${what} cannot be searched with until you name the ` +
      `encoder these vectors (${width} wide) were made with; a few items are encoded again to prove it.`
    );
  }
  const measured = `cosine at least ${madeWith.cosine.toFixed(4)} over ${formatNumberOf(madeWith.items, "item")}`;
  return `Made with ${name ?? madeWith.choice.id}: ${measured}. New ${what} are encoded with it.`;
}

/** Every embedding of an encoder that is as wide as the imported ones. */
function embeddingsOf(spec: EncoderSpec, { modality, width }: EncoderSpec) {
  if (spec.origin === "vectors" || spec.modality !== modality) return [];
  const pooled = POOLINGS.filter((pooling) => spec.outputs[pooling] !== undefined);
  const [usual = "mean"] = pooled;
  const choices: EmbeddingChoice[] = [
    ...pooled.map((pooling) => ({ id: spec.id, pooling, layer: null })),
    ...spec.layers.map(({ id }) => ({ id: spec.id, pooling: usual, layer: id })),
  ];
  return choices
    .filter((choice) => embeddingWidth(spec, choice) === width)
    .map((choice) => ({ choice, name: embeddingName(spec, choice) }));
}

const keyOf = ({ id, pooling, layer }: EmbeddingChoice) => [id, pooling, layer ?? ""].join("/");
