import type { Pieces } from "../../core/formats/protobuf";

/** A file on its way out. What is large comes piece by piece and never lies in memory as a whole. */
export interface OutgoingFile {
  readonly path: string;
  /** What the progress counts; exact for all but Parquet. */
  readonly sizeBytes: number;
  /** NaN and infinite numbers that stand as empty cells or null. */
  readonly nonFinite?: number;
  pieces(): Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A file whose bytes are at hand. */
export function fileOfBytes(path: string, pieces: Pieces, nonFinite = 0): OutgoingFile {
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return { path, sizeBytes, nonFinite, pieces: () => pieces };
}

/** A text as UTF-8. */
export function fileOfText(path: string, text: string, nonFinite = 0): OutgoingFile {
  return fileOfBytes(path, [new TextEncoder().encode(text)], nonFinite);
}
