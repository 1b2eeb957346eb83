import type { Ref } from "react";
import styles from "./SearchPage.module.css";

interface SearchBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly text: string;
  readonly examples: readonly string[];
  readonly onAsk: (text: string, now?: boolean) => void;
  readonly onFocus: () => void;
}

/** The box and a few held-out captions to try. */
export function SearchBox({ ref, text, examples, onAsk, onFocus }: SearchBoxProps) {
  return (
    <div role="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAsk(text, true);
        }}
      >
        <input
          ref={ref}
          className={styles.box}
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          aria-keyshortcuts="/"
          aria-label="Search the pictures by words"
          placeholder="What are you looking for?"
          value={text}
          onFocus={onFocus}
          onChange={(event) => onAsk(event.target.value)}
        />
      </form>
      {examples.length > 0 && (
        <div className={styles.examples} role="group" aria-label="Captions to try">
          <span className="quiet">Held-out captions to try</span>
          {examples.map((example) => (
            <button
              key={example}
              type="button"
              className={styles.chip}
              dir="auto"
              aria-pressed={example === text}
              onClick={() => onAsk(example, true)}
            >
              {example}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
