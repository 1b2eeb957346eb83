import type { SearchPageItem, SearchPageOptions } from "../../core/domain/searchPage";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import type { DatasetStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { scriptOf, type ScriptFile } from "./scriptParts";
import type { PageItem } from "./searchPageGallery";

type Pictures = Pick<DatasetStore, "blob" | "thumbnail">;

const THUMBNAIL_PART = 1_048_576; // 200 pictures or so: a first screen waits for few of them
const SAMPLED = 64; // pictures weighed for the estimate

interface PackOptions extends Pick<SearchPageOptions, "originals"> {
  readonly projectId: string;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

interface OriginalFile {
  readonly path: string;
  readonly blob: Blob;
}

/** A page's pictures as they are written; `items` is whole once `files` has ended. */
export interface PackedPictures {
  readonly files: AsyncGenerator<ScriptFile | OriginalFile>;
  readonly items: readonly SearchPageItem[];
}

/**
 * Small pictures, many to a script, and originals as files of their own. A picture that was never
 * imported (vectors only) leaves its item without one; its captions stand for it.
 */
export function packPictures(
  pictures: Pictures,
  items: readonly PageItem[],
  options: PackOptions,
): PackedPictures {
  const packed: SearchPageItem[] = [];
  return { files: write(pictures, items, { ...options, packed }), items: packed };
}

async function* write(
  pictures: Pictures,
  items: readonly PageItem[],
  { projectId, originals, signal, report, packed }: PackOptions & { packed: SearchPageItem[] },
): AsyncGenerator<ScriptFile | OriginalFile> {
  let part = 0;
  let blobs: Blob[] = [];
  let size = 0;
  const flush = async () => {
    const bytes = new Uint8Array(await new Blob(blobs).arrayBuffer());
    [blobs, size] = [[], 0];
    return scriptOf("thumbnails", part++, bytes);
  };
  for (const [i, { item, split, captions }] of items.entries()) {
    if (signal.aborted) throw new AppError("cancelled");
    const { digest, width, height } = item;
    const small = await stored(() => pictures.thumbnail(projectId, digest));
    if (small && size > 0 && size + small.size > THUMBNAIL_PART) yield await flush();
    const start = size;
    if (small) {
      blobs.push(small);
      size += small.size;
    }
    const whole = originals ? await stored(() => pictures.blob(projectId, digest)) : undefined;
    const original = `originals/${i + 1}${extensionOf(item.source)}`;
    packed.push({
      captions,
      split,
      ...(width !== undefined && height !== undefined && { width, height }),
      ...(small && { thumbnail: { part, start, end: size, type: small.type } }),
      ...(whole && { original }),
    });
    if (whole) yield { path: original, blob: whole };
    report({ stage: "pack", done: i + 1, total: items.length, unit: "items" });
  }
  if (size > 0) yield await flush();
}

/** About the bytes of a page's pictures, from 64 of them, and how many of the items have none. */
export async function pictureBytes(
  pictures: Pictures,
  projectId: string,
  items: readonly PageItem[],
  { originals }: Pick<SearchPageOptions, "originals">,
): Promise<{ thumbnails: number; originals: number; missing: number }> {
  const sample = Array.from(evenlySpaced(items.length, SAMPLED), (i) => items[i]!.item.digest);
  const sizeOf = async (read: (digest: string) => Promise<Blob>) => {
    const blobs = await Promise.all(sample.map((digest) => stored(() => read(digest))));
    const bytes = blobs.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
    const share = items.length / Math.max(1, sample.length);
    const missing = Math.round(blobs.filter((blob) => !blob).length * share);
    return { bytes: Math.round(bytes * share), missing };
  };
  const small = await sizeOf((digest) => pictures.thumbnail(projectId, digest));
  const whole = originals ? await sizeOf((digest) => pictures.blob(projectId, digest)) : undefined;
  return { thumbnails: small.bytes, originals: whole?.bytes ?? 0, missing: small.missing };
}

/** What is stored, or undefined where nothing is. */
async function stored(read: () => Promise<Blob>): Promise<Blob | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (AppError.from(thrown).code === "storage/missing") return undefined;
    throw thrown;
  }
}

const extensionOf = (source: string) => /\.[a-z0-9]{1,5}$/i.exec(source)?.[0].toLowerCase() ?? "";
