import { openBackend } from "../src/engine/align/backend";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { compareStoredRuns } from "../src/engine/evaluation/compareStoredRuns";
import { classify } from "../src/engine/search/classify";
import { SearchService } from "../src/engine/search/searchService";
import { serve } from "../src/rpc/server";
import type { SearchContract } from "../src/rpc/searchContract";
import { openStores } from "../src/storage/openStores";

// WebAssembly also where WebGPU exists: a query is one row, and the GPU is busy training.
const ready = openStores().then((stores) => ({
  stores,
  service: new SearchService({
    ...stores,
    openBackend: () => openBackend("wasm", { wasmPaths: WASM_FILES }),
  }),
}));

serve<SearchContract>(self as DedicatedWorkerGlobalScope, {
  open: async (params, { report }) => (await ready).service.open(params, report),
  search: async (params) => (await ready).service.search(params),
  async classify(params) {
    const { service, stores } = await ready;
    return classify(await service.current(params), stores.datasets, params);
  },
  compareRuns: async (params, { signal }) =>
    compareStoredRuns((await ready).stores.runs, params, signal),
});
