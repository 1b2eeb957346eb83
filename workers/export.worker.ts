import { openBackend } from "../src/engine/align/backend";
import { VERSIONS } from "../src/engine/align/versions";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { ExportService } from "../src/engine/exporting/exportService";
import { SearchPageService } from "../src/engine/exporting/searchPageService";
import type { ExportContract } from "../src/rpc/exportContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const sources = openStores().then((stores) => ({
  ...stores,
  // WebAssembly also where WebGPU exists: its float32 is the reference the export is held to.
  openBackend: () => openBackend("wasm", { wasmPaths: WASM_FILES }),
  versions: VERSIONS,
}));
const service = sources.then((from) => new ExportService(from));
const pages = sources.then((from) => new SearchPageService(from, siteBase(), self.caches));

serve<ExportContract>(self as DedicatedWorkerGlobalScope, {
  list: async (params) => (await service).list(params),
  exportModel: async (params, context) => (await service).exportModel(params, context),
  exportData: async (params, context) => (await service).exportData(params, context),
  exportEmbeddings: async (params, context) => (await service).exportEmbeddings(params, context),
  exportPairs: async (params) => (await service).exportPairs(params),
  sizeSearchPage: async (params) => (await pages).size(params),
  exportSearchPage: async (params, context) => (await pages).export(params, context),
});
