import { embeddingChoices, POOLINGS, type EncoderSpec } from "../../../core/domain/encoder";
import { ALIGNED_MODALITIES } from "../../../core/domain/modality";
import { POOLING_WORDS } from "../../components/encoderWords";
import { formatNumberOf } from "../../components/formatting";
import { ModalityChip } from "../../components/ModalityChip";
import styles from "./Compare.module.css";
import type { useSelection } from "./useSelection";

interface EncoderTicksProps {
  readonly selection: ReturnType<typeof useSelection>;
  readonly disabled: boolean;
}

/** Which encoders take part; each with every layer and pooling it offers. */
export function EncoderTicks({ selection, disabled }: EncoderTicksProps) {
  return (
    <div className={styles.ticks}>
      {ALIGNED_MODALITIES.map((modality) => (
        <fieldset key={modality} disabled={disabled}>
          <legend>
            <ModalityChip modality={modality} />
          </legend>
          {selection.offered[modality].map((encoder) => (
            <label key={encoder.id}>
              <input
                type="checkbox"
                checked={selection.isTicked(encoder.id)}
                onChange={() => selection.toggle(encoder.id)}
              />{" "}
              {encoder.name} <span className="quiet">· {embeddingsOf(encoder)}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

/** `6 embeddings: 5 earlier layers; last layer by mean of the tokens`. */
function embeddingsOf(encoder: EncoderSpec): string {
  const count = formatNumberOf(embeddingChoices(encoder).length, "embedding");
  if (encoder.origin === "vectors") return `${count}, imported`;
  const poolings = POOLINGS.filter((pooling) => encoder.outputs[pooling]);
  const last = `last layer by ${poolings.map((pooling) => POOLING_WORDS[pooling]).join("; ")}`;
  const { length } = encoder.layers;
  if (length === 0) return `${count}: ${last}`;
  return `${count}: ${formatNumberOf(length, "earlier layer")}, pooled by the network; ${last}`;
}
