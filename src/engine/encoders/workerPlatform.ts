import { wasmThreads } from "../../core/domain/calibration";
import { probeAdapter, threadsOfWorker, type Gpu } from "./chooseDevice";
import { Mutex } from "./mutex";
import type { EncoderPlatform } from "./openEncoder";
import { configureRuntime, createRawSession } from "./ort";

/** The real world of a worker's encoders: this browser's runtime, threads, adapter and cache. */
export function workerPlatform(base: string): EncoderPlatform {
  const threads =
    threadsOfWorker(self.name) ??
    wasmThreads(self.crossOriginIsolated, navigator.hardwareConcurrency);
  configureRuntime(threads);
  return {
    base,
    ...("caches" in self && { caches: self.caches }), // absent outside a secure context
    mutex: new Mutex(),
    threads,
    probeAdapter: () => probeAdapter((navigator as { gpu?: Gpu }).gpu),
    createSession: createRawSession,
    clock: () => performance.now(),
  };
}
