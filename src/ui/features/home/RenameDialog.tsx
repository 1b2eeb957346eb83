import { useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import { Dialog } from "../../components/Dialog";
import styles from "./HomePanel.module.css";

interface ProjectDialogProps {
  /** Closed when null. */
  readonly project: Project | null;
  readonly onClose: () => void;
}

/** Asks for a project's new name. */
export function RenameDialog({ project, onClose }: ProjectDialogProps) {
  const { projects } = useServices();
  const rename = (form: FormData) => {
    const name = String(form.get("name") ?? "").trim();
    if (project && name) void projects.update(project.id, { name });
    onClose();
  };
  return (
    <Dialog title="Rename project" open={project !== null} onClose={onClose}>
      <form action={rename} className={styles.form}>
        <label>
          Name
          <input
            className="field"
            name="name"
            defaultValue={project?.name}
            maxLength={200}
            required
          />
        </label>
        <div className="actions">
          <button className="button primary">Rename</button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
