import { ENCODERS } from "../core/catalogue/encoders";
import type { EncoderSpec } from "../core/domain/encoder";
import type { AlignedModality } from "../core/domain/modality";
import { AppError } from "../core/errors";
import type { EncoderStore } from "../core/ports";
import type { Changes } from "./changes";

/** Every encoder there is to choose from: the catalogue, and what the visitor added to it. */
export class Encoders {
  readonly #store: EncoderStore;
  readonly #listeners = new Set<() => void>();
  #all: readonly EncoderSpec[] = ENCODERS;
  #stored: ReadonlySet<string> = new Set();

  private constructor(store: EncoderStore, changes: Changes) {
    this.#store = store;
    changes.subscribe((topic) => topic === "encoders" && void this.#reload());
  }

  static async open(store: EncoderStore, changes: Changes): Promise<Encoders> {
    const encoders = new Encoders(store, changes);
    await encoders.#reload();
    return encoders;
  }

  readonly all = (): readonly EncoderSpec[] => this.#all;

  /** Ids of downloaded, own and imported encoders: those this browser keeps an entry of. */
  readonly stored = (): ReadonlySet<string> => this.#stored;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  of(modality: AlignedModality): EncoderSpec[] {
    return this.#all.filter((encoder) => encoder.modality === modality);
  }

  /** @throws AppError `encoder/missing`. */
  byId(id: string): EncoderSpec {
    const found = this.#all.find((encoder) => encoder.id === id);
    if (!found) throw new AppError("encoder/missing", `no encoder “${id}”`);
    return found;
  }

  /** Whether its files have to be fetched before it can be used. */
  needsDownload({ id, origin }: EncoderSpec): boolean {
    return origin === "hub" && !this.#stored.has(id);
  }

  async #reload(): Promise<void> {
    const stored = await this.#store.list();
    const own = new Map(stored.map((encoder) => [encoder.id, encoder]));
    this.#stored = new Set(own.keys());
    const listed = new Set(ENCODERS.map(({ id }) => id));
    // A pinned download stands in its catalogue entry's place; the visitor's own come last.
    this.#all = [
      ...ENCODERS.map((encoder) => own.get(encoder.id) ?? encoder),
      ...stored.filter(({ id }) => !listed.has(id)),
    ];
    for (const listener of this.#listeners) listener();
  }
}
