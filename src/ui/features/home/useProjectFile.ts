import { useState } from "react";
import { useLocation } from "wouter";
import { ProjectFiles } from "../../../app/projectFiles";
import { useJob, useServices } from "../../../app/services";
import type { OpenedProject } from "../../../core/domain/projectFile";

/** Opening a project file: the job, and what it brought where there is something to say about it. */
export function useProjectFile() {
  const { projectFiles, jobs } = useServices();
  const [, navigate] = useLocation();
  const [opened, setOpened] = useState<OpenedProject | null>(null);
  const open = async (file: File) => {
    setOpened(null);
    jobs.dismiss(ProjectFiles.openJob);
    const project = await projectFiles.open(file);
    if (!project) return; // the job says why
    if (project.notes.length > 0) setOpened(project);
    else navigate(`/p/${project.projectId}/data`);
  };
  return {
    job: useJob(ProjectFiles.openJob),
    opened,
    open,
    stop: () => jobs.cancel(ProjectFiles.openJob),
    dismiss: () => jobs.dismiss(ProjectFiles.openJob),
  };
}
