const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_535; // 4 GB less a page
const MOST_KEPT = 2; // one for each modality of the next space
const LARGEST_KEPT = 64 * 2 ** 20; // 130,000 x 512: a larger gallery is not renewed often

const kept: WebAssembly.Memory[] = [];

/**
 * WebAssembly memory of at least so many bytes, not cleared; null where there is not so much.
 *
 * Browsers set aside gigabytes of address space for each one and take it back late, so a training
 * that renews the gallery several times a second uses the same ones again.
 */
export function takeMemory(bytes: number): WebAssembly.Memory | null {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  if (pages > MOST_PAGES) return null;
  const fitting = kept.findIndex(({ buffer }) => buffer.byteLength >= pages * PAGE_BYTES);
  const [old] = kept.splice(fitting < 0 ? 0 : fitting, 1);
  try {
    const memory = old ?? new WebAssembly.Memory({ initial: pages });
    const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) memory.grow(missing);
    return memory;
  } catch (thrown) {
    if (thrown instanceof RangeError) return null; // out of memory: the search goes on without
    throw thrown;
  }
}

/** Keeps a memory that nobody reads any more for `takeMemory`. */
export function freeMemory(memory: WebAssembly.Memory): void {
  const isSmall = memory.buffer.byteLength <= LARGEST_KEPT;
  if (isSmall && kept.length < MOST_KEPT) kept.push(memory);
}
