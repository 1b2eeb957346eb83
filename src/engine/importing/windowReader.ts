import { WINDOW_BYTES, WINDOW_GAP_BYTES, WINDOWS_HELD } from "./limits";

interface Window {
  readonly blob: Blob;
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads ranges of large files. Ranges that follow one another are served from windows of
 * `WINDOW_BYTES`, so that 100,000 small members of an archive cost a few hundred messages to the
 * browser's process instead of 100,000; a lone range is read by itself.
 *
 * One reader serves all archives of an import, so that a hundred shards hold no more windows than one.
 */
export class WindowReader {
  /** Most recently used last. */
  #windows: Window[] = [];
  /** Where the last range of each file ended. */
  readonly #ends = new WeakMap<Blob, number>();

  /**
   * A copy of `start` to `end` (exclusive); shorter where the file ends.
   *
   * @throws DOMException `NotReadableError` when the file has changed or gone.
   */
  async read(blob: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const stop = Math.min(end, blob.size);
    const before = this.#ends.get(blob);
    this.#ends.set(blob, stop);
    const held = this.#windows.find((window) => holds(window, blob, start, stop));
    if (held) {
      this.#windows = [...this.#windows.filter((window) => window !== held), held];
      return copyOf(held, start, stop);
    }
    const follows = before !== undefined && Math.abs(start - before) <= WINDOW_GAP_BYTES;
    if (!follows || stop - start > WINDOW_BYTES) return bytesOf(blob.slice(start, stop));
    return copyOf(this.#open(blob, start), start, stop);
  }

  #open(blob: Blob, start: number): Window {
    const end = Math.min(start + WINDOW_BYTES, blob.size);
    const window = { blob, start, end, bytes: bytesOf(blob.slice(start, end)) };
    this.#windows = [...this.#windows.slice(1 - WINDOWS_HELD), window];
    // Whoever asked gets the failure; the next one to ask shall try again.
    window.bytes.catch(() => {
      this.#windows = this.#windows.filter((other) => other !== window);
    });
    return window;
  }
}

function holds(window: Window, blob: Blob, start: number, end: number): boolean {
  return window.blob === blob && window.start <= start && end <= window.end;
}

/** A copy: a view would keep the whole window alive for as long as one small file is held. */
async function copyOf(window: Window, start: number, end: number) {
  const bytes = await window.bytes;
  return bytes.slice(start - window.start, end - window.start);
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
