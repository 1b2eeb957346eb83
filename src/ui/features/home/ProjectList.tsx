import { useState } from "react";
import { Link } from "wouter";
import type { Project } from "../../../core/domain/project";
import type { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { SavedAge } from "../../components/SavedAge";
import { formatBytes, formatCount, formatDate } from "../../components/formatting";
import { DeleteDialog } from "./DeleteDialog";
import styles from "./ProjectList.module.css";
import { RenameDialog } from "./RenameDialog";

interface ProjectListProps {
  /** Undefined while they are being read. */
  readonly projects: readonly Project[] | undefined;
  /** When each was last saved as a file, by id; null: never. */
  readonly lastSaved: ReadonlyMap<string, number | null> | undefined;
  readonly error: AppError | undefined;
}

/** The projects stored in this browser, newest change first. */
export function ProjectList({ projects, lastSaved, error }: ProjectListProps) {
  const [renaming, setRenaming] = useState<Project | null>(null);
  const [deleting, setDeleting] = useState<Project | null>(null);
  return (
    <section className={styles.projects} aria-labelledby="projects">
      <h2 id="projects">Projects in this browser</h2>
      {error && <ErrorNote error={error} />}
      {projects?.length === 0 && (
        <p className="quiet">None yet. Start with the sample or a new project.</p>
      )}
      {projects && projects.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="number">
                Images, sounds
              </th>
              <th scope="col" className="number">
                Captions
              </th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col">Last change</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <ProjectRow
                key={project.id}
                project={project}
                lastSaved={lastSaved?.get(project.id)}
                onRename={() => setRenaming(project)}
                onDelete={() => setDeleting(project)}
              />
            ))}
          </tbody>
        </table>
      )}
      <RenameDialog project={renaming} onClose={() => setRenaming(null)} />
      <DeleteDialog project={deleting} onClose={() => setDeleting(null)} />
    </section>
  );
}

interface ProjectRowProps {
  readonly project: Project;
  readonly lastSaved: number | null | undefined;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

function ProjectRow({ project, lastSaved, onRename, onDelete }: ProjectRowProps) {
  const { id, name, data, updatedAt } = project;
  return (
    <tr>
      <td className={styles.name}>
        <Link href={`/p/${id}/data`}>{name}</Link>
      </td>
      <td className="number" data-label="Images, sounds">
        {data ? formatCount(data.report.items[data.media]) : "–"}
      </td>
      <td className="number" data-label="Captions">
        {data ? formatCount(data.report.items.text) : "–"}
      </td>
      <td className="number" data-label="Size">
        {data ? formatBytes(data.sizeBytes) : "–"}
      </td>
      <td className="quiet">
        {formatDate(updatedAt)}
        <span className={styles.saved}>
          <SavedAge lastSaved={lastSaved} />
        </span>
      </td>
      <td className={styles.actions}>
        <button
          type="button"
          className="button quiet"
          aria-label={`Rename ${name}`}
          onClick={onRename}
        >
          Rename
        </button>
        <button
          type="button"
          className="button quiet"
          aria-label={`Delete ${name}`}
          onClick={onDelete}
        >
          Delete
        </button>
      </td>
    </tr>
  );
}
