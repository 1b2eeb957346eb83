import { useState } from "react";
import { isActive } from "../../../app/jobs";
import { Selecting } from "../../../app/selecting";
import { useJob, useLoaded, useServices } from "../../../app/services";
import { DEFAULT_COMPARISON } from "../../../core/domain/comparison";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatDuration } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import { ChosenPair } from "./ChosenPair";
import styles from "./Compare.module.css";
import { CompareResults } from "./CompareResults";
import { EncoderTicks } from "./EncoderTicks";
import { SampleSize } from "./SampleSize";
import { comparisonMs, sampleMs } from "./selectionTime";
import { bothSides, useSelection } from "./useSelection";

/** Which image embedding goes best with which text embedding, measured before any training. */
export function ComparePanel() {
  const { selecting, jobs } = useServices();
  const { project, canEdit } = useProject();
  const selection = useSelection();
  const [maxPairs, setMaxPairs] = useState(DEFAULT_COMPARISON.maxPairs);
  const id = Selecting.compareJob(project.id);
  const job = useJob(id);
  const stored = useLoaded(id, () => selecting.comparison(project.id), [`project/${project.id}`]);
  const { choices, ticked } = selection;
  const sets = { image: choices.image.length, text: choices.text.length };
  const start = () =>
    void selecting.compare(project.id, choices, { ...DEFAULT_COMPARISON, maxPairs });
  return (
    <section className={`stack section ${styles.compare}`} aria-labelledby="compare-title">
      <h2 id="compare-title">Choose before you train</h2>
      <p className="quiet">
        Two embeddings that already agree on what is near what align better. Compared are training
        pairs only, one of each connected group, so that nothing of the test leaks into the choice.
      </p>
      <ChosenPair comparison={stored.value ?? null} />
      <EncoderTicks selection={selection} disabled={isActive(job)} />
      <div className={styles.controls}>
        <SampleSize pairs={maxPairs} disabled={isActive(job)} onChange={setMaxPairs} />
        <button
          type="button"
          className="button"
          disabled={!canEdit || isActive(job) || sets.image * sets.text === 0}
          onClick={start}
        >
          Compare {formatCount(sets.image)} × {formatCount(sets.text)} embeddings
        </button>
        <span className="quiet">
          {timeWords(Math.min(maxPairs, project.data?.report.splits.train ?? maxPairs), ticked)}
        </span>
      </div>
      <JobStatus
        job={job}
        label="Comparing embeddings"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
      {stored.error && <ErrorNote error={stored.error} />}
      {stored.value && <CompareResults comparison={stored.value} />}
    </section>
  );
}

function timeWords(pairs: number, ticked: ReturnType<typeof useSelection>["ticked"]): string {
  const encoding = formatDuration(sampleMs(pairs, bothSides(ticked)));
  const comparing = formatDuration(comparisonMs(pairs, ticked));
  return `About ${comparing} on one laptop core; at most ${encoding} before that to encode what the sample still lacks.`;
}
