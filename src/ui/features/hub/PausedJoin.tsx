import { useState } from "react";
import { useServices } from "../../../app/services";
import type { WholeHub } from "../../../core/domain/hub";
import type { Project } from "../../../core/domain/project";
import type { UnfinishedJoining } from "../../../core/domain/unfinishedJoining";
import { AppError } from "../../../core/errors";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { joiningSides } from "./joinCurve";
import { JoinCurve } from "./JoinCurve";
import styles from "./Members.module.css";
import { anchorNames, stoppedWords, warningWords } from "./pausedWords";

interface PausedJoinProps {
  readonly joining: UnfinishedJoining;
  readonly whole: WholeHub;
  /** Whose items join. */
  readonly project: Project | undefined;
  readonly onGoOn: () => void;
}

/** A joining that was stopped: how far it got, and the ways to go on with it or to give it up. */
export function PausedJoin({ joining, whole, project, onGoOn }: PausedJoinProps) {
  const { canEdit } = useProject();
  const [isAsking, setAsking] = useState(false);
  const { wish, trained } = joining;
  const anchors = anchorNames(joining, whole.members);
  const warning = warningWords(joining, project);
  return (
    <section className={styles.paused} aria-label={`Unfinished: ${wish.name}`}>
      <p>
        <strong>{wish.name}</strong> of {project?.name ?? "another project"}
        {anchors && `, aligned to ${anchors.join(" and ")}`}. {stoppedWords(joining)}
      </p>
      {warning && <p>{warning}</p>}
      {!anchors && (
        <p>
          A member it was to be aligned to has left the hub: put that one back, or discard this.
        </p>
      )}
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          aria-label={`Go on with ${wish.name}`}
          disabled={!canEdit || !anchors}
          onClick={onGoOn}
        >
          Go on
        </button>
        <button
          type="button"
          className="button quiet"
          aria-label={`Discard ${wish.name}`}
          disabled={!canEdit}
          onClick={() => setAsking(true)}
        >
          Discard
        </button>
      </div>
      {trained && trained.history.length > 0 && (
        <details>
          <summary>Training curve so far</summary>
          <JoinCurve
            history={trained.history}
            sides={joiningSides(wish, whole.members)}
            steps={trained.training.steps}
          />
        </details>
      )}
      <DiscardJoin joining={joining} open={isAsking} onClose={() => setAsking(false)} />
    </section>
  );
}

interface DiscardJoinProps {
  readonly joining: UnfinishedJoining;
  readonly open: boolean;
  readonly onClose: () => void;
}

function DiscardJoin({ joining: { wish, trained }, open, onClose }: DiscardJoinProps) {
  const { hubs } = useServices();
  const [error, setError] = useState<AppError | null>(null);
  const discard = async () => {
    try {
      await hubs.joinings.discard(wish);
      onClose();
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return (
    <Dialog title={`Discard ${wish.name}?`} open={open} onClose={onClose}>
      <p>
        {trained
          ? `The ${formatCount(trained.step)} steps it was trained for are removed.`
          : "It is forgotten."}{" "}
        The data and what was encoded stay, and so does the hub.
      </p>
      {error && <ErrorNote error={error} />}
      <div className={styles.actions}>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button danger" onClick={() => void discard()}>
          Discard
        </button>
      </div>
    </Dialog>
  );
}
