import type { ReactNode } from "react";
import type { ScoreSettings } from "../../../core/domain/query";
import { FactList } from "../FactList";
import { formatCount } from "../formatting";
import { Sheet } from "../Sheet";
import styles from "../Sheet.module.css";
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
    <Sheet
      label="Result"
      title={
        <>
          Rank {formatCount(hit.rank)} <span className="quiet">of {formatCount(gallery)}</span>
        </>
      }
      onClose={onClose}
    >
      <div className={styles.media}>{media}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
      {children}
      <FactList
        facts={[
          [
            scores.csls ? "CSLS score" : "Cosine",
            <>
              {hit.score.toFixed(4)}
              {scores.csls && <span className="quiet"> · cosine {hit.cosine.toFixed(4)}</span>}
            </>,
          ],
          ["Split", <SplitBadge split={hit.split} />],
        ]}
      >
        {facts}
      </FactList>
    </Sheet>
  );
}
