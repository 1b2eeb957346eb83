import type { OpenedProject, SavedProject } from "../core/domain/projectFile";
import type { Progress } from "../core/progress";

/**
 * Main thread <-> workers/project.worker.ts. A worker of its own, because opening a project needs
 * neither a runtime nor tensors, and a long export must not hold it up.
 */
export type ProjectContract = {
  /** The whole project as one zip. */
  save: { params: { projectId: string }; progress: Progress; result: SavedProject };
  /** Adds the project of a zip to those of this browser, all of it or nothing. */
  open: { params: { file: Blob }; progress: Progress; result: OpenedProject };
};
