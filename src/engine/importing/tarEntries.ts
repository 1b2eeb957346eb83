import {
  paddedTarSize,
  readLongName,
  readPaxRecords,
  readTarHeader,
  TAR_BLOCK,
  type TarHeader,
  type TarKind,
} from "../../core/formats/tar";
import { AppError } from "../../core/errors";
import type { Archive, ArchiveMember, OpenArchiveOptions, Refused } from "./archive";
import { cutOff, damagedArchive, notAFile, type Fault } from "./faults";
import {
  ENTRIES_MAX,
  SMALL_TEXT_BYTES,
  SMALL_TEXTS_BYTES_MAX,
  TAR_RECORD_BYTES_MAX,
} from "./limits";
import { KeptTexts, TarMember, type TarContents } from "./tarMember";
import { WindowReader } from "./windowReader";

/** Metadata of a sample, read together with the headers around it. */
const SMALL_TEXT_NAME = /\.(txt|caption|json|cls|csv|transcript)$/i;

const NOTHING_SAID: ReadonlyMap<string, string> = new Map();

/**
 * The files of a tar (ustar, pax, GNU) from its headers; contents stay where they lie in the
 * archive. What is cut off, damaged or no file is refused by itself; what came before is used.
 *
 * @param name of the archive, for messages.
 * @throws AppError `import/archive`: not a tar at all, or more than `ENTRIES_MAX` members.
 */
export async function listTar(
  archive: Blob,
  name: string,
  options: OpenArchiveOptions,
): Promise<Archive> {
  const walk = new TarWalk(archive, name, options);
  while (await walk.next());
  return walk;
}

class TarWalk implements Archive {
  readonly members: ArchiveMember[] = [];
  readonly refused: Refused[] = [];
  readonly #archive: Blob;
  readonly #contents: TarContents;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #onBytes: (done: number) => void;
  #at = 0;
  /** Said by records for the next member. */
  #longName: string | undefined;
  #pax = NOTHING_SAID;
  #globalPax = NOTHING_SAID;

  constructor(archive: Blob, name: string, options: OpenArchiveOptions) {
    this.#archive = archive;
    this.#name = name;
    this.#signal = options.signal;
    const windows = options.windows ?? new WindowReader();
    this.#contents = { archive, windows, kept: new KeptTexts() };
    this.#onBytes = options.onBytes ?? (() => {});
  }

  /** Takes one header. @returns false at the end. */
  async next(): Promise<boolean> {
    this.#signal.throwIfAborted();
    this.#onBytes(Math.min(this.#at, this.#archive.size));
    const start = this.#at + TAR_BLOCK;
    // Some writers leave the closing zeros out.
    if (this.#at > 0 && this.#at >= this.#archive.size) return this.#finish();
    const header = readTarHeader(await this.#bytes(this.#at, start));
    if (header === "end") return this.#finish();
    if (header === "damaged") return this.#stop();
    if (this.members.length + this.refused.length >= ENTRIES_MAX) {
      const most = ENTRIES_MAX.toLocaleString("en");
      throw new AppError("import/archive", `${this.#name}: more than ${most} files`);
    }
    const isRecord = ["pax", "globalPax", "longName"].includes(header.kind);
    if (isRecord) await this.#takeRecord(header, start);
    else await this.#takeMember(header, start);
    return true;
  }

  async #takeRecord({ kind, sizeBytes }: TarHeader, start: number): Promise<void> {
    if (sizeBytes > TAR_RECORD_BYTES_MAX) {
      throw new AppError("import/archive", `${this.#name}: a file name of ${sizeBytes} bytes`);
    }
    const bytes = await this.#bytes(start, start + sizeBytes);
    if (kind === "longName") this.#longName = readLongName(bytes);
    else if (kind === "pax") this.#pax = readPaxRecords(bytes);
    else this.#globalPax = new Map([...this.#globalPax, ...readPaxRecords(bytes)]);
    this.#at = start + paddedTarSize(sizeBytes);
  }

  async #takeMember(header: TarHeader, start: number): Promise<void> {
    const said = (key: string) => this.#pax.get(key) ?? this.#globalPax.get(key);
    const name = said("path") ?? this.#longName ?? header.name;
    const statedSize = said("size");
    const sizeBytes = /^\d{1,15}$/.test(statedSize ?? "") ? Number(statedSize) : header.sizeBytes;
    const hasHoles = [...this.#pax.keys()].some((key) => key.startsWith("GNU.sparse."));
    const realName = this.#pax.get("GNU.sparse.name") ?? name;
    this.#pax = NOTHING_SAID;
    this.#longName = undefined;
    this.#at = start + paddedTarSize(sizeBytes);
    const missing = start + sizeBytes - this.#archive.size;
    const fault = hasHoles ? NO_FILES.sparse : NO_FILES[header.kind];
    if (fault) this.refused.push({ name: realName, fault });
    else if (header.kind === "directory") return;
    else if (missing > 0) this.refused.push({ name, fault: cutOff(missing) });
    else this.members.push(await this.#member(name, start, sizeBytes));
  }

  /** Captions are read at once: their bytes are in the window that holds their header. */
  async #member(name: string, start: number, sizeBytes: number): Promise<ArchiveMember> {
    const span = { name, start, sizeBytes };
    const { kept } = this.#contents;
    const isKept =
      sizeBytes <= SMALL_TEXT_BYTES &&
      kept.sizeBytes + sizeBytes <= SMALL_TEXTS_BYTES_MAX &&
      SMALL_TEXT_NAME.test(name);
    if (!isKept) return new TarMember(span, this.#contents);
    const bytes = await this.#bytes(start, start + sizeBytes);
    return new TarMember({ ...span, kept: kept.keep(bytes) }, this.#contents);
  }

  #bytes(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#contents.windows.read(this.#archive, start, end);
  }

  /** The headers cannot be followed any further: nothing says where the next one is. */
  #stop(): false {
    if (this.#at === 0) {
      const what = this.#archive.size === 0 ? "it is empty" : "it is not a tar archive";
      throw new AppError("import/archive", `${this.#name}: ${what}`);
    }
    const unread = this.#archive.size - this.#at;
    const before = this.members.at(-1)?.name;
    const place = before === undefined ? this.#name : `${this.#name}, after ${before}`;
    this.refused.push({ name: place, fault: damagedArchive(unread) });
    return this.#finish();
  }

  #finish(): false {
    this.#onBytes(this.#archive.size);
    return false;
  }
}

const NO_FILES: Readonly<Partial<Record<TarKind, Fault>>> & { readonly sparse: Fault } = {
  link: notAFile("a link to another file"),
  device: notAFile("a device"),
  sparse: notAFile("a file with holes (sparse)"),
  other: notAFile("not a file"),
};
