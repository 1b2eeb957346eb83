import type { WorkerClient } from "../rpc/client";
import type { EncodeContract } from "../rpc/encodeContract";
import { WorkerSlot, type SlotCallOptions, type WorkerCalls } from "./workerSlot";

/**
 * The worker of one modality's encoder. Its threads are fixed while it lives, so another count
 * means another worker; once a job is done it is ended, because a runtime never gives its 300 MB
 * back, unless queries use it.
 */
export class EncodeWorker implements WorkerCalls<EncodeContract> {
  readonly #slot: WorkerSlot<EncodeContract>;
  /** What the next worker starts with; null: as many as usually pay. */
  #threads: number | null = null;
  #calls = 0;
  #answersQueries = false;
  #isUnwanted = false;

  constructor(start: (threads: number | null) => WorkerClient<EncodeContract>) {
    this.#slot = new WorkerSlot(() => start(this.#threads));
  }

  async call<M extends keyof EncodeContract & string>(
    method: M,
    params: EncodeContract[M]["params"],
    options?: SlotCallOptions<EncodeContract[M]["progress"]>,
  ): Promise<EncodeContract[M]["result"]> {
    this.#calls++;
    this.#answersQueries ||= method === "encodeQuery";
    this.#isUnwanted = false;
    try {
      return await this.#slot.call(method, params, options);
    } finally {
      this.#calls--;
      if (this.#isUnwanted && this.#calls === 0) this.close();
    }
  }

  /** From the next job on; a worker that is answering someone keeps its threads. */
  useThreads(threads: number): void {
    if (threads === this.#threads || this.#calls > 0) return;
    this.#threads = threads;
    this.close();
  }

  /** Frees the encoder's memory as soon as no call needs it; a worker that queries use stays. */
  release(): void {
    if (this.#answersQueries) return;
    if (this.#calls === 0) this.close();
    else this.#isUnwanted = true;
  }

  close(): void {
    this.#answersQueries = false;
    this.#isUnwanted = false;
    this.#slot.close();
  }
}
