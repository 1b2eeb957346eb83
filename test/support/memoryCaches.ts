/** Cache Storage in memory, as far as the encoder files use it. */
export interface MemoryCaches {
  readonly caches: CacheStorage;
  /** What is kept, by URL. */
  readonly entries: Map<string, { bytes: Uint8Array<ArrayBuffer>; headers: Headers }>;
  /** Writes beyond this many bytes fail as on a full disk. */
  roomBytes: number;
}

/** An empty one; `roomBytes` can be lowered at any time. */
export function memoryCaches(roomBytes = Infinity): MemoryCaches {
  const entries: MemoryCaches["entries"] = new Map();
  const urlOf = (key: RequestInfo | URL) => (key instanceof Request ? key.url : String(key));
  const memory = {
    entries,
    roomBytes,
    caches: { open: async () => cache } as unknown as CacheStorage, // the one method in use
  };
  const cache = {
    match: async (key: RequestInfo | URL) => {
      const kept = entries.get(urlOf(key));
      return kept && new Response(kept.bytes, { headers: kept.headers });
    },
    put: async (key: RequestInfo | URL, response: Response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      const used = [...entries.values()].reduce((sum, kept) => sum + kept.bytes.length, 0);
      if (used + bytes.length > memory.roomBytes) {
        throw new DOMException("no room", "QuotaExceededError");
      }
      entries.set(urlOf(key), { bytes, headers: response.headers });
    },
    delete: async (key: RequestInfo | URL) => entries.delete(urlOf(key)),
    keys: async () => [...entries.keys()].map((url) => new Request(url)),
  };
  return memory;
}
