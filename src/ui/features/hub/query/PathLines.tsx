import { Hubs } from "../../../../app/hubs";
import { isActive } from "../../../../app/jobs";
import { useJob, useServices } from "../../../../app/services";
import { hopsBetween, type Hub, type HubMember, type PathScore } from "../../../../core/domain/hub";
import { Estimate } from "../../../components/Estimate";
import { formatCount } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { kindWords, mainK, storedScores } from "../hubPaths";
import styles from "./HubQuery.module.css";
import { itemsOf, labelOf } from "./memberWords";
import type { HubAnswer } from "./useHubSearch";

interface PathLinesProps {
  readonly hub: Hub;
  readonly members: readonly HubMember[];
  readonly answer: HubAnswer;
}

/** How the members asked with and the one searched belong together, and how well that finds. */
export function PathLines({ hub, members, answer }: PathLinesProps) {
  const { sources, target } = answer;
  return (
    <ul className={styles.paths} aria-label="Paths of this query">
      {sources.map((from) => (
        <li key={from.id}>
          {from.id === target.id ? (
            <span className="quiet">
              {labelOf(from, members)} by {itemsOf(target, members)}: within one member, nothing to
              cross.
            </span>
          ) : (
            <PathLine {...{ hub, members, from, to: target }} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface PathLineProps extends Omit<PathLinesProps, "answer"> {
  readonly from: HubMember;
  readonly to: HubMember;
}

function PathLine({ hub, members, from, to }: PathLineProps) {
  const { hubs, jobs } = useServices();
  // Both ways are measured by one job, named in the order the members have.
  const [first, second] = members.indexOf(from) < members.indexOf(to) ? [from, to] : [to, from];
  const jobId = Hubs.pathJob(hub.id, first.id, second.id);
  const job = useJob(jobId);
  const hops = hopsBetween(members, from.id, to.id);
  const measured = job.status === "done" ? (job.result as readonly PathScore[]) : []; // `measurePaths` alone starts it
  const score =
    measured.find((path) => path.from === from.id && path.to === to.id) ??
    storedScores(members).get(`${from.id}/${to.id}`);
  return (
    <>
      <span>
        {labelOf(from, members)} → {itemsOf(to, members)}:{" "}
        <strong>
          {hops === null ? "no path: a member between the two was removed" : kindWords(hops)}
        </strong>
        {score && <Measured score={score} />}
      </span>
      {!score && hops !== null && !isActive(job) && (
        <>
          <span className="quiet"> · not measured yet</span>{" "}
          <button
            type="button"
            className="button quiet"
            onClick={() => void hubs.measurePaths(hub.id, first.id, second.id)}
          >
            Measure
          </button>
        </>
      )}
      {job.status !== "cancelled" && (
        <JobStatus
          job={job}
          label={`Measuring ${first.name} and ${second.name}`}
          onStop={() => jobs.cancel(jobId)}
          onDismiss={() => jobs.dismiss(jobId)}
        />
      )}
    </>
  );
}

function Measured({ score }: { readonly score: PathScore }) {
  const k = mainK(score);
  const recall = score.result.recall[k];
  if (!recall) return null;
  const chance = score.chance[k];
  return (
    <span>
      {" "}
      · held-out recall@{k}
      {score.measure === "cycle" && " (cycle estimate)"}{" "}
      <Estimate estimate={recall} {...(chance === undefined ? {} : { chance })} />
      <span className="quiet">
        {" "}
        · {formatCount(score.result.queries)} queries in {formatCount(score.result.gallery)}
      </span>
    </span>
  );
}
