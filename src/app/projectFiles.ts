import {
  lastSavedSetting,
  type OpenedProject,
  type SavedProject,
} from "../core/domain/projectFile";
import type { SettingStore } from "../core/ports";
import type { ProjectContract } from "../rpc/projectContract";
import type { Changes } from "./changes";
import type { Jobs } from "./jobs";
import type { WorkerCalls } from "./workerSlot";

interface ProjectFilesDependencies {
  readonly keeper: WorkerCalls<ProjectContract>;
  readonly settings: SettingStore;
  readonly jobs: Jobs;
  readonly changes: Changes;
}

/** Whole projects out of this browser and into it. A job each, so that leaving a screen loses none. */
export class ProjectFiles {
  readonly #deps: ProjectFilesDependencies;

  constructor(deps: ProjectFilesDependencies) {
    this.#deps = deps;
  }

  static saveJob = (projectId: string): string => `save-project/${projectId}`;
  /** One at a time: a second file waits until the first is there. */
  static readonly openJob = "open-project";

  /** The project as one zip; undefined when it failed or was stopped: the job's state says which. */
  async save(projectId: string): Promise<SavedProject | undefined> {
    const { keeper, jobs, settings, changes } = this.#deps;
    const saved = await jobs.start(ProjectFiles.saveJob(projectId), async (signal, onProgress) => {
      const file = await keeper.call("save", { projectId }, { signal, onProgress });
      await settings.put(lastSavedSetting(projectId), Date.now());
      return file;
    });
    if (saved) changes.publish("projects", `project/${projectId}`);
    return saved;
  }

  /** The project a file holds, added to this browser; undefined as with `save`. */
  async open(file: Blob): Promise<OpenedProject | undefined> {
    const { keeper, jobs, changes } = this.#deps;
    const opened = await jobs.start(ProjectFiles.openJob, (signal, onProgress) =>
      keeper.call("open", { file }, { signal, onProgress }),
    );
    if (opened) changes.publish("projects", "encoders");
    return opened;
  }

  /** When a project was last saved as a file, in ms since 1970; null: never. */
  async lastSaved(projectId: string): Promise<number | null> {
    const stored = await this.#deps.settings.get(lastSavedSetting(projectId));
    return typeof stored === "number" ? stored : null;
  }
}
