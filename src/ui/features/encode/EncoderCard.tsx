import { useState } from "react";
import { useServices } from "../../../app/services";
import type { EmbeddingChoice, EncoderSpec } from "../../../core/domain/encoder";
import { encoderInShort } from "../../components/encoderWords";
import { DeleteEncoderDialog } from "./DeleteEncoderDialog";
import { EmbeddingOptions } from "./EmbeddingOptions";
import styles from "./EncoderCards.module.css";
import { EncoderFacts } from "./EncoderFacts";
import { HubDownload } from "./HubDownload";
import { LostFiles } from "./LostFiles";
import { MadeWithChoice } from "./MadeWithChoice";

interface EncoderCardProps {
  readonly encoder: EncoderSpec;
  /** What of it is chosen; null: another encoder is. */
  readonly choice: EmbeddingChoice | null;
  /** The only one of its modality: nothing to choose. */
  readonly alone: boolean;
  readonly locked: boolean;
  /** Null: this encoder, with its usual pooling. */
  readonly onChoose: (choice: EmbeddingChoice | null) => void;
}

/** One encoder: all about it when it is chosen, a line otherwise. */
export function EncoderCard({ encoder, choice, alone, locked, onChoose }: EncoderCardProps) {
  const { encoders } = useServices();
  const [deleting, setDeleting] = useState(false);
  const missing = encoders.needsDownload(encoder);
  const deletable = !missing && (encoder.origin === "hub" || encoder.origin === "file");
  return (
    <article className="stack tight" aria-label={encoder.name}>
      <h3>
        {alone ? (
          encoder.name
        ) : (
          <label>
            <input
              type="radio"
              name={`encoder-${encoder.modality}`}
              checked={choice !== null}
              disabled={locked}
              onChange={() => onChoose(null)}
            />{" "}
            {encoder.name}
          </label>
        )}
      </h3>
      <p className="quiet">{encoder.summary}</p>
      {choice ? (
        <>
          <EncoderFacts encoder={encoder} />
          <EmbeddingOptions encoder={encoder} choice={choice} locked={locked} onChoose={onChoose} />
        </>
      ) : (
        <p className={styles.short}>{encoderInShort(encoder)}</p>
      )}
      {choice && encoder.origin === "vectors" && (
        <MadeWithChoice encoder={encoder} locked={locked} />
      )}
      {missing && <HubDownload encoder={encoder} />}
      {!missing && encoder.origin === "hub" && <LostFiles encoder={encoder} />}
      {deletable && (
        <div className="actions">
          <button
            type="button"
            className="button quiet"
            disabled={locked}
            onClick={() => setDeleting(true)}
          >
            Delete the files of {encoder.name}
          </button>
          <DeleteEncoderDialog
            encoder={encoder}
            open={deleting}
            onClose={() => setDeleting(false)}
          />
        </div>
      )}
    </article>
  );
}
