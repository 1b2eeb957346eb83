import { isActive } from "../../../app/jobs";
import type { Project } from "../../../core/domain/project";
import { JobStatus } from "../../components/JobStatus";
import { SavedAge } from "../../components/SavedAge";
import { useSaveProject } from "../../components/useSaveProject";
import styles from "./TakeAwayPanel.module.css";

/** The whole project as one file, to go on elsewhere or to keep. */
export function ProjectFileRow({ project }: { readonly project: Project }) {
  const { job, lastSaved, notes, save, stop, dismiss } = useSaveProject(project.id);
  return (
    <li className={styles.file}>
      <div>
        <h2 className={styles.name}>Whole project</h2>
        <p className="quiet">
          One zip with pairs, pictures, embeddings, changes, saved queries and every run. “Open a
          project file…” on the first screen of any browser goes on from it, a paused training bit
          for bit. A run that is being trained is saved as of its last checkpoint.
        </p>
        <p className="quiet">
          <SavedAge lastSaved={lastSaved} />
        </p>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        <JobStatus job={job} label="Saving the project" onStop={stop} onDismiss={dismiss} />
      </div>
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          aria-label="Download the whole project"
          disabled={isActive(job)}
          onClick={save}
        >
          Download
        </button>
      </div>
    </li>
  );
}
