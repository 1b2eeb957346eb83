import { openBackend } from "../src/engine/align/backend";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { HubService } from "../src/engine/hub/hubService";
import type { HubContract } from "../src/rpc/hubContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

// WebAssembly also where WebGPU exists: a query is one row, and the GPU is busy training.
const backend = () => openBackend("wasm", { wasmPaths: WASM_FILES });
const service = openStores().then((stores) => new HubService({ ...stores, openBackend: backend }));

serve<HubContract>(self as DedicatedWorkerGlobalScope, {
  open: async (params, context) => (await service).open(params, context),
  search: async (params, context) => (await service).search(params, context),
  missing: async (params, context) => (await service).missing(params, context),
  degrade: async (params, context) => (await service).degrade(params, context),
  lagScan: async (params, context) => (await service).lagScan(params, context),
});
