import { BlobReader, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { AppError } from "../../core/errors";
import type { Archive, ArchiveMember, OpenArchiveOptions, Refused } from "./archive";
import { notAFile } from "./faults";
import { ENTRIES_MAX, SLICED_BYTES_MIN } from "./limits";
import { readMember, storedBytes, type MemberRecord } from "./zipMember";
import { WindowReader } from "./windowReader";

/**
 * The files of a zip, from its central directory alone; bytes are read when a member is asked for.
 * Archives inside it stay closed. Large members that are stored as they are can also be sliced.
 *
 * @param name of the archive, for messages.
 * @throws AppError `import/archive`: not a zip, cut off, or more than `entriesMax` members.
 */
export async function listZip(
  archive: Blob,
  name: string,
  { signal, windows = new WindowReader(), entriesMax = ENTRIES_MAX }: OpenArchiveOptions,
): Promise<Archive> {
  // We already are in a worker: another one would only copy the bytes.
  const reader = new ZipReader(new BlobReader(archive), { useWebWorkers: false });
  const members: ArchiveMember[] = [];
  const refused: Refused[] = [];
  let stated = 0;
  const onprogress = async (_: number, total: number) => void (stated = total);
  try {
    // One unsafe name must not cost the whole archive: `openSource` refuses it by itself.
    for await (const entry of reader.getEntriesGenerator({
      filenameValidation: "tolerant",
      onprogress,
    })) {
      signal.throwIfAborted();
      if (Math.max(stated, members.length + 1) > entriesMax) {
        const most = entriesMax.toLocaleString("en");
        throw new AppError("import/archive", `${name}: more than ${most} files`);
      }
      if (entry.directory) continue;
      if (entry.symlink) refused.push({ name: entry.filename, fault: LINK });
      else members.push(await memberOf(archive, recordOf(entry), windows));
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError) throw thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("import/archive", `${name}: ${message}`, { cause: thrown });
  }
  return { members, refused };
}

const LINK = notAFile("a link to another file");

async function memberOf(
  archive: Blob,
  record: MemberRecord,
  windows: WindowReader,
): Promise<ArchiveMember> {
  const { filename: name, uncompressedSize: sizeBytes } = record;
  const member = {
    name,
    sizeBytes,
    read: (stop: AbortSignal) => readMember(archive, record, { signal: stop, windows }),
  };
  if (sizeBytes < SLICED_BYTES_MIN) return member;
  const blob = await storedBytes(archive, record, windows);
  return blob ? { ...member, blob } : member;
}

/** Only what reading needs: the library's own records take 3 kB each. */
function recordOf(entry: FileEntry): MemberRecord {
  const { filename, offset, encrypted, compressionMethod } = entry;
  const { compressedSize, uncompressedSize, signature, rawFilename } = entry;
  return {
    ...{ filename, offset, encrypted, compressionMethod },
    ...{ compressedSize, uncompressedSize, signature: signature ?? 0 },
    nameBytes: rawFilename.length,
  };
}
