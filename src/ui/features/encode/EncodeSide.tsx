import type { Modality } from "../../../core/domain/modality";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { MakeSensorEncoder } from "../../components/MakeSensorEncoder";
import { ModalityChip } from "../../components/ModalityChip";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useProject } from "../../components/projectContext";
import { EncodeOutcome } from "./EncodeOutcome";
import { EncodeTime } from "./EncodeTime";
import styles from "./EncodePanel.module.css";
import { EncoderCards } from "./EncoderCards";
import { hasImportedVectors } from "./importedVectors";
import type { useEncodeSide } from "./useEncodeSide";

interface EncodeSideProps {
  readonly modality: Modality;
  readonly side: ReturnType<typeof useEncodeSide>;
}

/** One modality: its encoder, how much is encoded, and the controls. */
export function EncodeSide({ modality, side }: EncodeSideProps) {
  const noun = ITEM_NOUNS[modality];
  const { encoded, total, counted, job } = side;
  const { project } = useProject();
  const cameWithData = hasImportedVectors(project, modality);
  return (
    <section className={styles.side} aria-label={`${noun}s`}>
      <h2>
        <ModalityChip modality={modality} />
      </h2>
      <EncoderCards modality={modality} side={side} />
      {modality === "sensor" && !side.hasEncoder && <MakeSensorEncoder projectId={project.id} />}
      <div className={styles.state}>
        {side.countError && <ErrorNote error={side.countError} />}
        <p className={styles.count}>
          {counted ? (
            <>
              <strong>{formatCount(encoded)}</strong> of {formatNumberOf(total, noun)}{" "}
              {cameWithData ? "came with an embedding" : "encoded"}
            </>
          ) : (
            !side.countError && <span className="quiet">Counting what is encoded</span>
          )}
        </p>
        <EncodeTime
          {...{ modality, noun }}
          remaining={counted ? total - encoded : 0}
          isBusy={side.active}
        />
        <JobStatus
          job={job.status === "cancelled" ? { status: "idle" } : job}
          label={`Encoding ${noun}s`}
          onDismiss={side.dismiss}
        />
        <Controls side={side} noun={noun} />
        {job.status === "done" && <EncodeOutcome result={job.result} />}
      </div>
    </section>
  );
}

function Controls({ side, noun }: { side: EncodeSideProps["side"]; noun: string }) {
  const { canEdit } = useProject();
  const { active, paused, encoded, total, job } = side;
  const stopping = job.status === "cancelling";
  if (active) {
    return (
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={side.pause}
          disabled={stopping || !canEdit}
        >
          Pause
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={side.cancel}
          disabled={stopping || !canEdit}
        >
          Cancel
        </button>
      </div>
    );
  }
  if (total === 0 || encoded >= total || !side.hasEncoder) return null;
  const resumable = paused && job.status === "cancelled";
  return (
    <div className="row">
      {resumable && (
        <span>
          Paused at {formatCount(encoded)} of {formatCount(total)}
        </span>
      )}
      <button
        type="button"
        className="button"
        disabled={!canEdit}
        onClick={() => void side.start()}
      >
        {resumable ? "Resume" : encodeWords(total - encoded, encoded > 0, noun)}
      </button>
    </div>
  );
}

function encodeWords(remaining: number, partly: boolean, noun: string): string {
  return partly
    ? `Encode the other ${formatNumberOf(remaining, noun)}`
    : `Encode ${formatNumberOf(remaining, noun)}`;
}
