import { openBackend } from "../src/engine/align/backend";
import { VERSIONS } from "../src/engine/align/versions";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { ExportService } from "../src/engine/exporting/exportService";
import type { ExportContract } from "../src/rpc/exportContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

const service = openStores().then(
  (stores) =>
    new ExportService({
      ...stores,
      // WebAssembly also where WebGPU exists: its float32 is the reference the export is held to.
      openBackend: () => openBackend("wasm", { wasmPaths: WASM_FILES }),
      versions: VERSIONS,
    }),
);

serve<ExportContract>(self as DedicatedWorkerGlobalScope, {
  list: async (params) => (await service).list(params),
  exportModel: async (params, context) => (await service).exportModel(params, context),
  exportEmbeddings: async (params, context) => (await service).exportEmbeddings(params, context),
  exportPairs: async (params) => (await service).exportPairs(params),
});
