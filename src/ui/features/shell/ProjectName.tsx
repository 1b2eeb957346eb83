import { useServices } from "../../../app/services";
import { useProject } from "../../components/projectContext";
import styles from "./TopBar.module.css";

/** The project's name; typing over it renames the project. */
export function ProjectName() {
  const { projects } = useServices();
  const { project, canEdit } = useProject();
  const rename = (input: HTMLInputElement) => {
    const name = input.value.trim();
    if (!name) input.value = project.name;
    else if (name !== project.name) void projects.update(project.id, { name });
  };
  return (
    <input
      key={project.name}
      className={styles.name}
      aria-label="Project name"
      defaultValue={project.name}
      disabled={!canEdit}
      maxLength={200}
      onBlur={(event) => rename(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.value = project.name;
        if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
