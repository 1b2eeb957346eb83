import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Projects } from "../../../app/projects";
import { useJob, useServices } from "../../../app/services";
import { sampleById } from "../../../core/catalogue/samples";
import type { Hub } from "../../../core/domain/hub";
import type { Project } from "../../../core/domain/project";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { formatBytes, formatNumberOf } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { rememberJoining } from "../../components/joiningHub";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useProject } from "../../components/projectContext";
import styles from "./Add.module.css";
import type { useSources } from "./useAddForm";

interface AddPairsProps {
  readonly hub: Hub;
  readonly sources: ReturnType<typeof useSources>;
}

const SAMPLE = sampleById("spoken-emoji");

/** First choice of a joining: whose items, from a project, the sample, or new files. */
export function AddPairs({ hub, sources }: AddPairsProps) {
  const { canEdit } = useProject();
  const { candidates, source, arriving, choose } = sources;
  const { error, isBusy, trySample, bringFiles } = useNewPairs(hub, choose);
  return (
    <section className={styles.step} aria-labelledby="add-pairs">
      <h3 id="add-pairs">1 Pairs</h3>
      <p className="quiet">
        Items with captions. They belong to what is in the hub where captions are equal, letter by
        letter.
      </p>
      {candidates.length > 0 && (
        <label className={styles.stacked}>
          From a project
          <select
            className="field"
            value={source?.id ?? ""}
            onChange={({ target }) => choose(target.value)}
          >
            {!source && <option value="">Choose a project</option>}
            {candidates.map(({ id, name, data }) => (
              <option key={id} value={id}>
                {name}: {formatNumberOf(data.report.items[data.media], ITEM_NOUNS[data.media])}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          disabled={!canEdit || isBusy}
          onClick={() => void trySample()}
        >
          Try the spoken emoji
        </button>
        <button
          type="button"
          className="button"
          disabled={!canEdit || isBusy}
          onClick={() => void bringFiles()}
        >
          Bring files
        </button>
        <span className="quiet">
          The sample: {SAMPLE.summary.charAt(0).toLowerCase() + SAMPLE.summary.slice(1)},{" "}
          {formatBytes(SAMPLE.sizeBytes)}.
        </span>
      </div>
      {error && <ErrorNote error={error} />}
      {arriving && <Arriving project={arriving} />}
    </section>
  );
}

/** New projects for a hub: the sample, or one for the visitor's own files. */
function useNewPairs(hub: Hub, choose: (projectId: string) => void) {
  const { projects, stores } = useServices();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const start = async (name: string, go: (projectId: string) => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      const { id } = await projects.create(name);
      await rememberJoining(stores.settings, id, hub.id);
      await go(id);
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    error,
    trySample: () =>
      start(`${SAMPLE.name} sample`, (id) => {
        choose(id);
        return projects.importSample(id, SAMPLE.id);
      }),
    bringFiles: () =>
      start(`For ${hub.name}`, async (id) => {
        navigate(`/p/${id}/data`);
      }),
  };
}

/** A project whose items are on their way in: the sample, or files that were not imported yet. */
function Arriving({ project }: { readonly project: Project }) {
  const { jobs } = useServices();
  const inspecting = useJob(Projects.inspectJob(project.id));
  const importing = useJob(Projects.importJob(project.id));
  const job = importing.status === "idle" ? inspecting : importing;
  return (
    <>
      <JobStatus
        job={job}
        label={`Importing ${project.name}`}
        onStop={() => {
          jobs.cancel(Projects.inspectJob(project.id));
          jobs.cancel(Projects.importJob(project.id));
        }}
      />
      {job.status !== "running" && job.status !== "cancelling" && (
        <p>
          {project.name} has no items yet. <Link href={`/p/${project.id}/data`}>Import some</Link>
        </p>
      )}
    </>
  );
}
