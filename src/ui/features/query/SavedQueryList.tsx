import { useState } from "react";
import type { SavedQuery } from "../../../core/domain/query";
import { Dialog } from "../../components/Dialog";
import { useProject } from "../../components/projectContext";
import { MAX_QUERY_NAME } from "../../../app/savedQueries";
import { filterWords } from "./FilterPanel";
import styles from "./QueryPanel.module.css";
import { queryName } from "./queryTerms";
import type { Query } from "./useQuery";
import type { SavedCommands } from "./useSavedQueries";

interface SavedQueryListProps {
  readonly query: Query;
  readonly saved: SavedCommands;
}

/** The saved queries: run, rename, delete with undo, and save what is asked now. */
export function SavedQueryList({ query, saved }: SavedQueryListProps) {
  const { project, canEdit } = useProject();
  const [naming, setNaming] = useState<Naming | null>(null);
  const { savedQueries = [] } = project;
  const hasPicture = query.terms.some(({ kind }) => kind === "picture");
  const kept = query.terms.filter(({ kind }) => kind !== "picture");
  return (
    <div className={`stack panel ${styles.drawer}`} role="group" aria-label="Saved queries">
      {hasPicture && (
        <p className="quiet">
          A picture from outside the data cannot be saved.{" "}
          {kept.length > 0 ? "The other terms can." : "Words and items of the data can."}
        </p>
      )}
      <p className={styles.row}>
        <button
          type="button"
          className="button"
          disabled={!canEdit || kept.length === 0}
          onClick={() => setNaming({ id: null, name: queryName(kept).slice(0, MAX_QUERY_NAME) })}
        >
          {hasPicture ? "Save without the picture…" : "Save this query…"}
        </button>
        {savedQueries.length === 0 && (
          <span className="quiet">
            Nothing is saved yet. A query is kept with its terms, corrections and filter.
          </span>
        )}
      </p>
      {savedQueries.length > 0 && (
        <ul className={styles.saved} aria-label="Saved">
          {savedQueries.map((one) => (
            <li key={one.id}>
              <button type="button" className={styles.savedName} onClick={() => saved.run(one)}>
                <span dir="auto">{one.name}</span> <span className="quiet">{describe(one)}</span>
              </button>
              <button
                type="button"
                className="button quiet"
                disabled={!canEdit}
                aria-label={`Rename ${one.name}`}
                onClick={() => setNaming({ id: one.id, name: one.name })}
              >
                Rename…
              </button>
              <button
                type="button"
                className="button quiet"
                disabled={!canEdit}
                aria-label={`Delete ${one.name}`}
                onClick={() => saved.remove(one)}
              >
                Delete
              </button>
            </li>
          ))}
        </ul>
      )}
      <NameDialog
        naming={naming}
        onClose={() => setNaming(null)}
        onName={({ id, name }) => (id === null ? saved.save(query, name) : saved.rename(id, name))}
      />
    </div>
  );
}

/** A name being given: to a new query, or to the saved one with an id. */
interface Naming {
  readonly id: string | null;
  readonly name: string;
}

interface NameDialogProps {
  readonly naming: Naming | null;
  readonly onClose: () => void;
  readonly onName: (naming: Naming) => void;
}

function NameDialog({ naming, onClose, onName }: NameDialogProps) {
  const title = naming?.id === null ? "Save this query" : "Rename the query";
  return (
    <Dialog title={title} open={naming !== null} onClose={onClose}>
      <form
        className={styles.naming}
        onSubmit={(event) => {
          event.preventDefault();
          const name = new FormData(event.currentTarget).get("name");
          if (naming && typeof name === "string") onName({ ...naming, name });
          onClose();
        }}
      >
        <label>
          Name
          <input
            className="field"
            name="name"
            dir="auto"
            required
            autoFocus
            maxLength={MAX_QUERY_NAME}
            defaultValue={naming?.name}
          />
        </label>
        <div className={styles.row}>
          <button type="submit" className="button primary">
            {naming?.id === null ? "Save" : "Rename"}
          </button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function describe({ terms, target, scores, filter }: SavedQuery): string {
  const items = terms.filter(({ kind }) => kind === "item").length;
  return [
    target === "image" ? "images" : "captions",
    items > 0 && `${items} ${items === 1 ? "item" : "items"} of the data`,
    scores.centred && "centred",
    scores.csls && "CSLS",
    filterWords(filter),
  ]
    .filter(Boolean)
    .join(" · ");
}
