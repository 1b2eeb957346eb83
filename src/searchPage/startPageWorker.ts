import { WorkerClient } from "../rpc/client";
import { bytesOfBase64 } from "./pageBytes";
import type { PageContract } from "./pageContract";

/**
 * The page's worker, from its program in base64: from `file://` a worker can only be started from
 * a blob. It runs apart, so that typing never waits for the encoder.
 */
export function startPageWorker(program: string): WorkerClient<PageContract> {
  const blob = new Blob([bytesOfBase64(program)], { type: "text/javascript" });
  return new WorkerClient(new Worker(URL.createObjectURL(blob), { name: "search" }));
}
