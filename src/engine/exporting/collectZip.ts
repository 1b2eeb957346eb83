import { makeZip } from "client-zip";

/** A file on its way into a zip. */
export interface ZipFile {
  readonly path: string;
  /** Piece by piece where the whole is too much for memory. */
  readonly bytes: Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** Handed to the browser's blob store, which keeps large blobs on disk, piece by piece. */
const PIECE_BYTES = 16 * 2 ** 20;

/**
 * A zip of files as they come, stored without compression; memory holds one file and one piece.
 *
 * @param modified date of every file in it.
 */
export async function collectZip(files: AsyncIterable<ZipFile>, modified: Date): Promise<Blob> {
  const reader = makeZip(entries(files, modified)).getReader();
  const pieces: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value as Uint8Array<ArrayBuffer>); // client-zip allocates them itself
    size += part.value.length;
    if (size < PIECE_BYTES) continue;
    pieces.push(new Blob(parts));
    parts = [];
    size = 0;
  }
  return new Blob([...pieces, ...parts], { type: "application/zip" });
}

async function* entries(files: AsyncIterable<ZipFile>, lastModified: Date) {
  for await (const { path, bytes } of files) {
    if (bytes instanceof Uint8Array) {
      yield { name: path, input: bytes, size: bytes.length, lastModified };
    } else {
      yield { name: path, input: bytes, lastModified };
    }
  }
}
