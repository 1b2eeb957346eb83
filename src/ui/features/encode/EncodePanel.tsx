import { Link } from "wouter";
import type { ImportReport } from "../../../core/domain/dataset";
import { EmptyState } from "../../components/EmptyState";
import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { ComparePanel } from "./ComparePanel";
import { EncodeSide } from "./EncodeSide";
import styles from "./EncodePanel.module.css";
import { ProbePanel } from "./ProbePanel";
import { useEncodeSide } from "./useEncodeSide";

/** Step 2: run both frozen encoders over the project's items, once. */
export function EncodePanel() {
  const { project } = useProject();
  if (project.data?.media === "audio") return <NoSoundEncoder report={project.data.report} />;
  if (project.data) return <EncodeBoth />;
  return (
    <>
      <h1>Encode</h1>
      <EmptyState title="There is nothing to encode yet">
        <p>Encoders turn pictures and captions into numbers. Import some pairs first.</p>
        <Link className="button primary" href={`/p/${project.id}/data`}>
          Go to Data
        </Link>
      </EmptyState>
    </>
  );
}

/** Sounds are imported, played, checked and edited; nothing here turns them into numbers yet. */
function NoSoundEncoder({ report }: { readonly report: ImportReport }) {
  return (
    <>
      <h1>Encode</h1>
      <EmptyState title="There is no encoder for sounds in this version">
        <p>
          The {formatNumberOf(report.items.audio, "sound")} of this project can be played, checked
          and edited, and stay as they are until one is there. To align them now, import embeddings
          computed elsewhere for sounds and captions: npy, npz, safetensors or Parquet.
        </p>
      </EmptyState>
    </>
  );
}

function EncodeBoth() {
  const { project, canEdit } = useProject();
  const image = useEncodeSide("image");
  const text = useEncodeSide("text");
  const open = [image, text].filter(({ encoded, failed, total }) => encoded + failed < total);
  const busy = image.active || text.active;
  const done = image.counted && text.counted && !busy && open.length === 0;
  const waiting = open.filter(({ active }) => !active);
  const cameWithData = (["image", "text"] as const).every(
    (modality) => project.data?.vectors?.[modality] === project.encoders[modality].id,
  );
  const encodeOpen = () => {
    for (const side of waiting) void side.start();
  };
  return (
    <div className={styles.encode}>
      <header className={styles.head}>
        <h1>Encode</h1>
        {done ? (
          <Link className="button primary" href={`/p/${project.id}/align`}>
            Go on to Align
          </Link>
        ) : (
          <button
            type="button"
            className="button primary"
            disabled={!canEdit || waiting.length === 0}
            onClick={encodeOpen}
          >
            {image.paused && text.paused ? "Resume both" : "Encode both"}
          </button>
        )}
      </header>
      <p className="quiet">
        {cameWithData
          ? "The embeddings came with the data, so there is nothing to encode."
          : "Each encoder reads every item once and is never trained. What is encoded stays in this browser, also after a stop."}
      </p>
      <div className={styles.sides}>
        <EncodeSide modality="image" side={image} />
        <EncodeSide modality="text" side={text} />
      </div>
      <ComparePanel />
      <ProbePanel />
    </div>
  );
}
