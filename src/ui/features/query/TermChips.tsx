import { useEffect, useState } from "react";
import { MAX_WEIGHT } from "../../../core/domain/parseQuery";
import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import { revokeSoon } from "../../components/revokeSoon";
import styles from "./QueryPanel.module.css";
import { termName, type ShownTerm } from "./queryTerms";
import type { Query } from "./useQuery";

/** The terms of a query as chips with their weights; nothing while it is plain words. */
export function TermChips({ query }: { readonly query: Query }) {
  const { terms } = query;
  const [only] = terms;
  const isPlain = terms.length <= 1 && (!only || (only.kind === "words" && only.weight === 1));
  if (isPlain) {
    return (
      <p className={styles.grammar} id="query-grammar">
        Combine with blanks around the sign: <kbd>cat - grass + snow</kbd>, or <kbd>0.5*snow</kbd>.
        Drop or paste a picture here, alone or with words.
      </p>
    );
  }
  return (
    <ul className={styles.terms} aria-label="Terms of the query">
      {terms.map((term) => (
        <TermChip key={term.key} term={term} isAlone={terms.length === 1} query={query} />
      ))}
    </ul>
  );
}

interface TermChipProps {
  readonly term: ShownTerm;
  readonly isAlone: boolean;
  readonly query: Query;
}

function TermChip({ term, isAlone, query }: TermChipProps) {
  const name = termName(term);
  const { key, weight } = term;
  return (
    <li className={styles.term} data-negative={weight < 0}>
      <TermThumb term={term} />
      <span className={styles.termName} dir="auto" title={name}>
        {name}
      </span>
      {/* Of one term alone only the direction counts. */}
      {(!isAlone || weight !== 1) && (
        <>
          <input
            type="range"
            className={styles.weight}
            min={-MAX_WEIGHT}
            max={MAX_WEIGHT}
            step={0.1}
            value={weight}
            aria-label={`Weight of ${name}`}
            onChange={({ target }) => query.weigh(key, target.valueAsNumber)}
          />
          <WeightField name={name} weight={weight} onWeigh={(next) => query.weigh(key, next)} />
        </>
      )}
      <button
        type="button"
        className={styles.remove}
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={() => query.remove(key)}
      >
        ×
      </button>
    </li>
  );
}

interface WeightFieldProps {
  readonly name: string;
  readonly weight: number;
  readonly onWeigh: (weight: number) => void;
}

/** The weight as a number. What is half typed (`-`, `1.`) stays until it is one. */
function WeightField({ name, weight, onWeigh }: WeightFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="number"
      className={`field ${styles.weightField}`}
      min={-MAX_WEIGHT}
      max={MAX_WEIGHT}
      step={0.1}
      value={typed ?? weight}
      aria-label={`Weight of ${name} as a number`}
      onChange={({ target }) => {
        setTyped(target.value);
        if (Number.isFinite(target.valueAsNumber)) onWeigh(target.valueAsNumber);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

function TermThumb({ term }: { readonly term: ShownTerm }) {
  const { project } = useProject();
  if (term.kind === "words") return null;
  if (term.kind === "picture") return <Thumb blob={term.blob} />;
  if (term.modality === "text") return <span className="quiet">caption</span>;
  return <BlobImage projectId={project.id} digest={term.item.digest} alt="" size={32} />;
}

function Thumb({ blob }: { readonly blob: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => revokeSoon(made);
  }, [blob]);
  return url ? (
    <img className={styles.thumb} src={url} alt="" width={32} height={32} />
  ) : (
    <span className={styles.thumb} style={{ width: 32, height: 32 }} />
  );
}
