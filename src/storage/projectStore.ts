import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type { ProjectStore } from "../core/ports";
import type { PlaygroundDb } from "./db";
import { deletionsOf } from "./joiningStore";

/** The list of projects, in IndexedDB. */
export class IdbProjectStore implements ProjectStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async get(projectId: string): Promise<Project> {
    const project = await this.#db.get("projects", projectId);
    if (!project) throw new AppError("storage/missing", projectId);
    return project;
  }

  /** Newest change first. */
  async list(): Promise<Project[]> {
    const projects = await this.#db.getAll("projects");
    return projects.sort((a, b) => b.updatedAt - a.updatedAt);
  }

  async put(project: Project): Promise<void> {
    try {
      await this.#db.put("projects", project, project.id);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  /** Embeddings stay: they belong to their content, and another project may share it. */
  async delete(projectId: string): Promise<void> {
    const stores = [
      "projects",
      "items",
      "packs",
      "places",
      "pairs",
      "runs",
      "checkpoints",
      "projectors",
      "settings",
      "hubs",
      "hubMembers",
      "joinings",
    ] as const;
    const transaction = this.#db.transaction(stores, "readwrite");
    const runIds = await transaction.objectStore("runs").index("byProject").getAllKeys(projectId);
    const hubIds = await transaction.objectStore("hubs").index("byProject").getAllKeys(projectId);
    const names = await transaction.objectStore("settings").getAllKeys();
    const joinings = await transaction.objectStore("joinings").getAllKeys();
    const all = IDBKeyRange.bound([projectId], [projectId, []]);
    await Promise.all([
      transaction.objectStore("projects").delete(projectId),
      transaction.objectStore("items").delete(all),
      transaction.objectStore("packs").delete(all),
      transaction.objectStore("places").delete(all),
      transaction.objectStore("pairs").delete(all),
      // Named after the project: the Align form, comparisons, probes, when it was last saved.
      ...names
        .filter((name) => name.split("/").some((part) => part === projectId))
        .map((name) => transaction.objectStore("settings").delete(name)),
      ...runIds.flatMap((runId) => [
        transaction.objectStore("runs").delete(runId),
        transaction.objectStore("projectors").delete(runId),
        transaction.objectStore("checkpoints").delete(IDBKeyRange.bound([runId], [runId, []])),
      ]),
      ...hubIds.flatMap((hubId) => [
        transaction.objectStore("hubs").delete(hubId),
        transaction.objectStore("hubMembers").delete(IDBKeyRange.bound([hubId], [hubId, []])),
      ]),
      ...joinings
        .filter(([hubId, from]) => from === projectId || hubIds.includes(hubId))
        .flatMap((key) => deletionsOf(transaction, key)),
      transaction.done,
    ]);
  }
}
