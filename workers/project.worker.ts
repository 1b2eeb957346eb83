import { FileCache } from "../src/engine/encoders/fileCache";
import { APP_VERSION } from "../src/engine/exporting/appVersion";
import { openProjectFile } from "../src/engine/exporting/projectRestorer";
import { saveProject } from "../src/engine/exporting/projectWriter";
import type { ProjectContract } from "../src/rpc/projectContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";
import { siteBase } from "./siteBase";

const deps = openStores().then((stores) => ({
  ...stores,
  cache: () => ("caches" in self ? new FileCache(self.caches, siteBase()) : undefined),
  now: () => Date.now(),
  version: APP_VERSION,
}));

serve<ProjectContract>(self as DedicatedWorkerGlobalScope, {
  save: async ({ projectId }, context) => saveProject(projectId, await deps, context),
  open: async ({ file }, context) => openProjectFile(file, await deps, context),
});
