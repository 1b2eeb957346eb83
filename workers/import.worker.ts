import { decodeImage } from "../src/engine/importing/decodeImage";
import { importPairs } from "../src/engine/importing/importPairs";
import { inspectSource } from "../src/engine/importing/inspectSource";
import type { ImportContract } from "../src/rpc/importContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const stores = openStores();
const deps = { siteBase: siteBase(), probe: decodeImage };

serve<ImportContract>(self as DedicatedWorkerGlobalScope, {
  inspect: ({ source, settings }, { signal, report }) =>
    inspectSource(source, settings, deps, signal, report),
  importPairs: async (request, { signal, report }) => {
    const { datasets: store, projects } = await stores;
    const loadProject = () => projects.get(request.projectId);
    return importPairs({ ...request, loadProject, store, deps, signal, report });
  },
});
