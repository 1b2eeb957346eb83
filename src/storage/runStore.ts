import type { ProjectorPair } from "../core/domain/projector";
import type { Run } from "../core/domain/run";
import { AppError } from "../core/errors";
import type { Checkpoint, KeptTraining, RunAnnotation, RunStore } from "../core/ports";
import { allOf, isCheckpoint, newestOf, olderSlot, slotsOf } from "./checkpointSlots";
import type { PlaygroundDb } from "./db";

/** Runs, their checkpoints and projectors, in IndexedDB. */
export class IdbRunStore implements RunStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async get(runId: string): Promise<Run> {
    const run = await this.#db.get("runs", runId);
    if (!run) throw new AppError("storage/missing", `run ${runId}`);
    return run;
  }

  async put(run: Run): Promise<void> {
    const transaction = this.#db.transaction("runs", "readwrite");
    try {
      await Promise.all([putAnnotated(transaction.store, run), transaction.done]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async annotate(runId: string, change: RunAnnotation): Promise<Run> {
    const transaction = this.#db.transaction("runs", "readwrite");
    const stored = await transaction.store.get(runId);
    if (!stored) throw new AppError("storage/missing", `run ${runId}`);
    const run: Run = { ...stored, ...change };
    try {
      await Promise.all([transaction.store.put(run, runId), transaction.done]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
    return run;
  }

  /** Newest first. */
  async list(projectId: string): Promise<Run[]> {
    const runs = await this.#db.getAllFromIndex("runs", "byProject", projectId);
    return runs.sort((a, b) => b.createdAt - a.createdAt);
  }

  async delete(runId: string): Promise<void> {
    const transaction = this.#db.transaction(["runs", "checkpoints", "projectors"], "readwrite");
    await Promise.all([
      transaction.objectStore("runs").delete(runId),
      transaction.objectStore("projectors").delete(runId),
      transaction.objectStore("checkpoints").delete(allOf(runId)),
      transaction.done,
    ]);
  }

  async putCheckpoint(checkpoint: Checkpoint, projectors: ProjectorPair, run: Run): Promise<void> {
    const { runId } = checkpoint;
    const transaction = this.#db.transaction(["runs", "checkpoints", "projectors"], "readwrite");
    const slot = await olderSlot(transaction.objectStore("checkpoints"), runId);
    try {
      await Promise.all([
        transaction.objectStore("checkpoints").put(checkpoint, [runId, slot]),
        transaction.objectStore("projectors").put(projectors, runId),
        putAnnotated(transaction.objectStore("runs"), run),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async checkpoint(runId: string): Promise<Checkpoint | undefined> {
    return newestOf(await this.#db.getAll("checkpoints", slotsOf(runId)));
  }

  async endTraining(run: Run, kept?: KeptTraining): Promise<void> {
    const transaction = this.#db.transaction(["runs", "checkpoints", "projectors"], "readwrite");
    const checkpoints = transaction.objectStore("checkpoints");
    try {
      await Promise.all([
        checkpoints.delete(slotsOf(run.id)),
        kept && checkpoints.put(kept, [run.id, "kept"]),
        kept && transaction.objectStore("projectors").put(kept.projectors, run.id),
        putAnnotated(transaction.objectStore("runs"), run),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async kept(runId: string): Promise<KeptTraining | undefined> {
    const kept = await this.#db.get("checkpoints", [runId, "kept"]);
    return kept && !isCheckpoint(kept) ? kept : undefined;
  }

  async deleteCheckpoints(runId: string): Promise<void> {
    await this.#db.delete("checkpoints", allOf(runId));
  }

  async putProjectors(projectors: ProjectorPair): Promise<void> {
    try {
      await this.#db.put("projectors", projectors, projectors.runId);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async projectors(runId: string): Promise<ProjectorPair | undefined> {
    return this.#db.get("projectors", runId);
  }
}

interface RunRecords {
  get(runId: string): Promise<Run | undefined>;
  put(run: Run, runId: string): Promise<unknown>;
}

/** A worker holds the run as it was when it began: what the visitor has written since counts. */
async function putAnnotated(records: RunRecords, run: Run): Promise<void> {
  const stored = await records.get(run.id);
  await records.put(stored ? { ...run, name: stored.name, notes: stored.notes } : run, run.id);
}
