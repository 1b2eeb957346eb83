import { useState } from "react";
import { Link } from "wouter";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatNumberOf } from "../../../components/formatting";
import { useProject } from "../../../components/projectContext";
import { useEditing } from "../../../components/useEditing";
import styles from "./Map.module.css";
import type { MapModel } from "./mapModel";

interface MapActionsProps {
  readonly model: MapModel;
  /** Pairs of the selected points, by index in the project. */
  readonly pairs: readonly number[];
}

/** Tags, untags or excludes the pairs of what is selected; every change can be undone. */
export function MapActions({ model, pairs }: MapActionsProps) {
  const { project, canEdit } = useProject();
  const { busy, notice, error, apply, undo, dismiss } = useEditing();
  const [tag, setTag] = useState("");
  const isOff = !canEdit || busy || pairs.length === 0;
  const name = tag.trim();
  const isKnown = model.tags.includes(name);
  return (
    <>
      {pairs.length > 0 && (
        <form
          className="actions"
          onSubmit={(event) => {
            event.preventDefault();
            if (name !== "" && !isOff) void apply({ kind: "tag", pairs, tag: name });
          }}
        >
          <label className={styles.tagField}>
            <span className="visually-hidden">Tag</span>
            <input
              className="field"
              list="map-tags"
              placeholder="Tag"
              value={tag}
              disabled={!canEdit}
              onChange={(event) => setTag(event.target.value)}
            />
            <datalist id="map-tags">
              {model.tags.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </label>
          <button type="submit" className="button" disabled={isOff || name === ""}>
            Tag
          </button>
          <button
            type="button"
            className="button"
            disabled={isOff || !isKnown}
            onClick={() => void apply({ kind: "untag", pairs, tag: name })}
          >
            Untag
          </button>
          <button
            type="button"
            className="button danger"
            disabled={isOff}
            onClick={() => void apply({ kind: "exclude", pairs, reason: "selected on the map" })}
          >
            Exclude {formatNumberOf(pairs.length, "pair")}
          </button>
        </form>
      )}
      {error && <ErrorNote error={error} onDismiss={dismiss} />}
      <p role="status" className={styles.outcome}>
        {notice && <span>{notice.words}</span>}
        {notice?.canUndo && (
          <button type="button" className="button" disabled={busy} onClick={() => void undo()}>
            Undo
          </button>
        )}
        {notice?.done === "exclude" && (
          <Link className="button" href={`/p/${project.id}/align`}>
            Train again without them
          </Link>
        )}
      </p>
    </>
  );
}
