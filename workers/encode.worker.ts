import { probeAdapter, wasmThreads, type Gpu } from "../src/engine/encoders/chooseDevice";
import { Mutex } from "../src/engine/encoders/mutex";
import { openEncoder } from "../src/engine/encoders/openEncoder";
import { configureRuntime, createRawSession } from "../src/engine/encoders/ort";
import { EncodeService } from "../src/engine/encoding/encodeService";
import type { EncodeContract } from "../src/rpc/encodeContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const threads = wasmThreads(self.crossOriginIsolated, navigator.hardwareConcurrency);
const platform = {
  base: siteBase(),
  ...("caches" in self && { caches: self.caches }),
  mutex: new Mutex(),
  threads,
  probeAdapter: () => probeAdapter((navigator as { gpu?: Gpu }).gpu),
  createSession: createRawSession,
  clock: () => performance.now(),
};
configureRuntime(threads);

const service = openStores().then(
  (stores) =>
    new EncodeService({
      ...stores,
      open: (spec, pooling, device, report) => openEncoder(spec, pooling, device, platform, report),
      clock: () => performance.now(),
    }),
);

serve<EncodeContract>(self as DedicatedWorkerGlobalScope, {
  encodeItems: async (params, context) => (await service).encodeItems(params, context),
  countEncoded: async (params) => (await service).countEncoded(params),
  async encodeQuery(params, context) {
    const result = await (await service).encodeQuery(params, context);
    context.transfer(result.vectors.buffer);
    return result;
  },
});
