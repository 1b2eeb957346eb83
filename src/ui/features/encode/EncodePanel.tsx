import { Link } from "wouter";
import type { MediaModality } from "../../../core/domain/modality";
import { EmptyState } from "../../components/EmptyState";
import { JoiningNote } from "../../components/JoiningNote";
import { ProjectLagTest } from "../../components/lag/ProjectLagTest";
import { useProject } from "../../components/projectContext";
import { ComparePanel } from "./ComparePanel";
import { EncodeSide } from "./EncodeSide";
import styles from "./EncodePanel.module.css";
import { hasImportedVectors } from "./importedVectors";
import { ProbePanel } from "./ProbePanel";
import { useEncodeSide } from "./useEncodeSide";

/** Step 2: run both frozen encoders over the project's items, once. */
export function EncodePanel() {
  const { project } = useProject();
  if (project.data) return <EncodeBoth media={project.data.media} />;
  return (
    <>
      <h1>Encode</h1>
      <EmptyState title="There is nothing to encode yet">
        <p>Encoders turn items and captions into numbers. Import some pairs first.</p>
        <Link className="button primary" href={`/p/${project.id}/data`}>
          Go to Data
        </Link>
      </EmptyState>
    </>
  );
}

/** Captions and what they describe, side by side. */
function EncodeBoth({ media }: { readonly media: MediaModality }) {
  const { project, canEdit } = useProject();
  const items = useEncodeSide(media);
  const text = useEncodeSide("text");
  const open = [items, text].filter(({ encoded, failed, total }) => encoded + failed < total);
  const busy = items.active || text.active;
  const done = items.counted && text.counted && !busy && open.length === 0;
  const waiting = open.filter(({ active, hasEncoder }) => !active && hasEncoder);
  const cameWithData = ([media, "text"] as const).every((modality) =>
    hasImportedVectors(project, modality),
  );
  const encodeOpen = () => {
    for (const side of waiting) void side.start();
  };
  const next = media === "image" ? "align" : "hub";
  return (
    <div className="stack loose">
      <header className={styles.head}>
        <h1>Encode</h1>
        {done ? (
          <Link className="button primary" href={`/p/${project.id}/${next}`}>
            {media === "image" ? "Go on to Align" : "Go on to Hub"}
          </Link>
        ) : (
          <button
            type="button"
            className="button primary"
            disabled={!canEdit || waiting.length === 0}
            onClick={encodeOpen}
          >
            {items.paused && text.paused ? "Resume both" : "Encode both"}
          </button>
        )}
      </header>
      <JoiningNote />
      <p className="quiet">
        {cameWithData
          ? "The embeddings came with the data, so there is nothing to encode."
          : "Each encoder reads every item once and is never trained. What is encoded stays in this browser, also after a stop."}
      </p>
      <div className={styles.sides}>
        <EncodeSide modality={media} side={items} />
        <EncodeSide modality="text" side={text} />
      </div>
      {media === "image" && (
        <>
          <ComparePanel />
          <ProbePanel />
        </>
      )}
      {media === "sensor" && <ProjectLagTest />}
      {media === "audio" && (
        <details>
          <summary>Sounds cut from a recording, in the order of time</summary>
          <ProjectLagTest />
        </details>
      )}
    </div>
  );
}
