import { checkData } from "../src/engine/checking/checkData";
import { workerChecks } from "../src/engine/checking/workerChecks";
import { DataEditor } from "../src/engine/importing/dataEditor";
import { decodeImage } from "../src/engine/importing/decodeImage";
import { importPairs } from "../src/engine/importing/importPairs";
import { inspectSource } from "../src/engine/importing/inspectSource";
import { SourceReader } from "../src/engine/importing/readSource";
import type { ImportContract } from "../src/rpc/importContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const stores = openStores();
const editor = stores.then((opened) => new DataEditor(opened));
const deps = { siteBase: siteBase(), probe: decodeImage, reader: new SourceReader() };

serve<ImportContract>(self as DedicatedWorkerGlobalScope, {
  inspect: ({ source, settings }, { signal, report }) =>
    inspectSource(source, settings, deps, signal, report),
  importPairs: async (request, { signal, report }) => {
    const { datasets: store, projects, ...vectorStores } = await stores;
    const loadProject = () => projects.get(request.projectId);
    return importPairs({ ...request, loadProject, store, vectorStores, deps, signal, report });
  },
  check: async ({ projectId }, context) =>
    checkData(projectId, workerChecks(await stores, deps.siteBase), context),
  edit: async ({ projectId, request }) => (await editor).edit(projectId, request),
  undoEdit: async ({ projectId }) => (await editor).undo(projectId),
  relatedPairs: async ({ projectId, pair }) => (await editor).related(projectId, pair),
});
