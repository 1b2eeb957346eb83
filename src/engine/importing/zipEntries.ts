import { BlobReader, ZipReader } from "@zip.js/zip.js";
import { AppError } from "../../core/errors";
import { ENTRIES_MAX } from "./limits";
import { readMember } from "./zipMember";

/** A member of an archive, under the name the archive gives it. */
export interface ZipMember {
  readonly name: string;
  readonly sizeBytes: number;
  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The files of a zip, from its central directory alone; bytes are read when a member is asked for.
 * Archives inside it stay closed.
 *
 * @param name of the archive, for messages.
 * @throws AppError `import/archive`: not a zip, cut off, or more than `ENTRIES_MAX` members.
 */
export async function listZip(
  archive: Blob,
  name: string,
  signal: AbortSignal,
): Promise<ZipMember[]> {
  // We already are in a worker: another one would only copy the bytes.
  const reader = new ZipReader(new BlobReader(archive), { useWebWorkers: false });
  const members: ZipMember[] = [];
  try {
    // One unsafe name must not cost the whole archive: `openSource` refuses it by itself.
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      signal.throwIfAborted();
      if (members.length === ENTRIES_MAX) {
        const most = ENTRIES_MAX.toLocaleString("en");
        throw new AppError("import/archive", `${name}: more than ${most} files`);
      }
      if (entry.directory) continue;
      members.push({
        name: entry.filename,
        sizeBytes: entry.uncompressedSize,
        read: (stop) => readMember(archive, entry, stop),
      });
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError) throw thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("import/archive", `${name}: ${message}`, { cause: thrown });
  }
  return members;
}
