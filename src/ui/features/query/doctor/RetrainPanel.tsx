import { Aligning } from "../../../../app/aligning";
import { useJob, useLoaded, useServices } from "../../../../app/services";
import { isActive } from "../../../../app/jobs";
import type { Run } from "../../../../core/domain/run";
import type { RunComparison } from "../../../../core/metrics/compareRuns";
import { DIRECTION_NAMES, DIRECTIONS } from "../../../components/directions";
import { ErrorNote } from "../../../components/ErrorNote";
import { Estimate } from "../../../components/Estimate";
import { JobStatus } from "../../../components/JobStatus";
import { useProject } from "../../../components/projectContext";
import { ScrollTable } from "../../../components/ScrollTable";
import styles from "./Doctor.module.css";
import { useRetraining } from "./useRetraining";

/** Trains the run's recipe again on the repaired data and shows what it changed on held-out pairs. */
export function RetrainPanel({ run }: { readonly run: Run }) {
  const { project, canEdit } = useProject();
  const { before, after, start, isStarting, pause, error, dismiss } = useRetraining(run);
  const job = useJob(Aligning.job(after?.id ?? "none"));
  const isSame = run.dataDigest === project.data?.digest;
  const isBusy = isStarting || isActive(job);
  return (
    <section aria-labelledby="retrain" className={styles.retrain}>
      <h2 id="retrain">Train again and see the difference</h2>
      <p className="quiet">
        {isSame
          ? `The data is what “${run.name}” was trained on: repair something first.`
          : `Trains the recipe of “${run.name}” on the data as it is now and compares held-out recall.`}
      </p>
      <button
        type="button"
        className="button"
        disabled={!canEdit || isSame || isBusy}
        onClick={start}
      >
        Train “{run.name}” again
      </button>
      {error && <ErrorNote error={error} onDismiss={dismiss} />}
      {after && isBusy && <JobStatus job={job} label="Training again" onStop={pause} />}
      {!isBusy && job.status === "failed" && <JobStatus job={job} label="Training again" />}
      {before && after?.test && <Difference before={before} after={after} />}
    </section>
  );
}

function Difference({ before, after }: { readonly before: Run; readonly after: Run }) {
  const { querying } = useServices();
  const key = `compare/${before.id}@${before.updatedAt}/${after.id}@${after.updatedAt}`;
  const { value, error } = useLoaded(key, () => querying.compareRuns(before.id, after.id), []);
  return (
    <>
      {error && <ErrorNote error={error} />}
      <p role="status">{value && wordsOf(value)}</p>
      <ScrollTable label="Held-out recall before and after">
        <thead>
          <tr>
            <th scope="col">Held-out recall</th>
            <th scope="col" className="number">
              Before
            </th>
            <th scope="col" className="number">
              After
            </th>
            <th scope="col" className="number">
              Difference, 95 % interval
            </th>
          </tr>
        </thead>
        <tbody>
          {DIRECTIONS.flatMap((direction) =>
            Object.entries(after.test?.[direction].recall ?? {}).map(([k, recall]) => (
              <tr key={`${direction}${k}`}>
                <th scope="row">
                  {DIRECTION_NAMES[direction]} recall@{k}
                </th>
                <td className="number">
                  {before.test?.[direction].recall[k] && (
                    <Estimate estimate={before.test[direction].recall[k]} />
                  )}
                </td>
                <td className="number">
                  <Estimate estimate={recall} />
                </td>
                <td className="number">{differenceWords(value, direction, k)}</td>
              </tr>
            )),
          )}
        </tbody>
      </ScrollTable>
    </>
  );
}

function wordsOf(comparison: RunComparison): string {
  switch (comparison.kind) {
    case "compared":
      return "Both runs answered the same test queries, so the difference is paired.";
    case "other-queries":
      return "Repairs changed test pairs, so the two runs were asked different things: compare the intervals, not query by query. Part of a gain is the test that became right.";
    case "no-ranks":
      return "An earlier version evaluated the first run: train it again to compare query by query.";
  }
}

function differenceWords(
  comparison: RunComparison | undefined,
  direction: (typeof DIRECTIONS)[number],
  score: string,
): string {
  if (comparison?.kind !== "compared") return "";
  const found = comparison.differences.find(
    (each) => each.direction === direction && each.score === score,
  );
  if (!found) return "";
  const points = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;
  return `${points(found.difference)} points (${points(found.low)} to ${points(found.high)})`;
}
