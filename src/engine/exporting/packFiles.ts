import type { IHasher } from "hash-wasm";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { collectZip, type StreamedZipFile } from "./collectZip";
import type { OutgoingFile } from "./outgoingFile";

const REPORT_EVERY_MS = 100;

/** One file as `manifest.json` has it. */
export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How files are packed, stopped and watched. */
export interface PackOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Date of every file in the zip. */
  readonly modified: Date;
  /** The last file, from the digests of all others. */
  readonly manifest: (entries: readonly ManifestEntry[], nonFinite: number) => OutgoingFile;
}

/**
 * Files and their manifest as one zip. Each piece is hashed as it passes.
 *
 * @throws AppError `cancelled`.
 */
export async function packFiles(
  files: readonly OutgoingFile[],
  options: PackOptions,
): Promise<Blob> {
  const passing = new Passing(files, options);
  const { createSHA256 } = await import("hash-wasm"); // not before somebody exports
  const hasher = await createSHA256();
  async function* outgoing(): AsyncIterable<StreamedZipFile> {
    const entries: ManifestEntry[] = [];
    for (const file of files) {
      yield { path: file.path, pieces: passing.through(file, hasher.init()) };
      entries.push({ path: file.path, bytes: passing.bytes, sha256: hasher.digest("hex") });
      passing.end(file);
    }
    const nonFinite = files.reduce((sum, file) => sum + (file.nonFinite ?? 0), 0);
    const last = options.manifest(entries, nonFinite);
    yield { path: last.path, pieces: passing.through(last, hasher.init()) };
  }
  return collectZip(outgoing(), options.modified);
}

/**
 * One file as a blob.
 *
 * @throws AppError `cancelled`.
 */
export async function collectFile(
  file: OutgoingFile,
  options: Pick<PackOptions, "signal" | "report">,
): Promise<Blob> {
  const passing = new Passing([file], options);
  const parts: Blob[] = [];
  // A blob each: the browser may keep them on disk, which it cannot with arrays.
  for await (const piece of passing.through(file)) parts.push(new Blob([piece]));
  passing.end(file);
  return new Blob(parts, { type: "application/octet-stream" });
}

/** Counts bytes on their way, for the progress and the manifest. */
class Passing {
  /** Of the file that passes now, or passed last. */
  bytes = 0;
  readonly #total: number;
  readonly #options: Pick<PackOptions, "signal" | "report">;
  #ended = 0;
  #reportedAt = -Infinity;

  constructor(files: readonly OutgoingFile[], options: Pick<PackOptions, "signal" | "report">) {
    this.#total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.#options = options;
  }

  async *through(file: OutgoingFile, hasher?: IHasher): AsyncIterable<Uint8Array<ArrayBuffer>> {
    this.bytes = 0;
    for await (const piece of file.pieces()) {
      if (this.#options.signal.aborted) throw new AppError("cancelled", file.path);
      hasher?.update(piece);
      this.bytes += piece.length;
      // The size of a Parquet file is an estimate: its progress waits at its end.
      this.#report(this.#ended + Math.min(this.bytes, file.sizeBytes));
      yield piece;
    }
  }

  end(file: OutgoingFile): void {
    this.#ended += file.sizeBytes;
    this.#report(this.#ended);
  }

  #report(done: number): void {
    const now = performance.now();
    const isLast = done >= this.#total;
    if (!isLast && now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    const bounded = Math.min(done, this.#total); // the manifest comes after the total
    this.#options.report({ stage: "pack", done: bounded, total: this.#total, unit: "bytes" });
  }
}
