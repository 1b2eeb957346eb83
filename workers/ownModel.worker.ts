import { createSensorEncoder } from "../src/engine/encoders/createSensorEncoder";
import { OwnModelService } from "../src/engine/encoders/own/ownModelService";
import { createRawSession } from "../src/engine/encoders/ort";
import { workerPlatform } from "../src/engine/encoders/workerPlatform";
import type { OwnModelContract } from "../src/rpc/ownModelContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const platform = { ...workerPlatform(siteBase()), createSession: createRawSession };
const stores = openStores();
const service = stores.then(({ encoders }) => new OwnModelService(platform, encoders));

serve<OwnModelContract>(self as DedicatedWorkerGlobalScope, {
  inspect: async (params, { report }) => (await service).inspect(params, report),
  probe: async (params, { report }) => (await service).probe(params, report),
  check: async (params, { report }) => (await service).check(params, report),
  save: async (params, { report }) => (await service).save(params, report),
  hear: async (params) => (await service).hear(params),
  createSensorEncoder: async (params, context) =>
    createSensorEncoder(params, { ...platform, ...(await stores) }, context),
  async preview(params, { transfer }) {
    const picture = await (await service).preview(params);
    transfer(picture.rgba.buffer);
    return picture;
  },
});
