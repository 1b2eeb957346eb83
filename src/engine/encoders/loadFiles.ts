import type { EncoderFile, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { sha256 } from "../sha256";
import { CACHE_NAME, FileCache } from "./fileCache";

export interface LoadOptions {
  /** The site's base URL; file paths are relative to it. */
  readonly base: string;
  readonly report?: (progress: Progress) => void;
  /** Absent outside a secure context; files are then fetched every time. */
  readonly caches?: CacheStorage;
}

export type LoadedFiles = ReadonlyMap<EncoderFile["role"], Uint8Array<ArrayBuffer>>;

/**
 * Every file of an encoder, with the digest that was promised. Embedded ones come from this site and
 * are kept in Cache Storage under URL and digest, so that a second load reads no network and a new
 * digest is a new download. Others are only ever read from the cache: nothing is fetched from a hub
 * without the visitor's word.
 *
 * @throws AppError `encoder/missing` when a file is not served, `encoder/digest` when it differs,
 *   `encoder/not-downloaded` when a hub's or the visitor's own file is not here or is damaged.
 */
export async function loadFiles(spec: EncoderSpec, options: LoadOptions): Promise<LoadedFiles> {
  const total = spec.files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  let finished = 0;
  const send = throttleProgress((progress) => options.report?.(progress));
  const report = (done: number) =>
    send({ stage: "load-encoder", done: Math.min(done, total), total, unit: "bytes" });
  const loaded = new Map<EncoderFile["role"], Uint8Array<ArrayBuffer>>();
  report(0);
  for (const file of spec.files) {
    const before = finished;
    const bytes =
      spec.origin === "embedded"
        ? await loadFile(file, options, (got) => report(before + got))
        : await loadStored(spec, file, options);
    loaded.set(file.role, bytes);
    finished += file.sizeBytes ?? 0;
    report(finished);
  }
  return loaded;
}

async function loadStored(
  spec: EncoderSpec,
  file: EncoderFile,
  { base, caches }: LoadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const where = `${spec.name}, ${file.path}`;
  if (file.sizeBytes === null || file.sha256 === null) {
    throw new AppError("encoder/not-downloaded", where);
  }
  const cache = new FileCache(caches, base);
  const address = cache.address(spec, file);
  const bytes = await cache.read(address, file.sizeBytes);
  if (!bytes) throw new AppError("encoder/not-downloaded", where);
  if ((await sha256(bytes)) === file.sha256) return bytes;
  await cache.delete(address);
  throw new AppError("encoder/not-downloaded", `${where} was damaged on this disk`);
}

async function loadFile(
  file: EncoderFile,
  { base, caches }: LoadOptions,
  report: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(file.path, new URL(base, globalThis.location?.href)).href;
  const cache = await caches?.open(CACHE_NAME);
  const key = `${url}?sha256=${file.sha256}`;
  const kept = await cache?.match(key);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if ((await sha256(bytes)) === file.sha256) return bytes;
    await cache?.delete(key); // damaged on disk: fetch it once more
  }
  const bytes = await fetchBytes(url, file.path, report);
  const digest = await sha256(bytes);
  if (digest !== file.sha256) {
    throw new AppError(
      "encoder/digest",
      `${file.path}: ${digest.slice(0, 12)}… (${bytes.length} bytes)`,
    );
  }
  try {
    await cache?.put(key, new Response(bytes));
  } catch (thrown) {
    // A full disk costs the next visit a download, nothing else.
    if (AppError.from(thrown).code !== "storage/quota") throw thrown;
  }
  return bytes;
}

/**
 * Bytes behind a URL of this site, counted as they arrive.
 *
 * @throws AppError `encoder/missing`.
 */
export async function fetchBytes(
  url: string,
  name: string,
  report: (bytes: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // no-cache: our own cache holds what is valid; the HTTP cache may hold an older deployment.
    const response = await fetch(url, { cache: "no-cache" });
    // A site that answers unknown paths with its start page says 200 to everything.
    const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (!response.ok || isPage || !response.body) {
      throw new AppError("encoder/missing", `${name}: ${isPage ? "a web page" : response.status}`);
    }
    return await readAll(response.body, report);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("encoder/missing", `${name}: ${String(cause)}`, { cause });
  }
}

async function readAll(
  body: ReadableStream<Uint8Array>,
  report: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    report(size);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
