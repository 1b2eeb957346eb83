import { startImportWorker } from "../../../src/app/startWorkers";
import { DEFAULT_IMPORT } from "../../../src/core/domain/importFormat";
import { DEFAULT_ENCODERS } from "../../../src/core/catalogue/encoders";
import { openStores } from "../../../src/storage/openStores";

export interface ImportOutcome {
  readonly summary: string;
  readonly inspectMs: number;
  /** Until the report was there, or until the worker had stopped and cleaned up. */
  readonly importMs: number;
  /** From asking to stop until the call was rejected; null for an import that ran to its end. */
  readonly cancelMs: number | null;
  /** From asking to stop until nothing of the import was left. */
  readonly cleanMs: number | null;
  readonly pairs: number;
  readonly skipped: number;
  /** Longest time in which the page could not have answered. */
  readonly longestPauseMs: number;
  /** Originals of the project that are stored afterwards. */
  readonly stored: number;
}

/** Imports what the input holds as the app would; stops after `cancelAt` items, if given. */
async function importFiles(thumbnails: boolean, cancelAt: number | null): Promise<ImportOutcome> {
  const files = [...(document.querySelector("input")?.files ?? [])];
  const source = {
    kind: "files" as const,
    files: files.map((file) => ({ path: file.name, file })),
  };
  const settings = { ...DEFAULT_IMPORT, thumbnails };
  const client = startImportWorker();
  const { projects, datasets } = await openStores();
  const projectId = crypto.randomUUID();
  const now = Date.now();
  await projects.put({
    ...{ id: projectId, name: "bench", createdAt: now, updatedAt: now, data: null },
    ...{ encoders: DEFAULT_ENCODERS, queryRunId: null },
  });
  const pauses = watchPauses();
  const started = performance.now();
  const { columns, summary } = await client.call("inspect", { source, settings });
  const inspectMs = performance.now() - started;
  const mapping = columns.map(({ column, role }) => ({ column, role }));
  const split = { group: "auto", validation: 0.1, test: 0.1, seed: 0 };
  const abort = new AbortController();
  let askedAt = NaN;
  const running = client.call(
    "importPairs",
    { projectId, source, settings, mapping, split },
    {
      signal: abort.signal,
      onProgress: ({ stage, done }) => {
        if (cancelAt === null || stage !== "import" || done < cancelAt || askedAt > 0) return;
        askedAt = performance.now();
        abort.abort();
      },
    },
  );
  const begun = performance.now();
  const outcome = await running.then(
    ({ pairs, skipped }) => ({ pairs, skipped, cancelMs: null }),
    (thrown: unknown) => {
      if (!abort.signal.aborted) throw thrown;
      return { pairs: 0, skipped: 0, cancelMs: performance.now() - askedAt };
    },
  );
  await client.whenStopped();
  const importMs = performance.now() - begun;
  const cleanMs = outcome.cancelMs === null ? null : performance.now() - askedAt;
  const longestPauseMs = pauses.stop();
  const stored = (await datasets.items(projectId, "image")).length;
  await projects.delete(projectId);
  client.close();
  return { summary, inspectMs, importMs, cleanMs, longestPauseMs, stored, ...outcome };
}

/** The longest gap between two turns of the page's own loop. */
function watchPauses(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 10);
    last = now;
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

Object.assign(globalThis, { importFiles });
