const BUFFER_ENTRIES = 10_000; // browsers stop recording after 250 unless asked

/** The parts of `performance` used here. */
export type ResourceLog = Pick<Performance, "getEntriesByType" | "setResourceTimingBufferSize">;

/** Makes the browser record every request of this worker. */
export function recordRequests(log: ResourceLog): void {
  log.setResourceTimingBufferSize(BUFFER_ENTRIES);
}

/** Requests to other sites among those recorded. A page does not see those of its workers. */
export function countForeignRequests(log: ResourceLog, origin: string): number {
  const addresses = log.getEntriesByType("resource").map(({ name }) => new URL(name, origin));
  return addresses.filter((url) => url.protocol.startsWith("http") && url.origin !== origin).length;
}
