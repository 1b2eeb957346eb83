import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlaygroundDb } from "../../../src/storage/db";
import {
  dump,
  profileOn,
  storeProject,
  tensorDigest,
  type Profile,
} from "../../support/storedProject";

let here: Profile;
let there: Profile;
beforeEach(async () => {
  here = profileOn(await openPlaygroundDb(crypto.randomUUID()));
  there = profileOn(await openPlaygroundDb(crypto.randomUUID()));
});
afterEach(() => {
  here.db.close();
  there.db.close();
});

const cancelled = expect.objectContaining({ code: "cancelled" }) as Error;

/** Rows of one store without their keys. */
const rowsOf = async ({ db }: Profile, name: string) =>
  ((await dump(db))[name] ?? []) as [unknown, unknown][];

describe("a project saved as a file and opened in another browser", () => {
  it("goes on training bit for bit as if it had never left", async () => {
    const { projectId, runId } = await storeProject(here);
    await expect(here.train(runId, 12)).rejects.toThrow(cancelled);
    const { step } = (await here.stores.runs.checkpoint(runId))!;
    expect(step).toBeGreaterThanOrEqual(12);
    expect(step).toBeLessThan(30);
    const { blob } = await here.save(projectId);
    const opened = await there.open(blob);
    const [run] = (await there.stores.runs.list(opened.projectId)).filter(
      ({ name }) => name === "zweiter Lauf",
    );
    const stayed = await here.train(runId);
    const moved = await there.train(run!.id);
    expect(here.lastCheckpoint()!.step).toBe(30);
    expect(await tensorDigest(there.lastCheckpoint()!)).toBe(
      await tensorDigest(here.lastCheckpoint()!),
    );
    const { id: _, projectId: __, recipe: ___, sweep: ____, updatedAt: _____, ...rest } = stayed;
    expect(moved).toMatchObject(rest);
    const projectors = await here.stores.runs.projectors(runId);
    expect(await there.stores.runs.projectors(run!.id)).toEqual({ ...projectors, runId: run!.id });
  });

  it("has the same data, runs, encoders and settings under new ids", async () => {
    const { projectId, runId, sweepId } = await storeProject(here);
    await expect(here.train(runId, 12)).rejects.toThrow(cancelled);
    const saved = await here.save(projectId);
    expect(saved).toMatchObject({ name: "kafer-museum-project-1970-01-02.zip", notes: [] });
    const opened = await there.open(saved.blob);
    expect(opened).toMatchObject({ name: "Käfer, Museum", notes: [] });
    const id = opened.projectId;
    const project = await there.stores.projects.get(id);
    const before = await here.stores.projects.get(projectId);
    expect(project).toEqual({
      ...before,
      ...{ id, updatedAt: 86_400_000, queryRunId: project.queryRunId },
    });
    for (const modality of ["image", "text", "audio"] as const) {
      expect(await there.stores.datasets.items(id, modality)).toEqual(
        await here.stores.datasets.items(projectId, modality),
      );
    }
    expect(await there.stores.datasets.pairs(id)).toEqual(
      await here.stores.datasets.pairs(projectId),
    );
    const runs = await there.stores.runs.list(id);
    expect(runs.map(({ name }) => name)).toEqual(["first", "zweiter Lauf"]);
    const ids = runs.map((run) => run.id);
    expect(project.queryRunId).toBe(ids[1]);
    expect(ids).not.toContain(runId);
    expect(runs[0]!.sweep!.id).toBe(runs[1]!.sweep!.id);
    expect(runs[0]!.sweep!.id).not.toBe(sweepId);
    expect(runs[1]!.recipe.data).toEqual({ project: id });
    const checkpoint = await here.stores.runs.checkpoint(runId);
    expect(await there.stores.runs.checkpoint(ids[1]!)).toEqual({ ...checkpoint, runId: ids[1] });
    expect(await there.stores.settings.get(`align-form/${id}`)).toEqual({
      ...((await here.stores.settings.get(`align-form/${projectId}`)) as object),
      projectId: id,
    });
    expect(await there.stores.settings.get(`doctor-run/${id}`)).toEqual({
      before: ids[1],
      after: "gone",
    });
    expect(await there.stores.settings.get(`last-saved/${id}`)).toBe(86_400_000);
    expect(await there.stores.encoders.list()).toEqual(await here.stores.encoders.list());
    expect([...there.cached].map(([url, { bytes }]) => [url, [...bytes]])).toEqual(
      [...here.cached].map(([url, { bytes }]) => [url, [...bytes]]),
    );
    const original = (await here.stores.datasets.items(projectId, "image"))[2]!;
    const blob = await there.stores.datasets.blob(id, original.digest);
    expect(blob.type).toBe("image/png");
    expect(await blob.bytes()).toEqual(
      await (await here.stores.datasets.blob(projectId, original.digest)).bytes(),
    );
    expect([...(await there.stores.datasets.storedOriginals(id)).values()]).toEqual([
      ...(await here.stores.datasets.storedOriginals(projectId)).values(),
    ]);
    expect((await rowsOf(there, "settings")).map(([key]) => key)).not.toContain(
      `unfinished-project/${id}`,
    );
  });

  it("finds its embeddings by content, and stores none twice", async () => {
    const { projectId } = await storeProject(here);
    const { blob } = await here.save(projectId);
    const chunks = (await rowsOf(here, "embeddingChunks")).length;
    const first = await here.open(blob);
    const second = await here.open(blob);
    expect(first.projectId).not.toBe(second.projectId);
    expect([first.name, second.name]).toEqual(["Käfer, Museum (2)", "Käfer, Museum (3)"]);
    expect(await rowsOf(here, "embeddingChunks")).toHaveLength(chunks);
    expect(await rowsOf(here, "runs")).toHaveLength(6);
  });

  it("leaves nothing behind when it is stopped at any point", async () => {
    const { projectId } = await storeProject(here);
    const { blob } = await here.save(projectId);
    const before = await dump(there.db);
    for (const stopAt of [1, 30, 82, 84]) {
      const abort = new AbortController();
      const report = ({ done }: { done: number }) => void (done >= stopAt && abort.abort());
      await expect(there.open(blob, { signal: abort.signal, report })).rejects.toThrow();
      expect(await dump(there.db)).toEqual(before);
      expect(there.cached.size).toBe(0);
    }
  });

  it("leaves nothing behind when there is no room for the last of it", async () => {
    const { projectId } = await storeProject(here);
    const { blob } = await here.save(projectId);
    const before = await dump(there.db);
    there.leaveRoom(5);
    await expect(there.open(blob)).rejects.toMatchObject({ code: "storage/quota" });
    expect(await dump(there.db)).toEqual(before);
    expect(there.cached.size).toBe(0);
  });

  it("says so when the files of an own model are lost, on both sides", async () => {
    const { projectId } = await storeProject(here);
    here.cached.clear();
    const { blob, notes } = await here.save(projectId);
    expect(notes).toEqual([expect.stringContaining("“My network”")]);
    expect((await there.open(blob)).notes).toEqual([expect.stringContaining("“My network”")]);
  });

  it("that lost its tab while it was opened is cleared away by the next one", async () => {
    const { projectId } = await storeProject(here);
    const { blob } = await here.save(projectId);
    const lost = crypto.randomUUID();
    await there.stores.archive.begin(lost, 86_400_000 - 2 * 3_600_000);
    await there.stores.datasets.putOriginals(lost, [{ digest: "a", blob: new Blob(["a"]) }]);
    await there.open(blob);
    expect((await rowsOf(there, "packs")).map(([key]) => (key as string[])[0])).not.toContain(lost);
    expect((await rowsOf(there, "settings")).map(([key]) => key)).not.toContain(
      `unfinished-project/${lost}`,
    );
  });

  it("reports progress that never falls and ends whole", async () => {
    const { projectId } = await storeProject(here);
    const packed: { done: number; total: number }[] = [];
    const { signal } = new AbortController();
    const { blob } = await here.save(projectId, { signal, report: (p) => packed.push(p) });
    const restored: { done: number; total: number }[] = [];
    await there.open(blob, { signal, report: (p) => restored.push(p) });
    for (const seen of [packed, restored]) {
      expect(seen.map(({ done }) => done)).toEqual(
        seen.map(({ done }) => done).sort((a, b) => a - b),
      );
      expect(new Set(seen.map(({ total }) => total)).size).toBe(1);
      expect(seen.at(-1)!.done).toBe(seen.at(-1)!.total);
    }
  });
});
