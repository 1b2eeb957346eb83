import { openBackend } from "../src/engine/align/backend";
import { WASM_FILES } from "../src/engine/align/wasmFiles";
import { JoinService } from "../src/engine/hub/joinService";
import type { DevicePreference } from "../src/core/domain/encoder";
import type { JoinContract } from "../src/rpc/joinContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

const surroundings = {
  openBackend: (preference: DevicePreference) => openBackend(preference, { wasmPaths: WASM_FILES }),
  clock: () => performance.now(),
  now: () => Date.now(),
};
const service = openStores().then((stores) => new JoinService({ ...stores, ...surroundings }));

serve<JoinContract>(self as DedicatedWorkerGlobalScope, {
  freeze: async (params, context) => (await service).freeze(params, context),
  join: async (params, context) => (await service).join(params, context),
  finish: async (place) => {
    (await service).finish(place);
    return null;
  },
  check: async (params, context) => (await service).check(params, context),
  scorePath: async (params, context) => (await service).scorePath(params, context),
  packSense: async (params) => (await service).packSense(params),
  unpackSense: async (params) => (await service).unpackSense(params),
});
