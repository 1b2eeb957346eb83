import styles from "./Results.module.css";

interface ResultActionsProps {
  /** What the result is called, for those who do not see it beside the buttons. */
  readonly name: string;
  /** Only one result of a list can be reached by Tab, and so its buttons. */
  readonly isTabStop: boolean;
  readonly onMoreLike: () => void;
  readonly onGoesWith: () => void;
}

/** The two ways to go on from a result. */
export function ResultActions({ name, isTabStop, onMoreLike, onGoesWith }: ResultActionsProps) {
  const tabIndex = isTabStop ? 0 : -1;
  return (
    <span className={styles.actions}>
      <button
        type="button"
        tabIndex={tabIndex}
        className={styles.action}
        aria-label={`More like this: ${name}`}
        onClick={onMoreLike}
      >
        Like this
      </button>
      <button
        type="button"
        tabIndex={tabIndex}
        className={styles.action}
        aria-label={`What goes with it: ${name}`}
        onClick={onGoesWith}
      >
        Goes with it
      </button>
    </span>
  );
}
