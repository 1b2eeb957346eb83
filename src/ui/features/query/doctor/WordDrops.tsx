import { useState } from "react";
import { useServices } from "../../../../app/services";
import type { Diagnosis } from "../../../../core/domain/diagnosis";
import { AppError } from "../../../../core/errors";
import type { WordDrop } from "../../../../core/metrics/wordDrops";
import { ErrorNote } from "../../../components/ErrorNote";
import { useProject } from "../../../components/projectContext";
import styles from "./Doctor.module.css";

interface WordDropsProps {
  readonly diagnosis: Diagnosis;
  readonly place: number;
  readonly caption: string;
}

type State =
  | { readonly kind: "idle" | "working" }
  | { readonly kind: "done"; readonly drops: readonly WordDrop[] | null }
  | { readonly kind: "failed"; readonly error: AppError };

/** Which words of a caption disagree with its picture, when asked. */
export function WordDrops({ diagnosis, place, caption }: WordDropsProps) {
  const { doctoring } = useServices();
  const { project } = useProject();
  const [state, setState] = useState<State>({ kind: "idle" });
  const ask = async () => {
    setState({ kind: "working" });
    try {
      const drops = await doctoring.wordDrops(project, diagnosis, { place, caption });
      setState({ kind: "done", drops });
    } catch (thrown) {
      setState({ kind: "failed", error: AppError.from(thrown) });
    }
  };
  if (state.kind === "failed") {
    return <ErrorNote error={state.error} onDismiss={() => setState({ kind: "idle" })} />;
  }
  if (state.kind !== "done") {
    return (
      <button
        type="button"
        className="button"
        disabled={state.kind === "working"}
        onClick={() => void ask()}
      >
        {state.kind === "working" ? "Encoding without each word…" : "Which words disagree"}
      </button>
    );
  }
  return <Drops drops={state.drops} />;
}

function Drops({ drops }: { readonly drops: readonly WordDrop[] | null }) {
  if (!drops) return <p className="quiet">Kept for the worst 5,000 pairs only.</p>;
  if (drops.length === 0) return <p className="quiet">One word: there is nothing to leave out.</p>;
  const largest = Math.max(...drops.map(({ drop }) => Math.abs(drop)), 1e-9);
  return (
    <div role="status">
      <ul className={styles.drops} aria-label="Words and what the cosine loses without them">
        {drops.map(({ word, drop }, k) => (
          <li key={k} className={styles.drop} data-disagrees={drop < 0}>
            <span dir="auto">{word}</span>
            <span className={styles.dropBar} aria-hidden="true">
              <span style={{ width: `${(100 * Math.abs(drop)) / largest}%` }} />
            </span>
            <span className={styles.dropValue}>
              {drop < 0 ? `−${Math.abs(drop).toFixed(3)} disagrees` : `+${drop.toFixed(3)}`}
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet">
        Drop in cosine with what the caption should be when the word is left out; the projector
        never saw the pair.
      </p>
    </div>
  );
}
