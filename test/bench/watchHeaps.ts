import type { Page } from "playwright-core";

/** `Runtime.getHeapUsage` of the Chrome DevTools Protocol; bytes. */
interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  /** Array buffers, those that WebAssembly and typed arrays use included. */
  readonly backingStorageSize?: number;
}

/** What one worker held at its largest sample; bytes. */
export interface HeapPeak {
  readonly total: number;
  readonly objects: number;
  readonly buffers: number;
  readonly samples: number;
}

/**
 * Samples the heap of every worker of a page twice a second: JavaScript objects, the browser's own
 * objects behind them, and array buffers, with whatever garbage nobody has collected yet.
 *
 * @returns `stop` gives the largest sample of any worker since the call.
 */
export async function watchHeaps(page: Page): Promise<{ stop(): Promise<HeapPeak> }> {
  const session = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  const answers = new Map<number, (usage: HeapUsage | undefined) => void>();
  let nextId = 1;
  session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type === "worker") workers.add(sessionId);
  });
  session.on("Target.detachedFromTarget", ({ sessionId }) => void workers.delete(sessionId));
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result?: HeapUsage };
    answers.get(id)?.(result);
    answers.delete(id);
  });
  // Not flattened: Playwright hands out no sessions of workers, so messages go through the page's.
  await session.send("Target.setAutoAttach", {
    ...{ autoAttach: true, waitForDebuggerOnStart: false, flatten: false },
  });
  let peak: HeapPeak = { total: 0, objects: 0, buffers: 0, samples: 0 };
  const ask = async (sessionId: string) => {
    const id = nextId++;
    const answer = new Promise<HeapUsage | undefined>((resolve) => answers.set(id, resolve));
    const message = JSON.stringify({ id, method: "Runtime.getHeapUsage" });
    await session.send("Target.sendMessageToTarget", { sessionId, message });
    const usage = await answer;
    if (!usage) return;
    const objects = usage.usedSize + (usage.embedderHeapUsedSize ?? 0);
    const buffers = usage.backingStorageSize ?? 0;
    const sample = { total: objects + buffers, objects, buffers, samples: peak.samples + 1 };
    peak = sample.total > peak.total ? sample : { ...peak, samples: sample.samples };
  };
  const timer = setInterval(() => {
    // A worker that ends between two looks answers no more.
    for (const sessionId of workers) ask(sessionId).catch(() => workers.delete(sessionId));
  }, 500);
  return {
    async stop() {
      clearInterval(timer);
      await session.detach();
      return peak;
    },
  };
}
