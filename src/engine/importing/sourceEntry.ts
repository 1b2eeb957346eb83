import { basenameOf } from "../../core/domain/pathResolver";

/** One file of an import, wherever it lies: dropped, in a folder, or inside an archive. */
export interface SourceEntry {
  /** Clean path inside the import (`core/domain/pathResolver`). */
  readonly path: string;
  /** About, where a container does not say (a Parquet column). */
  readonly sizeBytes: number;
  /** The archive it came out of, as dropped: `train-000.tar`. */
  readonly archive?: string;
  /**
   * The bytes where they lie, without reading them; absent where they must be unpacked first. What
   * it gives must equal what `read` gives.
   */
  readonly blob?: Blob | undefined;
  /** Its bytes, unpacked only now. @throws AppError `import/archive` when they are damaged. */
  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files that operating systems leave behind. They are no part of any data set. */
export function isSystemFile(path: string): boolean {
  const name = basenameOf(path).toLowerCase();
  return (
    /(^|\/)__macosx\//i.test(path) ||
    name === ".ds_store" ||
    name === "thumbs.db" ||
    name === "desktop.ini" ||
    name.startsWith("._")
  );
}

/** Licences and notes that travel with a data set; no row is expected to mention them. */
export function isAccompanyingText(path: string): boolean {
  return /^(licen[cs]es?|readme|notice|copying|credits|attribution|provenance)(\W|$)/i.test(
    basenameOf(path),
  );
}
