import { createContext, useContext } from "react";
import type { Project } from "../../core/domain/project";
import { AppError } from "../../core/errors";

/** The project on screen and whether this tab may change it. */
export interface OpenProject {
  readonly project: Project;
  /** False while another tab has the project: every control that changes something is disabled. */
  readonly canEdit: boolean;
  /** Takes the project from the other tab, which becomes read-only. */
  takeOver(): void;
}

export const ProjectContext = createContext<OpenProject | null>(null);

/** The project on screen. @throws AppError `internal` outside of a project's frame. */
export function useProject(): OpenProject {
  const open = useContext(ProjectContext);
  if (!open) throw new AppError("internal", "useProject outside <ProjectContext value>");
  return open;
}
