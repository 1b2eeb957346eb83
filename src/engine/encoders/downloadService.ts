import { AppError } from "../../core/errors";
import type { EncoderSpec } from "../../core/domain/encoder";
import type { EncoderStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { downloadEncoder } from "./downloadEncoder";
import { FileCache, type StoredEncoder } from "./fileCache";

interface DownloadDependencies {
  readonly encoders: Pick<EncoderStore, "get" | "put" | "delete">;
  /** The site's base URL. */
  readonly base: string;
  readonly caches?: CacheStorage;
  /** Only tests have smaller parts. */
  readonly partBytes?: number;
}

/** Downloads encoders, says which are here, and deletes them. */
export class DownloadService {
  readonly #deps: DownloadDependencies;

  constructor(deps: DownloadDependencies) {
    this.#deps = deps;
  }

  /**
   * Fetches an encoder of a hub, checks it, and stores its entry with commit and digests pinned.
   *
   * @param hub address of the hub: absolute, or a path of this site.
   * @throws AppError as `downloadEncoder`; `encoder/missing` when it is not a hub's.
   */
  async download(
    { encoderId, hub }: { encoderId: string; hub: string },
    options: { signal: AbortSignal; report(progress: Progress): void },
  ): Promise<EncoderSpec> {
    const { encoders, base } = this.#deps;
    const spec = await encoders.get(encoderId);
    if (spec.origin !== "hub") throw new AppError("encoder/missing", `${encoderId} is on no hub`);
    const { signal, report } = options;
    const pinned = await downloadEncoder(spec, { hub, base, cache: this.#cache(), signal, report });
    await encoders.put(pinned);
    return pinned;
  }

  /** Encoders of which files are kept, unfinished downloads too. */
  async storedFiles(): Promise<readonly StoredEncoder[]> {
    return this.#deps.caches ? this.#cache().list() : [];
  }

  /** Forgets an encoder's files and its stored entry; a catalogue entry can be downloaded again. */
  async deleteFiles({ encoderId }: { encoderId: string }): Promise<void> {
    // Entry first: files without an entry can be deleted again, an entry without files misleads.
    await this.#deps.encoders.delete(encoderId);
    if (this.#deps.caches) await this.#cache().deleteEncoder(encoderId);
  }

  /** A new one each time: where there is no Cache Storage, each call says so. */
  #cache(): FileCache {
    return new FileCache(this.#deps.caches, this.#deps.base, this.#deps.partBytes);
  }
}
