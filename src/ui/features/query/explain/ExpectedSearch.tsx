import { useEffect, useId, useState } from "react";
import { useServices } from "../../../../app/services";
import type { AlignedModality } from "../../../../core/domain/modality";
import { AppError } from "../../../../core/errors";
import { ErrorNote } from "../../../components/ErrorNote";
import { useProject } from "../../../components/projectContext";
import type { ProjectItems } from "../useSearch";
import styles from "./Explain.module.css";
import { findExpected, type Expected } from "./findExpected";

interface ExpectedSearchProps {
  /** Tried first: the words of the query. */
  readonly words: string;
  readonly target: AlignedModality;
  readonly items: ProjectItems;
  readonly picked: number | null;
  readonly onPick: (item: number) => void;
}

const TYPING_PAUSE_MS = 200;

/** Finds, by words of its caption, what somebody expected to come first. */
export function ExpectedSearch({ words, target, items, picked, onPick }: ExpectedSearchProps) {
  const id = useId();
  const [typed, setTyped] = useState(words);
  const { found, error } = useExpected(typed, target, items);
  return (
    <div className={styles.search}>
      <label htmlFor={id} className={styles.note}>
        Expected another? Part of its caption
      </label>
      <input
        id={id}
        type="search"
        className="field"
        autoComplete="off"
        dir="auto"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {error && <ErrorNote error={error} />}
      {found && found.length === 0 && typed.trim() !== "" && (
        <p className={styles.note} role="status">
          No caption contains “{typed.trim()}”.
        </p>
      )}
      <div className={styles.candidates} role="group" aria-label="Items with these words">
        {(found ?? []).map(({ item, caption }) => (
          <button
            key={item}
            type="button"
            dir="auto"
            aria-pressed={item === picked}
            onClick={() => onPick(item)}
          >
            {caption}{" "}
            <span className="quiet">
              {target} {item + 1}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}

function useExpected(words: string, target: AlignedModality, items: ProjectItems) {
  const { stores } = useServices();
  const { project } = useProject();
  const [state, setState] = useState<{ found?: readonly Expected[]; error?: AppError }>({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const search = async () => {
      const pairs = await items.pairs;
      const question = { projectId: project.id, target, words, signal };
      return findExpected(stores.datasets, pairs, question);
    };
    const timer = setTimeout(() => {
      search().then(
        (found) => !signal.aborted && setState({ found }),
        (thrown: unknown) => !signal.aborted && setState({ error: AppError.from(thrown) }),
      );
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [stores, project.id, words, target, items]);
  return state;
}
