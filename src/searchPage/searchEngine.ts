import type { SearchPageManifest, SearchPagePart } from "../core/domain/searchPage";
import { AppError } from "../core/errors";
import type { WorkerClient } from "../rpc/client";
import type { PageContract, PageHits } from "./pageContract";

/** How far the encoder is on its way. */
export type EngineState =
  | { readonly kind: "idle" }
  | { readonly kind: "loading"; readonly done: number; readonly total: number }
  | { readonly kind: "opening"; readonly total: number }
  | { readonly kind: "ready"; readonly loadMs: number }
  | { readonly kind: "failed"; readonly error: AppError };

/** Where an engine gets its bytes and its worker from. */
export interface EngineDependencies {
  /** What one script carries, in base64. @throws AppError `page/part`. */
  readonly load: (name: SearchPagePart, index: number) => Promise<string>;
  /** The worker of a program in base64. */
  readonly start: (program: string) => WorkerClient<PageContract>;
}

/** What searching needs, in the order it is loaded. */
const NEEDED: readonly SearchPagePart[] = [
  "worker",
  "vectors",
  "projector",
  "tokenizer-config",
  "tokenizer",
  "runtime",
  "model",
  "model-data",
];

/** The page's search: loaded once, when it is first wanted, and asked from then on. */
export class SearchEngine {
  readonly #manifest: SearchPageManifest;
  readonly #deps: EngineDependencies;
  readonly #listeners = new Set<() => void>();
  #state: EngineState = { kind: "idle" };
  #client: Promise<WorkerClient<PageContract>> | undefined;

  constructor(manifest: SearchPageManifest, deps: EngineDependencies) {
    this.#manifest = manifest;
    this.#deps = deps;
  }

  /** Bytes still to be read before the first search. */
  get loadBytes(): number {
    return NEEDED.reduce((sum, name) => sum + (this.#manifest.parts[name]?.sizeBytes ?? 0), 0);
  }

  readonly state = (): EngineState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Starts loading; a failed loading starts anew. Its end is told by `state`. */
  prepare(): void {
    this.#open().catch(() => undefined); // told by `state`
  }

  /** @throws AppError `page/part`, `worker/crashed`, or as `PageSearch`. */
  async search(text: string, limit: number): Promise<PageHits> {
    const client = await this.#open();
    return client.call("search", { text, limit });
  }

  #open(): Promise<WorkerClient<PageContract>> {
    this.#client ??= this.#load().catch((thrown: unknown) => {
      this.#client = undefined;
      const error = AppError.from(thrown);
      this.#set({ kind: "failed", error });
      throw error;
    });
    return this.#client;
  }

  async #load(): Promise<WorkerClient<PageContract>> {
    const started = performance.now();
    const { parts, text, run, items } = this.#manifest;
    const total = this.loadBytes;
    let done = 0;
    let client: WorkerClient<PageContract> | undefined;
    this.#set({ kind: "loading", done, total });
    for (const name of NEEDED) {
      const { count, sizeBytes } = parts[name] ?? { count: 0, sizeBytes: 0 };
      for (let index = 0; index < count; index++) {
        const base64 = await this.#deps.load(name, index);
        if (name === "worker") client = this.#deps.start(base64);
        else await client?.call("part", { name, index, base64 });
        done += sizeBytes / count;
        this.#set({ kind: "loading", done: Math.round(done), total });
      }
    }
    if (!client) throw new AppError("page/part", "app/worker.js");
    this.#set({ kind: "opening", total });
    await client.call("open", { text, run, items: items.length });
    this.#set({ kind: "ready", loadMs: performance.now() - started });
    return client;
  }

  #set(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
