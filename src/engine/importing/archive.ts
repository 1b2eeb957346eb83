import type { Fault } from "./faults";
import type { WindowReader } from "./windowReader";

/** A file inside an archive, under the name the archive gives it. */
export interface ArchiveMember {
  readonly name: string;
  readonly sizeBytes: number;
  /** Its bytes where they lie in the archive; absent for compressed members and small ones. */
  readonly blob?: Blob;
  /** @throws AppError `import/archive` when they are damaged. */
  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** What an archive holds: files, and what is not used with the reason. */
export interface Archive {
  readonly members: readonly ArchiveMember[];
  readonly refused: readonly Refused[];
}

/** Something that is not used, and why. */
export interface Refused {
  readonly name: string;
  readonly fault: Fault;
}

/** What reading an archive needs besides the archive. */
export interface OpenArchiveOptions {
  readonly signal: AbortSignal;
  /** Shared by all archives of an import; one of its own where absent. */
  readonly windows?: WindowReader;
  /** Most files it may hold; `ENTRIES_MAX` where absent. */
  readonly entriesMax?: number;
  /** Called with the bytes passed so far, as often as there is news. */
  readonly onBytes?: (done: number) => void;
}
