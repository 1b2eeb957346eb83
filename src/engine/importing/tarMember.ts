import type { ArchiveMember } from "./archive";
import type { WindowReader } from "./windowReader";

const CHUNK_BYTES = 2 ** 20;

/**
 * Small files in memory, one after the other: an array of its own costs a caption of 40 bytes five
 * times as much.
 */
export class KeptTexts {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  /** Where the next text goes. */
  #end = 0;

  /** Bytes kept so far, with what was left free at the ends of chunks. */
  get sizeBytes(): number {
    return this.#end;
  }

  /** @param bytes at most 1 MB. @returns the place to `read` from. */
  keep(bytes: Uint8Array): number {
    const free = this.#chunks.length * CHUNK_BYTES - this.#end;
    if (bytes.length > free) {
      this.#end = this.#chunks.length * CHUNK_BYTES;
      this.#chunks.push(new Uint8Array(CHUNK_BYTES));
    }
    const place = this.#end;
    this.#chunks.at(-1)?.set(bytes, place % CHUNK_BYTES);
    this.#end += bytes.length;
    return place;
  }

  /** A copy of the `sizeBytes` bytes kept at `place`. */
  read(place: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
    const chunk = this.#chunks[Math.floor(place / CHUNK_BYTES)] ?? new Uint8Array();
    return chunk.slice(place % CHUNK_BYTES, (place % CHUNK_BYTES) + sizeBytes);
  }
}

/** What all members of one tar share. */
export interface TarContents {
  readonly archive: Blob;
  readonly windows: WindowReader;
  readonly kept: KeptTexts;
}

/** Where a member's bytes lie. */
export interface TarSpan {
  readonly name: string;
  /** Of its contents in the archive. */
  readonly start: number;
  readonly sizeBytes: number;
  /** Its place among the kept texts; absent for what must be read from the archive. */
  readonly kept?: number;
}

/** One file of a tar. A class, as closures of its own would cost each of 200,000 a kilobyte. */
export class TarMember implements ArchiveMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #start: number;
  readonly #kept: number;
  readonly #contents: TarContents;

  constructor({ name, start, sizeBytes, kept = -1 }: TarSpan, contents: TarContents) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.#start = start;
    this.#kept = kept;
    this.#contents = contents;
  }

  /** Made when asked for: 200,000 slices are as many messages to the browser's process. */
  get blob(): Blob {
    return this.#contents.archive.slice(this.#start, this.#start + this.sizeBytes);
  }

  async read(): Promise<Uint8Array<ArrayBuffer>> {
    const { archive, windows, kept } = this.#contents;
    if (this.#kept >= 0) return kept.read(this.#kept, this.sizeBytes);
    return windows.read(archive, this.#start, this.#start + this.sizeBytes);
  }
}
