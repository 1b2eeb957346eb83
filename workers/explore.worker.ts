import { examineProject } from "../src/engine/doctor/doctorService";
import { buffersOf, readItemFacts } from "../src/engine/map/itemFacts";
import { layOut } from "../src/engine/map/layOut";
import type { ExploreContract } from "../src/rpc/exploreContract";
import { serve } from "../src/rpc/server";
import { openStores } from "../src/storage/openStores";

const stores = openStores();

serve<ExploreContract>(self as DedicatedWorkerGlobalScope, {
  examine: async (params, context) => examineProject(await stores, params, context),
  async itemFacts({ projectId }, { transfer }) {
    const facts = await readItemFacts((await stores).datasets, projectId);
    transfer(...buffersOf(facts));
    return facts;
  },
  layOut: (params, context) => layOut(params, context),
});
