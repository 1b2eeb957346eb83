import type { BenchItems } from "./main";

/** The few parts of transformers.js used here; it is not a dependency, so it brings no types. */
interface Peer {
  readonly env: {
    version: string;
    allowLocalModels: boolean;
    allowRemoteModels: boolean;
    localModelPath: string;
    useBrowserCache: boolean;
    useWasmCache: boolean;
    backends: { onnx: { wasm: { numThreads: number; wasmPaths: unknown } } };
  };
  readonly AutoModel: Pretrained<
    (inputs: unknown) => Promise<Record<string, { data: Float32Array }>>
  >;
  readonly AutoImageProcessor: Pretrained<(images: readonly unknown[]) => Promise<unknown>>;
  readonly AutoTokenizer: Pretrained<(texts: readonly string[], options: unknown) => unknown>;
  readonly RawImage: { fromBlob(blob: Blob): Promise<unknown> };
}
interface Pretrained<T> {
  from_pretrained(id: string, options?: unknown): Promise<T>;
}

interface Setup extends BenchItems {
  readonly id: string;
  readonly site: string;
}

let encode: (() => Promise<Float32Array>) | undefined;
let version = "";

self.onmessage = async ({ data }: MessageEvent<Setup | "encode">) => {
  try {
    if (data === "encode") {
      self.postMessage({ vectors: await encode?.(), version });
    } else {
      encode = await open(data);
      self.postMessage({ vectors: new Float32Array(), version });
    }
  } catch (thrown) {
    self.postMessage({ error: String(thrown) });
  }
};

async function open(setup: Setup): Promise<() => Promise<Float32Array>> {
  const peer = (await import(/* @vite-ignore */ `${setup.site}peer/transformers.js`)) as Peer;
  const { env } = peer;
  version = env.version;
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.localModelPath = `${new URL(setup.site).pathname}peer/models/`; // an address counts as remote
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.backends.onnx.wasm.numThreads = 1;
  const runtime = `${setup.site}peer/ort-wasm-simd-threaded.asyncify`;
  env.backends.onnx.wasm.wasmPaths = { mjs: `${runtime}.mjs`, wasm: `${runtime}.wasm` };
  return setup.modality === "image" ? openImages(peer, setup) : openTexts(peer, setup);
}

const MODEL = { dtype: "fp32", device: "wasm" } as const;

async function openImages({ AutoModel, AutoImageProcessor, RawImage }: Peer, setup: Setup) {
  const processor = await AutoImageProcessor.from_pretrained(setup.id);
  const model = await AutoModel.from_pretrained(setup.id, MODEL);
  return inBatches(setup.pictures, setup.batchSize, async (batch) => {
    const images = await Promise.all(batch.map((blob) => RawImage.fromBlob(blob)));
    const { pooled } = await model(await processor(images));
    return pooled!.data;
  });
}

async function openTexts({ AutoModel, AutoTokenizer }: Peer, setup: Setup) {
  const tokenizer = await AutoTokenizer.from_pretrained(setup.id);
  const model = await AutoModel.from_pretrained(setup.id, MODEL);
  return inBatches(setup.captions, setup.batchSize, async (batch) => {
    const inputs = tokenizer(batch, { padding: true, truncation: true });
    const { sentence_embedding } = await model(inputs);
    return sentence_embedding!.data;
  });
}

function inBatches<Input>(
  items: readonly Input[],
  size: number,
  run: (batch: readonly Input[]) => Promise<Float32Array>,
) {
  return async () => {
    const parts: Float32Array[] = [];
    for (let at = 0; at < items.length; at += size) {
      parts.push((await run(items.slice(at, at + size))).slice());
    }
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
}
