import {
  embeddingWidth,
  POOLINGS,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../../core/domain/encoder";
import { POOLING_WORDS } from "../../components/encoderWords";
import { formatCount } from "../../components/formatting";
import styles from "./EncoderCards.module.css";

interface EmbeddingOptionsProps {
  readonly encoder: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly locked: boolean;
  readonly onChoose: (choice: EmbeddingChoice) => void;
}

/** Which vector of the chosen encoder is the embedding: pooling and layer, where there is a choice. */
export function EmbeddingOptions({ encoder, choice, locked, onChoose }: EmbeddingOptionsProps) {
  const poolings = POOLINGS.filter((pooling) => encoder.outputs[pooling]);
  const { layers } = encoder;
  if (poolings.length < 2 && layers.length === 0) return null;
  return (
    <div className={styles.options}>
      {layers.length > 0 && (
        <label>
          Layer
          <select
            className="field"
            value={choice.layer ?? ""}
            disabled={locked}
            onChange={({ target }) => onChoose({ ...choice, layer: target.value || null })}
          >
            <option value="">last, {formatCount(encoder.width)} wide</option>
            {layers.map(({ id, name, width }) => (
              <option key={id} value={id}>
                {name}, {formatCount(width)} wide
              </option>
            ))}
          </select>
        </label>
      )}
      {poolings.length > 1 && (
        <label>
          Pooling
          <select
            className="field"
            value={choice.pooling}
            // Earlier layers come out pooled by the network itself.
            disabled={locked || choice.layer !== null}
            onChange={({ target }) => {
              const pooling = poolings.find((name) => name === target.value);
              if (pooling) onChoose({ ...choice, pooling });
            }}
          >
            {poolings.map((pooling) => (
              <option key={pooling} value={pooling}>
                {POOLING_WORDS[pooling]},{" "}
                {formatCount(embeddingWidth(encoder, { ...choice, layer: null, pooling }))} wide
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
