import { useState } from "react";
import { useEncoders } from "../../../app/services";
import type { AlignedModality } from "../../../core/domain/modality";
import type { Run } from "../../../core/domain/run";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatDuration } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Examples, type Example } from "./Examples";
import { ImageResults } from "./ImageResults";
import styles from "./QueryPanel.module.css";
import { SearchBox } from "./SearchBox";
import { TextResults } from "./TextResults";
import { useSpace } from "./useQueryRun";
import {
  defaultTarget,
  useProjectItems,
  useSearch,
  type Answer,
  type Asked,
  type Result,
} from "./useSearch";

/** Search in both directions over the space of one run. */
export function SearchTab({ run }: { readonly run: Run }) {
  const { project } = useProject();
  const space = useSpace(project, run);
  const items = useProjectItems(project);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [target, setTarget] = useState<AlignedModality>("image");
  const [heldOutOnly, setHeldOutOnly] = useState(false);
  const step = space.status?.step;
  const question = { project, runId: run.id, asked, target, heldOutOnly, step };
  const { answer, error, dismissError } = useSearch(question, items);
  const ask = (next: Asked | null) => {
    // Typing on keeps the chosen target; asking with something else turns to its other side.
    if (next && next.kind !== asked?.kind) setTarget(defaultTarget(next));
    else if (next?.kind === "item") setTarget(defaultTarget(next));
    setAsked(next);
  };
  const textEncoder = useEncoders().find(({ id }) => id === project.encoders.text.id);
  const canEncodeWords = textEncoder?.origin !== "vectors" || textEncoder.madeWith !== undefined;
  const find = (modality: AlignedModality) => (found: Result) =>
    ask({ kind: "item", modality, found });
  return (
    <div className={styles.search}>
      <SearchBox asked={asked} onAsk={ask} />
      <div className={styles.chips}>
        <div role="group" aria-label="Find" className={styles.targets}>
          {(["image", "text"] as const).map((modality) => (
            <button
              key={modality}
              type="button"
              className={styles.chip}
              aria-pressed={target === modality}
              onClick={() => setTarget(modality)}
            >
              {modality === "image" ? "Images" : "Captions"}
            </button>
          ))}
        </div>
        <button
          type="button"
          className={styles.chip}
          aria-pressed={heldOutOnly}
          onClick={() => setHeldOutOnly(!heldOutOnly)}
        >
          From the held-out set
        </button>
        <Examples items={items} onAsk={(example) => ask(askedWith(example, canEncodeWords))} />
      </div>
      {space.error && (
        <ErrorNote error={space.error}>
          <button type="button" className="button" onClick={space.retry}>
            Try again
          </button>
        </ErrorNote>
      )}
      {error && <ErrorNote error={error} onDismiss={dismissError} />}
      <p className={styles.latency}>{latencyOf(answer, space.status)}</p>
      <p role="status" className="visually-hidden">
        {announcementOf(answer, step === undefined && !space.error)}
      </p>
      {answer?.target === "image" && (
        <ImageResults results={answer.results} onFind={find("image")} />
      )}
      {answer?.target === "text" && <TextResults results={answer.results} onFind={find("text")} />}
    </div>
  );
}

/** An example's words; where no words can be encoded, the caption itself as it was imported. */
function askedWith({ index, item, text }: Example, canEncodeWords: boolean): Asked {
  if (canEncodeWords) return { kind: "words", text };
  const found: Result = { index, item, rank: 1, score: 1, split: "test", captions: [] };
  return { kind: "item", modality: "text", found };
}

function latencyOf(
  answer: Answer | null,
  status: { readonly step: number; readonly gallery: Record<string, number> } | undefined,
): string {
  if (answer) {
    const { encodeMs, rankMs, gallery, step } = answer;
    return [
      encodeMs > 0 ? `encoded in ${formatDuration(encodeMs)}` : "already encoded",
      `ranked ${formatCount(gallery)} in ${rankMs < 1 ? "under 1 ms" : formatDuration(rankMs)}`,
      step > 0 ? `step ${formatCount(step)}` : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }
  if (!status) return "Projecting the gallery into the shared space…";
  const { image = 0, text = 0 } = status.gallery;
  return `${formatCount(image)} images and ${formatCount(text)} captions ready to search`;
}

/** Speaks of a question once, not of every checkpoint it is answered again with. */
function announcementOf(answer: Answer | null, opening: boolean): string {
  if (opening) return "Projecting the gallery into the shared space.";
  if (!answer) return "";
  const what = answer.target === "image" ? "images" : "captions";
  return `${answer.results.length} ${what} found among ${formatCount(answer.gallery)}.`;
}
