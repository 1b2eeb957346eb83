import { AppError } from "../core/errors";
import type { Contract, Reply, Request, WorkerPort } from "./contract";

export interface CallOptions<Progress> {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Moved to the worker, and detached here. */
  transfer?: Transferable[];
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  progress(value: unknown): void;
}

/**
 * Typed calls into one worker, under six laws, each tested:
 * a call settles exactly once; a crash or `close` rejects every pending and later call; errors keep
 * code and detail; an abort rejects the caller at once and reaches the worker, whose own answer
 * `whenStopped` waits for; progress is ordered, belongs to one call and ends with it; transferables
 * are listed and detached.
 */
export class WorkerClient<C extends Contract> {
  readonly #worker: WorkerPort;
  readonly #pending = new Map<number, PendingCall>();
  /** Aborted here, not yet answered by the worker. */
  readonly #stopping = new Map<number, { promise: Promise<void>; resolve: () => void }>();
  #nextId = 0;
  #closed: AppError | undefined;

  constructor(worker: WorkerPort) {
    this.#worker = worker;
    worker.addEventListener("message", (event: MessageEvent<Reply>) => this.#receive(event.data));
    // A crash or an undecodable reply must reject every caller, not just log.
    for (const type of ["error", "messageerror"] as const) {
      worker.addEventListener(type, (event) => {
        const detail = "message" in event ? String(event.message) : type;
        this.close(new AppError("worker/crashed", detail));
      });
    }
  }

  /** Why no further call can succeed, or undefined while the worker is usable. */
  get closed(): AppError | undefined {
    return this.#closed;
  }

  /**
   * @throws AppError whatever the worker threw; `cancelled` as soon as `signal` aborts;
   *   `worker/crashed` or the reason given to `close`.
   */
  call<M extends keyof C & string>(
    method: M,
    params: C[M]["params"],
    { signal, onProgress, transfer = [] }: CallOptions<C[M]["progress"]> = {},
  ): Promise<C[M]["result"]> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(new AppError("cancelled"));
    const id = this.#nextId++;
    const cancel = () => this.#cancel(id);
    signal?.addEventListener("abort", cancel, { once: true });
    return new Promise<C[M]["result"]>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, progress: (value) => onProgress?.(value) });
      this.#send({ kind: "call", id, method, params }, transfer);
    }).finally(() => {
      this.#pending.delete(id);
      signal?.removeEventListener("abort", cancel);
    });
  }

  /** Resolves when the worker has answered every call that was aborted here. */
  async whenStopped(): Promise<void> {
    await Promise.all([...this.#stopping.values()].map(({ promise }) => promise));
  }

  /** Kills the worker and rejects whatever is still running. */
  close(reason = new AppError("cancelled")): void {
    this.#closed ??= reason;
    this.#worker.terminate();
    for (const call of this.#pending.values()) call.reject(reason);
    this.#pending.clear();
    for (const stopped of this.#stopping.values()) stopped.resolve();
    this.#stopping.clear();
  }

  #cancel(id: number): void {
    const call = this.#pending.get(id);
    if (!call) return;
    this.#pending.delete(id);
    let resolve = () => {};
    const promise = new Promise<void>((settle) => (resolve = settle));
    this.#stopping.set(id, { promise, resolve });
    this.#send({ kind: "cancel", id });
    call.reject(new AppError("cancelled"));
  }

  #send(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #receive(reply: Reply): void {
    const call = this.#pending.get(reply.id);
    if (reply.kind === "progress") {
      call?.progress(reply.value);
      return;
    }
    this.#stopping.get(reply.id)?.resolve();
    this.#stopping.delete(reply.id);
    if (reply.kind === "result") call?.resolve(reply.value);
    else call?.reject(revive(reply.error));
  }
}

function revive({ code, detail, stack }: Extract<Reply, { kind: "error" }>["error"]): AppError {
  const error = new AppError(code, detail);
  error.stack = stack; // the worker's stack, which is where the fault is
  return error;
}
