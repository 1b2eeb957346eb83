import { useLoaded, useServices } from "../../../app/services";
import { AudioClip } from "../../components/AudioClip";
import { BlobImage } from "../../components/BlobImage";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Sheet } from "../../components/Sheet";
import styles from "../../components/Sheet.module.css";
import { WindowClip } from "../../components/WindowClip";
import { CaptionEditor } from "./CaptionEditor";
import { PairFacts } from "./PairFacts";
import { PairPages, type PairCard } from "./pairPages";
import type { Editing } from "../../components/useEditing";

const PICTURE = 276;

interface PairInspectorProps {
  /** Index of the pair in the project. */
  readonly index: number;
  /** Its place in the view, of `count`. */
  readonly place: number;
  readonly count: number;
  readonly editing: Editing;
  readonly disabled: boolean;
  readonly onMove: (place: number) => void;
  readonly onClose: () => void;
}

/** One pair in full: its file, every caption of it, where it came from, and what can be changed. */
export function PairInspector(props: PairInspectorProps) {
  const { index, place, count, editing, disabled, onMove, onClose } = props;
  const { project } = useProject();
  const { value: cards, error } = useItem(index);
  const step = (by: number) => {
    const next = place + by;
    if (next >= 0 && next < count) onMove(next);
  };
  const shown = cards?.find((card) => card.index === index);
  const media = shown?.media;
  return (
    <Sheet
      label="Pair"
      title={
        <>
          {formatCount(place + 1)} <span className="quiet">of {formatCount(count)}</span>
        </>
      }
      steps={
        <>
          <button
            type="button"
            className="button quiet"
            disabled={place === 0}
            onClick={() => step(-1)}
            aria-keyshortcuts="ArrowLeft"
          >
            Previous
          </button>
          <button
            type="button"
            className="button quiet"
            disabled={place >= count - 1}
            onClick={() => step(1)}
            aria-keyshortcuts="ArrowRight"
          >
            Next
          </button>
        </>
      }
      takesFocus
      onKeyDown={(event) => {
        if (isTyping(event.target)) return;
        if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(-1);
        else if (event.key === "ArrowRight" || event.key === "ArrowDown") step(1);
        else return;
        event.preventDefault();
      }}
      onClose={onClose}
    >
      {error && <ErrorNote error={error} />}
      <div className={styles.media}>
        {media?.modality === "image" && (
          <BlobImage
            projectId={project.id}
            digest={media.digest}
            alt={shown?.text?.text ?? ""}
            size={PICTURE}
          />
        )}
        {media?.modality === "audio" && (
          <AudioClip
            projectId={project.id}
            digest={media.digest}
            label={shown?.text?.text ?? "Sound"}
          />
        )}
        {media?.modality === "sensor" && (
          <WindowClip
            projectId={project.id}
            digest={media.digest}
            layout={project.data?.sensor}
            isDetailed
          />
        )}
      </div>
      <ul className={styles.captions} aria-label="Captions">
        {(cards ?? []).map((card) => (
          <li key={`${card.index}/${card.pair.text}`} aria-current={card.index === index}>
            <CaptionEditor card={card} editing={editing} disabled={disabled} />
          </li>
        ))}
      </ul>
      {shown && <PairFacts card={shown} />}
    </Sheet>
  );
}

/** All pairs of one picture, sound or window, ready to be shown; read again after every change. */
function useItem(index: number) {
  const { stores, projects } = useServices();
  const { project } = useProject();
  const version = `${project.id}/${project.data?.digest ?? ""}/${index}`;
  return useLoaded<PairCard[]>(version, async () => {
    const pages = new PairPages(stores.datasets, project.id);
    const related = await projects.editing.relatedPairs(project.id, index);
    const cards = await Promise.all(related.map((pair) => pages.one(pair)));
    return cards.filter((card) => card !== undefined);
  }, [`project/${project.id}`]);
}

function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLInputElement ||
    target instanceof HTMLMediaElement
  );
}
