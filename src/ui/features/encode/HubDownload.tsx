import { useState } from "react";
import { Downloads } from "../../../app/downloads";
import { isActive } from "../../../app/jobs";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { EncoderSpec } from "../../../core/domain/encoder";
import { DownloadConsent } from "../../components/DownloadConsent";
import { formatBytes } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import styles from "./EncoderCards.module.css";

/** The button that leads to the question, then the progress of the download. */
export function HubDownload({ encoder }: { readonly encoder: EncoderSpec }) {
  const { downloads, jobs } = useServices();
  const [asking, setAsking] = useState(false);
  const id = Downloads.job(encoder.id);
  const job = useJob(id);
  const kept = useLoaded(id, () => downloads.storedBytes(), ["encoders"]).value?.get(encoder.id);
  const agreed = job.status === "failed" || job.status === "cancelled";
  const start = () => {
    setAsking(false);
    void downloads.start(encoder.id);
  };
  return (
    <>
      {!isActive(job) && (
        <button
          type="button"
          className="button"
          aria-label={`${agreed ? "Go on downloading" : "Download"} ${encoder.name}`}
          onClick={agreed ? start : () => setAsking(true)}
        >
          {agreed ? "Go on" : "Download"}
        </button>
      )}
      <div className={styles.wide}>
        {kept !== undefined && !isActive(job) && (
          <p className="quiet">{formatBytes(kept)} are here already; a download goes on there.</p>
        )}
        <JobStatus
          job={job.status === "cancelled" ? { status: "idle" } : job}
          label={`Downloading ${encoder.name}`}
          onStop={() => downloads.cancel(encoder.id)}
          onDismiss={() => jobs.dismiss(id)}
        />
        <DownloadConsent
          encoders={asking ? [encoder] : []}
          onAgree={start}
          onClose={() => setAsking(false)}
        />
      </div>
    </>
  );
}
