import { makeZip } from "client-zip";

/** A file on its way into a zip. */
export interface ZipFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file that comes piece by piece, because the whole is too much for memory. */
export interface StreamedZipFile {
  readonly path: string;
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** Handed to the browser's blob store, which keeps large blobs on disk, piece by piece. */
const PIECE_BYTES = 16 * 2 ** 20;

/**
 * A zip of files as they come, stored without compression; memory holds one file and one piece.
 *
 * @param modified date of every file in it.
 */
export async function collectZip(
  files: AsyncIterable<ZipFile | StreamedZipFile>,
  modified: Date,
): Promise<Blob> {
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

async function* entries(files: AsyncIterable<ZipFile | StreamedZipFile>, lastModified: Date) {
  for await (const file of files) {
    const { path: name } = file;
    if ("pieces" in file) yield { name, input: file.pieces, lastModified };
    else yield { name, input: file.bytes, size: file.bytes.length, lastModified };
  }
}
