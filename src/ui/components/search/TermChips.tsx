import { useState, type ReactNode } from "react";
import { MAX_WEIGHT } from "../../../core/domain/parseQuery";
import styles from "./Search.module.css";

/** One part of a query on screen. */
export interface ChipTerm {
  readonly kind: string;
  readonly key: string;
  readonly weight: number;
}

interface TermChipsProps<T extends ChipTerm> {
  readonly query: {
    readonly terms: readonly T[];
    readonly weigh: (key: string, weight: number) => void;
    readonly remove: (key: string) => void;
  };
  readonly nameOf: (term: T) => string;
  /** What is seen of a term before its name. */
  readonly thumbOf: (term: T) => ReactNode;
  /** How terms are combined, shown while the query is plain words. */
  readonly children: ReactNode;
}

/** The terms of a query as chips with their weights; while it is plain words, how to combine. */
export function TermChips<T extends ChipTerm>(props: TermChipsProps<T>) {
  const { query, nameOf, thumbOf, children } = props;
  const { terms } = query;
  const [only] = terms;
  const isPlain = terms.length <= 1 && (!only || (only.kind === "words" && only.weight === 1));
  if (isPlain) {
    return (
      <p className={styles.grammar} id="query-grammar">
        {children}
      </p>
    );
  }
  return (
    <ul className={styles.terms} aria-label="Terms of the query">
      {terms.map((term) => (
        <TermChip
          key={term.key}
          name={nameOf(term)}
          weight={term.weight}
          isAlone={terms.length === 1}
          onWeigh={(weight) => query.weigh(term.key, weight)}
          onRemove={() => query.remove(term.key)}
        >
          {thumbOf(term)}
        </TermChip>
      ))}
    </ul>
  );
}

interface TermChipProps extends WeightFieldProps {
  readonly isAlone: boolean;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

function TermChip({ name, weight, isAlone, onWeigh, onRemove, children }: TermChipProps) {
  return (
    <li className={styles.term} data-negative={weight < 0}>
      {children}
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
            onChange={({ target }) => onWeigh(target.valueAsNumber)}
          />
          <WeightField name={name} weight={weight} onWeigh={onWeigh} />
        </>
      )}
      <button
        type="button"
        className={styles.remove}
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={onRemove}
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
