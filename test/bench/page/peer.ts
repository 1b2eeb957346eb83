import { DEFAULT_ENCODERS } from "../../../src/core/catalogue/encoders";
import type { BenchItems, Contestant } from "./main";

/** transformers.js on one thread in a worker of its own, as its documentation advises. */
export async function openPeer(items: BenchItems): Promise<Contestant> {
  const worker = new Worker(new URL("./peer.worker.ts", import.meta.url), { type: "module" });
  const answer = () =>
    new Promise<{ vectors: Float32Array<ArrayBuffer>; version: string }>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        "error" in data ? reject(new Error(`transformers.js: ${data.error}`)) : resolve(data);
      worker.onerror = ({ message }) => reject(new Error(`transformers.js: ${message}`));
    });
  const ready = answer();
  const site = new URL("./", location.href).href;
  worker.postMessage({ ...items, site, id: DEFAULT_ENCODERS[items.modality].id });
  const { version } = await ready;
  let vectors = new Float32Array();
  return {
    name: `transformers.js ${version}`,
    reset: async () => {},
    async encode() {
      const encoded = answer();
      worker.postMessage("encode");
      vectors = (await encoded).vectors;
    },
    vectors: async () => vectors,
    close: () => worker.terminate(),
  };
}

type Reply = { vectors: Float32Array<ArrayBuffer>; version: string } | { error: string };
