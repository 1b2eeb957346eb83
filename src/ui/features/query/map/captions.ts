import type { ItemCache } from "../../../components/search/itemCache";

const KEPT = 2_000;

/** Captions by index, for labels on the map; the latest are kept. */
export class Captions {
  readonly #items: ItemCache;
  readonly #onArrival: () => void;
  readonly #words = new Map<number, string>();

  constructor(items: ItemCache, onArrival: () => void) {
    this.#items = items;
    this.#onArrival = onArrival;
  }

  /** The caption; empty while it is read. */
  get(text: number): string {
    return this.#words.get(text) ?? "";
  }

  /** Reads those that are not here yet. */
  want(texts: readonly number[]): void {
    const missing = texts.filter((text) => !this.#words.has(text));
    if (missing.length === 0) return;
    if (this.#words.size + missing.length > KEPT) this.#words.clear();
    for (const text of missing) this.#words.set(text, "");
    const reads = missing.map(async (text) => {
      this.#words.set(text, (await this.#items.get("text", text))?.text ?? "");
    });
    // A caption that cannot be read has no label; the list beside says so.
    void Promise.allSettled(reads).then(this.#onArrival);
  }
}
