import { WorkerClient } from "../rpc/client";
import type { AlignContract } from "../rpc/alignContract";
import type { DownloadContract } from "../rpc/downloadContract";
import type { EncodeContract } from "../rpc/encodeContract";
import type { ExploreContract } from "../rpc/exploreContract";
import type { ExportContract } from "../rpc/exportContract";
import type { HubContract } from "../rpc/hubContract";
import type { ImportContract } from "../rpc/importContract";
import type { JoinContract } from "../rpc/joinContract";
import type { OwnModelContract } from "../rpc/ownModelContract";
import type { ProjectContract } from "../rpc/projectContract";
import type { SearchContract } from "../rpc/searchContract";
import type { SelectContract } from "../rpc/selectContract";

// The only file that constructs workers. Vite needs each literal `new Worker(new URL(...))`.

/** Reads files: archives, tables, pictures. */
export function startImportWorker(): WorkerClient<ImportContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/import.worker.ts", import.meta.url), {
      type: "module",
      name: "import",
    }),
  );
}

/**
 * Runs one encoder; images and texts get a worker each, so that neither waits for the other.
 *
 * @param threads wasm threads: 1, 2 or 4; null: as many as usually pay.
 */
export function startEncodeWorker(threads: number | null = null): WorkerClient<EncodeContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/encode.worker.ts", import.meta.url), {
      type: "module",
      // Threads are fixed before the first message can arrive, so they come with the name.
      name: threads === null ? "encode" : `encode ×${threads}`,
    }),
  );
}

/** Fetches encoders; loads no runtime. */
export function startDownloadWorker(): WorkerClient<DownloadContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/download.worker.ts", import.meta.url), {
      type: "module",
      name: "download",
    }),
  );
}

/** Trains projectors. */
export function startAlignWorker(): WorkerClient<AlignContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/align.worker.ts", import.meta.url), {
      type: "module",
      name: "align",
    }),
  );
}

/** Holds the projected gallery and answers queries. */
export function startSearchWorker(): WorkerClient<SearchContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/search.worker.ts", import.meta.url), {
      type: "module",
      name: "search",
    }),
  );
}

/** Opens a model file the visitor brought, apart from everything else. */
export function startOwnModelWorker(): WorkerClient<OwnModelContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/ownModel.worker.ts", import.meta.url), {
      type: "module",
      name: "own-model",
    }),
  );
}

/** Writes what leaves the browser: models, embeddings, tables, whole projects. */
export function startExportWorker(): WorkerClient<ExportContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/export.worker.ts", import.meta.url), {
      type: "module",
      name: "export",
    }),
  );
}

/** Compares embeddings and probes labels. */
export function startSelectWorker(): WorkerClient<SelectContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/select.worker.ts", import.meta.url), {
      type: "module",
      name: "select",
    }),
  );
}

/** Lays out the map and looks for faults in the pairs. */
export function startExploreWorker(): WorkerClient<ExploreContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/explore.worker.ts", import.meta.url), {
      type: "module",
      name: "explore",
    }),
  );
}

/** Saves whole projects as files and opens them. */
export function startProjectWorker(): WorkerClient<ProjectContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/project.worker.ts", import.meta.url), {
      type: "module",
      name: "project",
    }),
  );
}

/** Makes hubs and trains those who join them. */
export function startJoinWorker(): WorkerClient<JoinContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/join.worker.ts", import.meta.url), {
      type: "module",
      name: "join",
    }),
  );
}

/** Holds the gallery of a hub and answers queries on it. */
export function startHubWorker(): WorkerClient<HubContract> {
  return new WorkerClient(
    new Worker(new URL("../../workers/hub.worker.ts", import.meta.url), {
      type: "module",
      name: "hub",
    }),
  );
}
