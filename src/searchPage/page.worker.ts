import { serve } from "../rpc/server";
import type { PageContract } from "./pageContract";
import { createPageSession } from "./pageRuntime";
import { PageSearch } from "./pageSearch";

const search = new PageSearch(createPageSession);

serve<PageContract>(self as DedicatedWorkerGlobalScope, {
  part: async (params) => search.part(params),
  open: (params) => search.open(params),
  search: (params) => search.search(params),
});
