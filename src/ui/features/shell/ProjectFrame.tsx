import type { ReactNode } from "react";
import { Link } from "wouter";
import { useLoaded, useServices } from "../../../app/services";
import { ErrorNote } from "../../components/ErrorNote";
import { ProjectContext } from "../../components/projectContext";
import { PageFrame } from "./PageFrame";
import styles from "./ProjectFrame.module.css";
import { ProjectName } from "./ProjectName";
import { Rail } from "./Rail";
import { useProjectLock } from "./useProjectLock";

interface ProjectFrameProps {
  readonly projectId: string;
  readonly step: string;
  readonly children: ReactNode;
}

/** The frame of one project's steps; holds the project's lock while it is open. */
export function ProjectFrame({ projectId, step, children }: ProjectFrameProps) {
  const { stores } = useServices();
  const { value: project, error } = useLoaded(projectId, () => stores.projects.get(projectId), [
    `project/${projectId}`,
  ]);
  const { status, takeOver } = useProjectLock(projectId);
  if (error) {
    return (
      <PageFrame>
        <h1 className="visually-hidden">Project</h1>
        <ErrorNote error={error}>
          <Link className="button" href="/">
            All projects
          </Link>
        </ErrorNote>
      </PageFrame>
    );
  }
  if (!project) return <PageFrame>{null}</PageFrame>;
  return (
    <ProjectContext value={{ project, canEdit: status === "held", takeOver }}>
      <PageFrame crumb={<ProjectName />} rail={<Rail step={step} />}>
        {status === "elsewhere" && (
          <div className={styles.banner} role="status">
            <span>This project is being edited in another tab. You can look and query here.</span>
            <button type="button" className="button" onClick={takeOver}>
              Take over
            </button>
          </div>
        )}
        {children}
      </PageFrame>
    </ProjectContext>
  );
}
