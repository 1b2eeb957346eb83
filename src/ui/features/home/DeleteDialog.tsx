import { useState } from "react";
import { useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import { isActive } from "../../../app/jobs";
import { Dialog } from "../../components/Dialog";
import { JobStatus } from "../../components/JobStatus";
import { SavedAge } from "../../components/SavedAge";
import { useSaveProject } from "../../components/useSaveProject";
import styles from "./HomePanel.module.css";

interface ProjectDialogProps {
  /** Closed when null. */
  readonly project: Project | null;
  readonly onClose: () => void;
}

/** Asks for the project's name before everything of it is removed. */
export function DeleteDialog({ project, onClose }: ProjectDialogProps) {
  return (
    <Dialog title="Delete project" open={project !== null} onClose={onClose}>
      {project && <DeleteForm project={project} onClose={onClose} />}
    </Dialog>
  );
}

function DeleteForm({ project, onClose }: { project: Project; onClose: () => void }) {
  const { projects } = useServices();
  const { job, lastSaved, notes, save, stop, dismiss } = useSaveProject(project.id);
  const [typed, setTyped] = useState("");
  const remove = () => {
    void projects.remove(project.id);
    onClose();
  };
  return (
    <form action={remove} className={styles.form}>
      <p>
        This removes “{project.name}” with its items, captions, embeddings, runs and hubs from this
        browser. It cannot be undone.
      </p>
      <div className="row">
        <button type="button" className="button" disabled={isActive(job)} onClick={save}>
          Save it as a file first
        </button>
        <span className="quiet">
          <SavedAge lastSaved={lastSaved} />
        </span>
      </div>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <JobStatus job={job} label="Saving the project" onStop={stop} onDismiss={dismiss} />
      <label>
        Type the name to confirm
        <input
          className="field"
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className="actions">
        <button
          className="button danger"
          disabled={isActive(job) || typed.trim() !== project.name.trim()}
        >
          Delete project
        </button>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
      </div>
    </form>
  );
}
