import type { ReactNode } from "react";
import type { ScoreSettings } from "../../../core/domain/query";
import { formatCount } from "../formatting";
import styles from "./Inspector.module.css";
import type { Hit } from "./shownItems";
import { SplitBadge } from "./SplitBadge";

interface ResultSheetProps {
  readonly hit: Hit;
  /** Items that were ranked. */
  readonly gallery: number;
  readonly scores: ScoreSettings;
  readonly media: ReactNode;
  /** Buttons: how to go on. */
  readonly actions: ReactNode;
  /** Rows of the list of facts, after score and split. */
  readonly facts: ReactNode;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** One result in full, in a sheet of its own: what it is, how to go on, its facts. */
export function ResultSheet(props: ResultSheetProps) {
  const { hit, gallery, scores, media, actions, facts, onClose, children } = props;
  return (
    <aside
      className={styles.sheet}
      data-sheet=""
      aria-label="Result"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className={styles.head}>
        <h2>
          Rank {formatCount(hit.rank)} <span className="quiet">of {formatCount(gallery)}</span>
        </h2>
        <button type="button" className="button quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <div className={styles.media}>{media}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
      {children}
      <dl className={styles.facts}>
        <div>
          <dt>{scores.csls ? "CSLS score" : "Cosine"}</dt>
          <dd>
            {hit.score.toFixed(4)}
            {scores.csls && <span className="quiet"> · cosine {hit.cosine.toFixed(4)}</span>}
          </dd>
        </div>
        <div>
          <dt>Split</dt>
          <dd>
            <SplitBadge split={hit.split} />
          </dd>
        </div>
        {facts}
      </dl>
    </aside>
  );
}
