import { useState } from "react";
import { useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import { Dialog } from "../../components/Dialog";
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
  const [typed, setTyped] = useState("");
  const remove = () => {
    void projects.remove(project.id);
    onClose();
  };
  return (
    <form action={remove} className={styles.form}>
      <p>
        This removes “{project.name}” with its pictures, captions, embeddings and runs from this
        browser. It cannot be undone.
      </p>
      <label>
        Type the name to confirm
        <input
          className="field"
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className={styles.actions}>
        <button className="button danger" disabled={typed.trim() !== project.name.trim()}>
          Delete project
        </button>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
      </div>
    </form>
  );
}
