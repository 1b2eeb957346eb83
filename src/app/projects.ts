import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  Inspection,
  SplitSpec,
} from "../core/domain/dataset";
import type { Project } from "../core/domain/project";
import type { DatasetStore, EncoderStore, ProjectStore } from "../core/ports";
import type { ImportContract } from "../rpc/importContract";
import { DEFAULT_ENCODERS } from "../core/catalogue/encoders";
import { DEFAULT_IMPORT, type ImportSettings } from "../core/domain/importFormat";
import { MODALITIES } from "../core/domain/modality";
import { defaultRecipe } from "../core/domain/recipe";
import type { Changes } from "./changes";
import { Drafts } from "./drafts";
import { Editing } from "./editing";
import { isActive, type Jobs } from "./jobs";
import { SavedQueries } from "./savedQueries";
import type { WorkerCalls } from "./workerSlot";

interface ProjectsDependencies {
  readonly projects: ProjectStore;
  readonly datasets: DatasetStore;
  readonly importer: WorkerCalls<ImportContract>;
  readonly jobs: Jobs;
  readonly changes: Changes;
  readonly encoders: Pick<EncoderStore, "list" | "delete">;
  /** Drops embeddings no remaining project uses. */
  readonly pruneEmbeddings: (usedDigests: ReadonlySet<string>) => Promise<void>;
}

export interface ImportRequest {
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
}

/** Commands on projects and their data. */
export class Projects {
  /** Inspected drops that were not imported yet. */
  readonly drafts = new Drafts();
  /** Changes to imported data, and the checks. */
  readonly editing: Editing;
  /** Queries kept in projects. */
  readonly savedQueries: SavedQueries;
  readonly #deps: ProjectsDependencies;

  constructor(deps: ProjectsDependencies) {
    this.#deps = deps;
    const { jobs } = deps;
    this.savedQueries = new SavedQueries({
      projects: deps.projects,
      update: (id, change) => this.update(id, change),
    });
    this.editing = new Editing({
      ...deps,
      isImporting: (id) =>
        isActive(jobs.get(Projects.importJob(id))) || isActive(jobs.get(Projects.inspectJob(id))),
    });
  }

  async create(name: string): Promise<Project> {
    const now = Date.now();
    const project: Project = {
      id: crypto.randomUUID(),
      name,
      createdAt: now,
      updatedAt: now,
      data: null,
      encoders: DEFAULT_ENCODERS,
      queryRunId: null,
    };
    await this.#deps.projects.put(project);
    this.#deps.changes.publish("projects");
    return project;
  }

  /** Writes the changed fields. @throws AppError `storage/missing`. */
  async update(projectId: string, change: Partial<Omit<Project, "id">>): Promise<Project> {
    const project = await this.#deps.projects.get(projectId);
    const updated = { ...project, ...change, updatedAt: Date.now() };
    await this.#deps.projects.put(updated);
    this.#deps.changes.publish("projects", `project/${projectId}`);
    return updated;
  }

  /** Stops the project's jobs and removes everything stored for it. */
  async remove(projectId: string): Promise<void> {
    const { jobs, projects, changes } = this.#deps;
    for (const id of jobs.all().keys()) if (id.includes(projectId)) jobs.cancel(id);
    this.drafts.set(projectId, null);
    await projects.delete(projectId);
    changes.publish("projects", `project/${projectId}`, `runs/${projectId}`, "hubs");
    await this.#prune();
  }

  /** Id of the job that inspects or imports into a project. */
  static inspectJob = (projectId: string): string => `inspect/${projectId}`;
  static importJob = (projectId: string): string => `import/${projectId}`;

  /** Recognises the layout of dropped files. Undefined when it failed: the job has the error. */
  inspect(
    projectId: string,
    source: ImportSource,
    settings: ImportSettings = DEFAULT_IMPORT,
  ): Promise<Inspection | undefined> {
    const { jobs, importer } = this.#deps;
    return jobs.start(Projects.inspectJob(projectId), (signal, onProgress) =>
      importer.call("inspect", { source, settings }, { signal, onProgress }),
    );
  }

  /** Reads everything and commits it. Undefined when it failed or was cancelled. */
  async importPairs(projectId: string, request: ImportRequest): Promise<ImportReport | undefined> {
    const { jobs, importer, changes } = this.#deps;
    jobs.cancel(Editing.checkJob(projectId)); // of the data that is about to go
    const report = await jobs.start(Projects.importJob(projectId), (signal, onProgress) =>
      importer.call("importPairs", { projectId, ...request }, { signal, onProgress }),
    );
    // Embeddings in the data bring encoders with them.
    changes.publish("encoders", "projects", `project/${projectId}`);
    // Its memory is needed by the encoders now; the next import starts a fresh one.
    importer.close();
    return report;
  }

  /** Brings a sample in with the columns as they are recognised. Undefined as `importPairs`. */
  async importSample(projectId: string, sampleId: string): Promise<ImportReport | undefined> {
    const source = { kind: "sample", sampleId } as const;
    const inspection = await this.inspect(projectId, source);
    if (!inspection) return undefined;
    const mapping = inspection.columns.map(({ column, role }) => ({ column, role }));
    const { split } = defaultRecipe({ sample: sampleId });
    return this.importPairs(projectId, { source, settings: DEFAULT_IMPORT, mapping, split });
  }

  async #prune(): Promise<void> {
    const { projects, datasets, pruneEmbeddings } = this.#deps;
    const used = new Set<string>();
    const kept = new Set<string>();
    for (const { id, data } of await projects.list()) {
      for (const encoder of Object.values(data?.vectors ?? {})) kept.add(encoder);
      for (const modality of MODALITIES) {
        for (const { digest } of await datasets.items(id, modality)) used.add(digest);
      }
    }
    await pruneEmbeddings(used);
    await this.#dropVectors(kept);
  }

  /** Drops the encoders that stand for embeddings of data which is gone. */
  async #dropVectors(kept: ReadonlySet<string>): Promise<void> {
    const { encoders, changes } = this.#deps;
    for (const { id, origin } of await encoders.list()) {
      if (origin === "vectors" && !kept.has(id)) await encoders.delete(id);
    }
    changes.publish("encoders");
  }
}
