import { AlignService } from "../src/engine/align/alignService";
import { openBackend } from "../src/engine/align/backend";
import { VERSIONS } from "../src/engine/align/versions";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import type { AlignContract } from "../src/rpc/alignContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

const service = openStores().then(
  (stores) =>
    new AlignService({
      ...stores,
      openBackend: (preference) => openBackend(preference, { wasmPaths: WASM_FILES }),
      clock: () => performance.now(),
      now: () => Date.now(),
      versions: VERSIONS,
    }),
);

serve<AlignContract>(self as DedicatedWorkerGlobalScope, {
  align: async (params, { signal, report }) => (await service).align(params, signal, report),
  finish: async ({ runId }) => {
    (await service).finish(runId);
    return null;
  },
});
