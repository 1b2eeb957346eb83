import { DownloadService } from "../src/engine/encoders/downloadService";
import { countForeignRequests, recordRequests } from "../src/engine/encoders/foreignRequests";
import type { DownloadContract } from "../src/rpc/downloadContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

recordRequests(performance);
const service = openStores().then(
  ({ encoders }) =>
    new DownloadService({
      encoders,
      base: siteBase(),
      ...("caches" in self && { caches: self.caches }), // absent outside a secure context
    }),
);

serve<DownloadContract>(self as DedicatedWorkerGlobalScope, {
  download: async (params, context) => (await service).download(params, context),
  storedFiles: async () => (await service).storedFiles(),
  deleteFiles: async (params) => (await service).deleteFiles(params),
  foreignRequests: async () => countForeignRequests(performance, self.location.origin),
});
