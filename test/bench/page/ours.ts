import { DEFAULT_ENCODERS } from "../../../src/core/catalogue/encoders";
import type { Item } from "../../../src/core/domain/dataset";
import type { ProjectData } from "../../../src/core/domain/project";
import { WorkerClient } from "../../../src/rpc/client";
import type { EncodeContract } from "../../../src/rpc/encodeContract";
import { openStores } from "../../../src/storage/openStores";
import type { BenchItems, Contestant } from "./main";

/**
 * The app's own encode worker on one thread, over a project in IndexedDB: reading the items,
 * decoding, the network, and storing the vectors.
 */
export async function openOurs(items: BenchItems): Promise<Contestant> {
  const { modality, batchSize } = items;
  const stores = await openStores();
  const id = crypto.randomUUID();
  const stored = itemsOf(items);
  await stores.datasets.putOriginals(
    id,
    items.pictures.map((blob, i) => ({ digest: `p${i}`, blob })),
  );
  await stores.datasets.replaceData(
    {
      id,
      name: "bench",
      ...{ createdAt: 0, updatedAt: 0, queryRunId: null },
      data: { digest: "bench" } as ProjectData, // the worker reads none of it
      encoders: DEFAULT_ENCODERS,
    },
    { image: [], text: [], audio: [], sensor: [], pairs: [], [modality]: stored },
  );
  const client = new WorkerClient<EncodeContract>(
    new Worker(new URL("../../../workers/encode.worker.ts", import.meta.url), {
      type: "module",
      name: "encode ×1",
    }),
  );
  const choice = DEFAULT_ENCODERS[modality];
  const digests = stored.map(({ digest }) => digest);
  let key = "";
  return {
    name: "this page",
    reset: () => stores.embeddings.prune(new Set()),
    async encode() {
      const { encoderKey, encoded } = await client.call("encodeItems", {
        ...{ choice, modality, batchSize, projectId: id },
        device: "wasm",
        skip: [],
        suspects: [],
      });
      if (encoded !== stored.length) throw new Error(`${encoded} of ${stored.length} encoded`);
      key = encoderKey;
    },
    vectors: async () => (await stores.embeddings.load(key, digests)).data,
    close: () => client.close(),
  };
}

function itemsOf({ modality, pictures, captions }: BenchItems): Item[] {
  if (modality === "image") {
    return pictures.map((_, i) => ({ modality, digest: `p${i}`, source: `${i}.png` }));
  }
  return captions.map((text, i) => ({ modality, digest: `t${i}`, source: `row ${i}`, text }));
}
