import { AppError } from "../../core/errors";
import type { FileCache } from "./fileCache";
import { askHub, connectionError } from "./hubRequest";

/** Longest silence of a connection before it counts as broken. */
const STALL_MS = 30_000;

export interface FileDownload {
  readonly url: string;
  /** For errors: `onnx/model.onnx`. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly cache: FileCache;
  /** Where in the cache its parts go. */
  readonly address: string;
  readonly signal: AbortSignal;
  /** Bytes of this file that are here. */
  readonly report: (bytes: number) => void;
  readonly stallMs?: number;
}

/**
 * Fetches what is missing of a file, part by part, each kept as soon as it is whole. A connection
 * that breaks is taken up again as long as every attempt brings at least one part.
 *
 * @throws AppError `cancelled`, parts being kept; `encoder/download` when it broke off, was too short
 *   or too long; `storage/quota`; as `askHub`.
 */
export async function downloadFile(download: FileDownload): Promise<void> {
  const { cache, address, sizeBytes } = download;
  const wanted = Math.ceil(sizeBytes / cache.partBytes);
  let present = await cache.partsPresent(address, sizeBytes);
  while (present < wanted) {
    const before = present;
    try {
      await fetchFrom(download, before);
    } catch (thrown) {
      const error = AppError.from(thrown);
      present = await cache.partsPresent(address, sizeBytes);
      if (error.code !== "encoder/download" || present <= before) throw error;
      continue;
    }
    present = await cache.partsPresent(address, sizeBytes);
    if (present <= before) throw new AppError("internal", "a downloaded part was not kept");
  }
  download.report(sizeBytes);
}

async function fetchFrom(download: FileDownload, firstPart: number): Promise<void> {
  const { url, name, sizeBytes, signal, cache, address, report, stallMs = STALL_MS } = download;
  const from = firstPart * cache.partBytes;
  report(from);
  const stopped = new AbortController(); // also closes the connection when we leave by an error
  const either = AbortSignal.any([signal, stopped.signal]);
  try {
    const response = await askHub({ url, name, signal: either, from });
    if (!response.body) throw new AppError("encoder/download", `${name}: an empty answer`);
    // 200 to a request for a range: this server has none, what is here already is skipped.
    let skip = response.status === 206 ? 0 : from;
    const parts = new PartWriter(download, firstPart);
    for await (const chunk of chunksOf(response.body, stallMs)) {
      const skipped = Math.min(skip, chunk.length);
      skip -= skipped;
      if (!(await parts.write(chunk.subarray(skipped)))) {
        await cache.delete(address);
        throw new AppError("encoder/download", `${name}: longer than its ${sizeBytes} bytes`);
      }
      report(parts.received);
    }
    if (parts.received < sizeBytes) {
      const detail = `${name}: broke off after ${parts.received} of ${sizeBytes} bytes`;
      throw new AppError("encoder/download", detail);
    }
  } catch (cause) {
    throw connectionError(cause, name, url, signal);
  } finally {
    stopped.abort();
  }
}

/** Cuts a stream into parts and keeps each. */
class PartWriter {
  readonly #download: FileDownload;
  #part: number;
  #received: number;
  #buffer: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(download: FileDownload, firstPart: number) {
    this.#download = download;
    this.#part = firstPart;
    this.#received = firstPart * download.cache.partBytes;
    this.#buffer = this.#nextBuffer();
  }

  /** Bytes of the file up to the end of what was written. */
  get received(): number {
    return this.#received;
  }

  /** @returns false when there is more than the file has. */
  async write(chunk: Uint8Array): Promise<boolean> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#buffer.length === 0) return false;
      const taken = chunk.subarray(at, at + this.#buffer.length - this.#filled);
      this.#buffer.set(taken, this.#filled);
      this.#filled += taken.length;
      this.#received += taken.length;
      at += taken.length;
      if (this.#filled === this.#buffer.length) await this.#finishPart();
    }
    return true;
  }

  async #finishPart(): Promise<void> {
    const { cache, address } = this.#download;
    await cache.putPart(address, this.#part++, this.#buffer);
    this.#filled = 0;
    this.#buffer = this.#nextBuffer();
  }

  /** Of no length once the file is complete. */
  #nextBuffer(): Uint8Array<ArrayBuffer> {
    const { sizeBytes, cache } = this.#download;
    return new Uint8Array(Math.min(cache.partBytes, sizeBytes - this.#received));
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  stallMs: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await inTime(reader.read(), stallMs).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError("encoder/download", `the connection broke: ${String(cause)}`, { cause });
    });
    if (done) return;
    yield value;
  }
}

/** @throws AppError `encoder/download` when `promise` takes longer than `ms`. */
async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new AppError("encoder/download", `no byte arrived for ${ms / 1000} s`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
