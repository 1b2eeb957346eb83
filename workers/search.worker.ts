import { openBackend } from "../src/engine/align/backend";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { compareStoredRuns } from "../src/engine/evaluation/compareStoredRuns";
import { openMapService } from "../src/engine/map/mapService";
import { SearchService } from "../src/engine/search/searchService";
import { serve } from "../src/rpc/server";
import type { SearchContract } from "../src/rpc/searchContract";
import { openStores } from "../src/storage/openStores";

const stores = openStores();
// WebAssembly also where WebGPU exists: a query is one row, and the GPU is busy training.
const backend = () => openBackend("wasm", { wasmPaths: WASM_FILES });
const service = stores.then((opened) => new SearchService({ ...opened, openBackend: backend }));
const maps = openMapService(service, stores);

serve<SearchContract>(self as DedicatedWorkerGlobalScope, {
  open: async (params, { report }) => (await service).open(params, report),
  search: async (params, context) => (await service).search(params, context),
  effects: async (params, context) => (await service).effects(params, context),
  classify: async (params) => (await service).classify(params),
  compareLabel: async (params) => (await service).compareLabel(params),
  classifyVectors: async (params) => (await service).classifyVectors(params),
  scoreVectors: async (params) => (await service).scoreVectors(params),
  explainMiss: async (params) => (await service).explainMiss(params),
  mapPlaces: async (params, context) => (await maps).places(params, context),
  mapVectors: async (params, context) => (await maps).vectors(params, context),
  mapScores: async (params, context) => (await maps).scores(params, context),
  compareRuns: async (params, { signal }) => compareStoredRuns((await stores).runs, params, signal),
});
