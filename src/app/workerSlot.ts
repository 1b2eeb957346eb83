import { AppError } from "../core/errors";
import { Watchdog } from "../core/watchdog";
import type { CallOptions, WorkerClient } from "../rpc/client";
import type { Contract } from "../rpc/contract";

/** Longest wait for a cancelled call to really stop before the worker is replaced. */
const STOP_GRACE_MS = 10_000;
const WATCH_INTERVAL_MS = 1_000;

export interface SlotCallOptions<P> extends CallOptions<P> {
  /** Stages in which silence means a hang; elsewhere (loading, compiling) it does not. */
  readonly watch?: readonly string[];
  /** Longest silence in other stages, in milliseconds, beyond which it is a hang after all. */
  readonly limits?: Readonly<Record<string, number>>;
  /**
   * Stages with nothing at stake: a call cancelled in one of them, or before its first report,
   * settles at once, whatever the worker is still busy with.
   */
  readonly harmless?: readonly string[];
}

/** What the app's commands need of a worker; a fake takes its place in tests. */
export interface WorkerCalls<C extends Contract> {
  call<M extends keyof C & string>(
    method: M,
    params: C[M]["params"],
    options?: SlotCallOptions<C[M]["progress"]>,
  ): Promise<C[M]["result"]>;
  /** Ends the worker and frees its memory; the next call starts a fresh one. */
  close(): void;
}

/** One worker that starts when first called and is replaced after a crash, a hang or `close`. */
export class WorkerSlot<C extends Contract> implements WorkerCalls<C> {
  readonly #start: () => WorkerClient<C>;
  #client: WorkerClient<C> | undefined;

  constructor(start: () => WorkerClient<C>) {
    this.#start = start;
  }

  /**
   * As `WorkerClient.call`, except that a cancelled call settles only when the work has really
   * stopped (or the worker was replaced), so that "cancelled" on screen is the truth.
   *
   * @throws AppError `worker/stalled` when the watchdog ended a hanging worker.
   */
  async call<M extends keyof C & string>(
    method: M,
    params: C[M]["params"],
    { watch = [], limits = {}, harmless, ...options }: SlotCallOptions<C[M]["progress"]> = {},
  ): Promise<C[M]["result"]> {
    if (!this.#client || this.#client.closed) this.#client = this.#start();
    const client = this.#client;
    let stage = "";
    const isGuarded = watch.length > 0 || Object.keys(limits).length > 0;
    const guard = isGuarded ? guardAgainstHang(client, watch, limits) : undefined;
    try {
      return await client.call(method, params, {
        ...options,
        onProgress: (progress) => {
          stage = (progress as { stage?: string } | null)?.stage ?? "";
          guard?.beat(stage);
          options.onProgress?.(progress);
        },
      });
    } catch (thrown) {
      const isHarmless = harmless !== undefined && (stage === "" || harmless.includes(stage));
      if (options.signal?.aborted && !client.closed && !isHarmless) await stopOrReplace(client);
      throw thrown;
    } finally {
      guard?.end();
    }
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }
}

async function stopOrReplace<C extends Contract>(client: WorkerClient<C>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), STOP_GRACE_MS);
  });
  const outcome = await Promise.race([client.whenStopped(), tooLong]);
  clearTimeout(timer);
  if (outcome === "late") client.close(new AppError("worker/stalled", "did not stop in time"));
}

function guardAgainstHang<C extends Contract>(
  client: WorkerClient<C>,
  stages: readonly string[],
  limits: Readonly<Record<string, number>>,
) {
  const watchdog = new Watchdog(performance.now());
  let stage = "";
  let lastBeat = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const silentMs = now - lastBeat;
    const isWatched = stages.includes(stage);
    if (!isWatched) watchdog.pause(now);
    const isStalled = isWatched ? watchdog.isStalled(now) : silentMs > (limits[stage] ?? Infinity);
    if (!isStalled) return;
    const detail = `${stage}: no sign of life for ${Math.round(silentMs / 1000)} s`;
    client.close(new AppError("worker/stalled", detail));
  }, WATCH_INTERVAL_MS);
  return {
    beat(reached: string) {
      stage = reached;
      lastBeat = performance.now();
      watchdog.beat(lastBeat);
    },
    end: () => clearInterval(timer),
  };
}
