import { openBackend } from "../src/engine/align/backend";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { SelectService } from "../src/engine/selection/selectService";
import type { SelectContract } from "../src/rpc/selectContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

// WebAssembly also where WebGPU exists: the products are short, and the GPU may be encoding.
const service = openStores().then(
  (stores) =>
    new SelectService({
      ...stores,
      openBackend: () => openBackend("wasm", { wasmPaths: WASM_FILES }),
      clock: () => performance.now(),
      now: () => Date.now(),
    }),
);

serve<SelectContract>(self as DedicatedWorkerGlobalScope, {
  sample: async (params) => (await service).sample(params),
  compare: async (params, context) => (await service).compare(params, context),
  probe: async (params, context) => (await service).probe(params, context),
});
