import { AlignService } from "../src/engine/align/alignService";
import { openBackend } from "../src/engine/align/backend";
import { VERSIONS } from "../src/engine/align/versions";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import type { DevicePreference } from "../src/core/domain/encoder";
import { buffersOf } from "../src/core/domain/projector";
import type { AlignContract } from "../src/rpc/alignContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

const surroundings = {
  openBackend: (preference: DevicePreference) => openBackend(preference, { wasmPaths: WASM_FILES }),
  clock: () => performance.now(),
  now: () => Date.now(),
  versions: VERSIONS,
};
const service = openStores().then((stores) => new AlignService({ ...stores, ...surroundings }));

serve<AlignContract>(self as DedicatedWorkerGlobalScope, {
  align: async (params, { signal, report }) => (await service).align(params, signal, report),
  finish: async ({ runId }) => {
    (await service).finish(runId);
    return null;
  },
  async latest({ runId }, { transfer }) {
    const projectors = await (await service).latest(runId);
    transfer(...(projectors ? buffersOf(projectors) : []));
    return projectors;
  },
});
