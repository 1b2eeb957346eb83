import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type { TakeAwayListing } from "../../../core/domain/takeAway";
import { formatBytes } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { embeddingBytes } from "./embeddingBytes";
import styles from "./TakeAwayPanel.module.css";
import { useExport } from "./useTakeAway";

interface DownloadAllProps {
  readonly project: Project;
  readonly run: Run | undefined;
  readonly listing: TakeAwayListing;
}

/** One button for all that other programs can use: model if there is one, data, embeddings. */
export function DownloadAll({ project, run, listing }: DownloadAllProps) {
  const { isBusy, job, model, data } = useExport("model", project.id);
  const own = listing.model?.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? 0;
  const bytes = own + embeddingBytes(listing, "f32");
  const hasModel = run !== undefined && listing.model !== null;
  return (
    <div className={styles.all}>
      <button
        type="button"
        className="button primary"
        disabled={isBusy}
        onClick={() => void (hasModel ? model(run.id, "f32", false) : data("f32", false))}
      >
        Download all as one zip
      </button>
      <span className="quiet">
        {hasModel
          ? "Model, embeddings, pairs, results and recipe"
          : "Pairs and embeddings; the model joins once there is one"}
        , about {formatBytes(bytes)}. Nothing is uploaded.
      </span>
      {!hasModel && <ExportStatus job={job} />}
    </div>
  );
}

function ExportStatus({ job }: { readonly job: ReturnType<typeof useExport>["job"] }) {
  return (
    <JobStatus job={job.state} label="Writing the zip" onStop={job.stop} onDismiss={job.dismiss} />
  );
}
