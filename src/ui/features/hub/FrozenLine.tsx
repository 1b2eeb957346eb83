import { useState } from "react";
import { Hubs } from "../../../app/hubs";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import type { FrozenCheck, WholeHub } from "../../../core/domain/hub";
import { formatDate, formatNumberOf, formatPercent } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import styles from "./Members.module.css";

interface Checked {
  readonly at: number;
  readonly check: FrozenCheck;
}

/** Whether what was frozen is still the same to the bit: when that was last checked, and again. */
export function FrozenLine({ hub, members }: WholeHub) {
  const { hubs, jobs } = useServices();
  const id = Hubs.checkJob(hub.id);
  const job = useJob(id);
  const [fresh, setFresh] = useState<Checked | null>(null);
  const last = fresh ?? lastChecked(members);
  const checkAgain = async () => {
    const check = await hubs.check(hub.id);
    if (check) setFresh({ at: Date.now(), check });
  };
  if (!hub.frozen) {
    return last?.check.isUnchanged ? (
      <p>
        <strong>Frozen:</strong> embeddings unchanged to the bit by the last joining,{" "}
        {formatDate(last.at)}. When the hub was frozen, nothing was encoded yet.
      </p>
    ) : (
      <p className="quiet">
        Frozen without embeddings: its numbers are fixed, but nothing was encoded that could be
        compared.
      </p>
    );
  }
  return (
    <div className={styles.frozen}>
      <div className={styles.line}>
        <p>
          {last === undefined && "Frozen, and not checked since. "}
          {last?.check.isUnchanged && (
            <>
              <strong>Frozen:</strong> embeddings and recalls unchanged to the bit, checked{" "}
              {formatDate(last.at)}.
            </>
          )}
          {last && !last.check.isUnchanged && (
            <strong>Changed since it was frozen, found {formatDate(last.at)}.</strong>
          )}
        </p>
        <button
          type="button"
          className="button quiet"
          disabled={isActive(job)}
          onClick={() => void checkAgain()}
        >
          {last ? "Check again" : "Check now"}
        </button>
      </div>
      <JobStatus
        job={job.status === "cancelled" ? { status: "idle" } : job}
        label="Checking the hub"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
      <details>
        <summary>What is compared</summary>
        <p className="quiet">
          The items of the first members are projected again and their bytes digested, and every
          held-out query is ranked again; both must give what they gave when the hub was frozen:{" "}
          {formatNumberOf(Object.keys(hub.frozen.embeddings).length, "set")} of embeddings, and{" "}
          {hub.frozen.recalls.length === 0
            ? "no ranks, as there is one member"
            : `ranks whose recalls are ${recallsOf(hub.frozen.recalls)}`}
          .
        </p>
        {last && !last.check.isUnchanged && <Differences check={last.check} />}
      </details>
    </div>
  );
}

function Differences({ check: { before, after } }: { readonly check: FrozenCheck }) {
  const moved = Object.entries(before.embeddings)
    .filter(([member, digest]) => after.embeddings[member] !== digest)
    .map(([member]) => member);
  return (
    <p>
      {moved.length > 0 && `Embeddings that differ: ${moved.join(", ")}. `}
      {before.ranks !== after.ranks && `Ranks differ: recalls are ${recallsOf(after.recalls)} now.`}
    </p>
  );
}

const recallsOf = (recalls: readonly { readonly name: string; readonly value: number }[]) =>
  recalls.map(({ name, value }) => `${name} ${formatPercent(value)}`).join(", ");

/** Every joining checks; the newest one is the last word. */
function lastChecked(members: WholeHub["members"]): Checked | undefined {
  return members
    .flatMap(({ joined }): Checked[] =>
      joined?.check ? [{ at: joined.at, check: joined.check }] : [],
    )
    .toSorted((a, b) => b.at - a.at)[0];
}
