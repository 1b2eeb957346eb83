import { openEncoder } from "../src/engine/encoders/openEncoder";
import { workerPlatform } from "../src/engine/encoders/workerPlatform";
import { EncodeService } from "../src/engine/encoding/encodeService";
import type { EncodeContract } from "../src/rpc/encodeContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const platform = workerPlatform(siteBase());
const service = openStores().then(
  (stores) =>
    new EncodeService({
      ...stores,
      open: (spec, choice, device, options) => openEncoder(spec, choice, device, platform, options),
      clock: platform.clock,
    }),
);

serve<EncodeContract>(self as DedicatedWorkerGlobalScope, {
  encodeItems: async (params, context) => (await service).encodeItems(params, context),
  encodeSample: async (params, context) => (await service).encodeSample(params, context),
  pictureParts: async (params, context) => (await service).pictureParts(params, context),
  measure: async (params, context) => (await service).measure(params, context),
  compareVectors: async (params, context) => (await service).compareVectors(params, context),
  countEncoded: async (params) => (await service).countEncoded(params),
  encodeQuery: async (params, context) => (await service).encodeQuery(params, context),
});
