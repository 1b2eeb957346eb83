import * as ort from "onnxruntime-web/wasm";
import { describeSession } from "../engine/encoders/ortSession";
import type { RawSession } from "../engine/encoders/session";

/** What a session is made of. */
export interface SessionFiles {
  /** ONNX Runtime as WebAssembly. */
  readonly runtime: Uint8Array<ArrayBuffer>;
  readonly model: Uint8Array<ArrayBuffer>;
  /** Weights outside the model file, under the name the model gives them. */
  readonly external?: { readonly path: string; readonly data: Uint8Array<ArrayBuffer> };
}

/** A session on the CPU, in one thread: from `file://` there is no isolation, so no other thread. */
export async function createPageSession({
  runtime,
  model,
  external,
}: SessionFiles): Promise<RawSession> {
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = runtime;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3, // warnings about node placement would fill the console as errors
    ...(external && { externalData: [external] }),
  });
  delete ort.env.wasm.wasmBinary; // 14 MB that were compiled by now
  return describeSession(session, ort.Tensor);
}
