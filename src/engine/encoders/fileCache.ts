import type { EncoderFile, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";

/** Raised when what is kept in the cache changes its form. */
export const CACHE_NAME = "encoder-files-1";

/** 8 MB: what a broken download loses at most, and few enough pieces of a 400 MB file. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Folder of the synthetic addresses below the site's base; nothing is ever served there. */
const FOLDER = "encoder-files/";

/** What is kept of one encoder: all of it, or what a download brought before it stopped. */
export interface StoredEncoder {
  readonly encoderId: string;
  readonly bytes: number;
}

/**
 * Files of downloaded and own encoders in Cache Storage, each in parts of 8 MB, so that a download
 * goes on where it stopped, also after a reload.
 */
export class FileCache {
  readonly partBytes: number;
  readonly #cache: Promise<Cache>;
  readonly #base: string;

  /**
   * @param base the site's base URL.
   * @param partBytes only tests have smaller parts.
   * @throws AppError `storage/unavailable` where the browser has no Cache Storage (plain http).
   */
  constructor(caches: CacheStorage | undefined, base: string, partBytes = PART_BYTES) {
    if (!caches) {
      throw new AppError(
        "storage/unavailable",
        "no place for encoder files: the page was not served over https or from localhost",
      );
    }
    this.partBytes = partBytes;
    this.#cache = caches.open(CACHE_NAME);
    this.#cache.catch(() => undefined); // whoever uses it first gets the error
    this.#base = new URL(FOLDER, new URL(base, globalThis.location?.href)).href;
  }

  /** Synthetic same-origin address of a file; its parts are kept under it. */
  address(
    { id, revision }: Pick<EncoderSpec, "id" | "revision">,
    file: Pick<EncoderFile, "path">,
  ): string {
    const place = [id, revision, ...file.path.split("/")].map(encodeURIComponent).join("/");
    return this.#base + place;
  }

  /** How many parts of a file are here, from its first byte on without a gap. */
  async partsPresent(address: string, sizeBytes: number): Promise<number> {
    const count = Math.ceil(sizeBytes / this.partBytes);
    for (let part = 0; part < count; part++) {
      const kept = await this.#match(address, part);
      const expected = Math.min(this.partBytes, sizeBytes - part * this.partBytes);
      if (!kept || sizeOf(kept) !== expected) return part;
    }
    return count;
  }

  /** @throws AppError `storage/quota`; nothing of the part is kept in that case. */
  async putPart(address: string, part: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { "content-length": String(bytes.length) };
    try {
      await (await this.#cache).put(partKey(address, part), new Response(bytes, { headers }));
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  /** Keeps a whole file. @throws AppError `storage/quota`. */
  async put(address: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let start = 0; start < bytes.length; start += this.partBytes) {
      const part = bytes.slice(start, start + this.partBytes);
      await this.putPart(address, start / this.partBytes, part);
    }
  }

  /** The parts of a file one after the other, up to the first that is missing. */
  async *parts(address: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let part = 0; ; part++) {
      const kept = await this.#match(address, part);
      if (!kept) return;
      yield new Uint8Array(await kept.arrayBuffer());
    }
  }

  /** The whole file, or undefined where a part is missing or of another size. */
  async read(address: string, sizeBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = new Uint8Array(sizeBytes);
    let at = 0;
    for await (const part of this.parts(address)) {
      if (at + part.length > sizeBytes) return undefined;
      bytes.set(part, at);
      at += part.length;
    }
    return at === sizeBytes ? bytes : undefined;
  }

  /** Forgets a file. */
  async delete(address: string): Promise<void> {
    await this.#deleteWhere((url) => url.split("?")[0] === address);
  }

  /** Forgets everything of an encoder, unfinished downloads and other revisions too. */
  async deleteEncoder(encoderId: string): Promise<void> {
    await this.#deleteWhere((url) => this.#encoderOf(url) === encoderId);
  }

  /** Every encoder of which something is kept. */
  async list(): Promise<StoredEncoder[]> {
    const cache = await this.#cache;
    const bytes = new Map<string, number>();
    for (const request of await cache.keys()) {
      const id = this.#encoderOf(request.url);
      const kept = id === undefined ? undefined : await cache.match(request);
      if (id !== undefined && kept) bytes.set(id, (bytes.get(id) ?? 0) + sizeOf(kept));
    }
    return [...bytes].map(([encoderId, size]) => ({ encoderId, bytes: size }));
  }

  async #match(address: string, part: number): Promise<Response | undefined> {
    return (await this.#cache).match(partKey(address, part));
  }

  async #deleteWhere(isOf: (url: string) => boolean): Promise<void> {
    const cache = await this.#cache;
    const keys = (await cache.keys()).filter(({ url }) => isOf(url));
    await Promise.all(keys.map((key) => cache.delete(key)));
  }

  #encoderOf(url: string): string | undefined {
    if (!url.startsWith(this.#base)) return undefined;
    return decodeURIComponent(url.slice(this.#base.length).split("/")[0] ?? "");
  }
}

const partKey = (address: string, part: number) => `${address}?part=${part}`;
const sizeOf = (kept: Response) => Number(kept.headers.get("content-length"));
