import { MODALITIES, ofEachModality, type Modality } from "../core/domain/modality";
import { AppError } from "../core/errors";
import type { ProjectArchive, ProjectRecords, RunState, StoredOriginal } from "../core/ports";
import { BLOCK_ROWS } from "./datasetStore";
import type { Place, PlaygroundDb } from "./db";
import { IdbProjectStore } from "./projectStore";

/** A project that is being restored longer than this was left by a tab that was closed. */
const LEFT_BEHIND_MS = 60 * 60_000;

/** Whole projects out of IndexedDB and back into it. */
export class IdbProjectArchive implements ProjectArchive {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async records(projectId: string): Promise<ProjectRecords> {
    const names = ["projects", "items", "pairs", "runs", "settings", "hubs", "hubMembers"] as const;
    // One transaction: an edit changes several of these at once.
    const transaction = this.#db.transaction(names);
    const of = (modality: Modality) =>
      transaction.objectStore("items").getAll(within(projectId, modality));
    const [project, blocksOf, pairs, runIds, hubs, joined, keys, values] = await Promise.all([
      transaction.objectStore("projects").get(projectId),
      Promise.all(MODALITIES.map(of)),
      transaction.objectStore("pairs").getAll(within(projectId)),
      transaction.objectStore("runs").index("byProject").getAllKeys(projectId),
      transaction.objectStore("hubs").index("byProject").getAll(projectId),
      transaction.objectStore("hubMembers").getAll(),
      transaction.objectStore("settings").getAllKeys(),
      transaction.objectStore("settings").getAll(),
    ]);
    if (!project) throw new AppError("storage/missing", projectId);
    const owners = new Set([projectId, ...runIds]);
    const settings = keys
      .map((name, i) => [name, values[i]] as const)
      .filter(([name]) => name.split("/").some((part) => owners.has(part)));
    return {
      project,
      content: {
        ...ofEachModality((modality) => blocksOf[MODALITIES.indexOf(modality)]!.flat()),
        pairs: pairs.flat(),
      },
      runIds,
      hubs: hubs.map((hub) => ({
        hub,
        members: [...hub.base, ...joined.filter(({ hubId }) => hubId === hub.id)],
      })),
      settings: new Map(settings),
    };
  }

  async runState(runId: string): Promise<RunState | undefined> {
    const transaction = this.#db.transaction(["runs", "checkpoints", "projectors"]);
    const checkpoints = transaction.objectStore("checkpoints");
    const [run, slots, keys, projectors] = await Promise.all([
      transaction.objectStore("runs").get(runId),
      checkpoints.getAll(within(runId)),
      checkpoints.getAllKeys(within(runId)),
      transaction.objectStore("projectors").get(runId),
    ]);
    if (!run) return undefined;
    const kept = slots[keys.findIndex(([, slot]) => slot === "kept")];
    return {
      run,
      checkpoints: slots.filter((stored) => "weights" in stored),
      ...(kept && "projectors" in kept && { kept }),
      ...(projectors && { projectors }),
    };
  }

  async *originals(projectId: string): AsyncGenerator<StoredOriginal> {
    for (const key of await this.#db.getAllKeys("packs", within(projectId))) {
      const pack = await this.#db.get("packs", key);
      if (!pack) continue; // dropped meanwhile: nothing uses it any more
      const transaction = this.#db.transaction("places");
      const places = await Promise.all(
        pack.digests.map((digest) => transaction.store.get([projectId, digest])),
      );
      // At once: a read per picture is a message to another process each.
      const bytes = new Uint8Array(await pack.blob.arrayBuffer());
      for (const [i, digest] of pack.digests.entries()) {
        const place = places[i];
        // One digest may lie in two packs after an import over another: the place says which counts.
        if (place?.pack !== key[1]) continue;
        yield { digest, ...spans(bytes, place) };
      }
    }
  }

  async begin(projectId: string, now: number): Promise<void> {
    await this.#db.put("settings", now, unfinished(projectId));
  }

  async putRunState({ run, checkpoints, kept, projectors }: RunState): Promise<void> {
    const transaction = this.#db.transaction(["runs", "checkpoints", "projectors"], "readwrite");
    const slots = transaction.objectStore("checkpoints");
    try {
      await Promise.all([
        transaction.objectStore("runs").put(run, run.id),
        ...checkpoints.map((checkpoint, slot) => slots.put(checkpoint, [run.id, slot as 0 | 1])),
        kept && slots.put(kept, [run.id, "kept"]),
        projectors && transaction.objectStore("projectors").put(projectors, run.id),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async commit({
    project,
    content,
    settings,
    hubs,
  }: Omit<ProjectRecords, "runIds">): Promise<void> {
    const names = ["projects", "items", "pairs", "settings", "hubs", "hubMembers"] as const;
    const transaction = this.#db.transaction(names, "readwrite");
    const { id } = project;
    const items = transaction.objectStore("items");
    const pairs = transaction.objectStore("pairs");
    try {
      await Promise.all([
        ...MODALITIES.flatMap((modality) =>
          blocks(content[modality]).map((block, i) => items.put(block, [id, modality, i])),
        ),
        ...blocks(content.pairs).map((block, i) => pairs.put(block, [id, i])),
        ...[...settings].map(([name, value]) =>
          transaction.objectStore("settings").put(value, name),
        ),
        ...hubs.map(({ hub }) => transaction.objectStore("hubs").put(hub, hub.id)),
        ...hubs.flatMap(({ members }) =>
          members
            .filter(({ joined }) => joined !== null)
            .map((member) =>
              transaction.objectStore("hubMembers").put(member, [member.hubId, member.id]),
            ),
        ),
        transaction.objectStore("settings").delete(unfinished(id)),
        transaction.objectStore("projects").put(project, id),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async discard(projectId: string): Promise<void> {
    await new IdbProjectStore(this.#db).delete(projectId);
  }

  async discardLeftBehind(now: number): Promise<void> {
    const names = await this.#db.getAllKeys("settings", UNFINISHED);
    for (const name of names) {
      const begun = await this.#db.get("settings", name);
      if (typeof begun === "number" && now - begun < LEFT_BEHIND_MS) continue;
      await this.discard(name.slice(unfinished("").length));
    }
  }
}

/** An original and its small picture, cut out of the pack they lie in. */
function spans(pack: Uint8Array<ArrayBuffer>, { offset, sizeBytes, type, thumbnail }: Place) {
  return {
    type,
    bytes: pack.slice(offset, offset + sizeBytes),
    ...(thumbnail && {
      thumbnail: pack.slice(thumbnail.offset, thumbnail.offset + thumbnail.sizeBytes),
    }),
  };
}

function blocks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / BLOCK_ROWS) }, (_, i) =>
    rows.slice(i * BLOCK_ROWS, (i + 1) * BLOCK_ROWS),
  );
}

// An array is after every number and string.
const within = (...prefix: string[]) => IDBKeyRange.bound(prefix, [...prefix, []]);

const unfinished = (projectId: string) => `unfinished-project/${projectId}`;
const UNFINISHED = IDBKeyRange.bound("unfinished-project/", "unfinished-project/\uffff");
