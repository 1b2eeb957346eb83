import type { ImportSource } from "../../core/domain/dataset";
import type { ImportSettings } from "../../core/domain/importFormat";
import type { Progress } from "../../core/progress";
import type { DataFormat, Metadata } from "./formats/dataFormat";
import { chooseFormat, recogniseFormats, type Candidate } from "./formats/registry";
import { openSource, type OpenedSource } from "./openSource";

/** A source with its layout and metadata; no item has been looked at. */
export interface ReadSource {
  readonly opened: OpenedSource;
  /** Every layout that fits, best first. */
  readonly candidates: readonly Candidate[];
  readonly format: DataFormat;
  readonly metadata: Metadata;
}

interface ReadSourceOptions {
  /** Address samples are fetched from, ending in `/`. */
  readonly siteBase: string;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Lists what was dropped, recognises its layout and reads its metadata.
 *
 * @throws AppError `import/unrecognised`, `import/metadata`, `import/archive`, `import/sample`.
 */
async function readSource(
  source: ImportSource,
  settings: ImportSettings,
  { siteBase, signal, report }: ReadSourceOptions,
): Promise<ReadSource> {
  const opened = await openSource(source, siteBase, signal, report);
  const candidates = await recogniseFormats(opened, signal);
  return readAs({ opened, candidates }, settings, { signal, report });
}

async function readAs(
  { opened, candidates }: Pick<ReadSource, "opened" | "candidates">,
  settings: ImportSettings,
  { signal, report }: Pick<ReadSourceOptions, "signal" | "report">,
): Promise<ReadSource> {
  const format = chooseFormat(candidates, settings.format, opened);
  const metadata = await format.read(opened, { settings, signal, report });
  return { opened, candidates, format, metadata };
}

interface Remembered {
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  readonly read: ReadSource;
}

/**
 * Reads sources and keeps the last one: the import that follows an inspection does not list 100,000
 * files again, and another layout of the same files only reads their metadata anew.
 */
export class SourceReader {
  #last: Remembered | undefined;

  /** As `readSource`. */
  async read(
    source: ImportSource,
    settings: ImportSettings,
    options: ReadSourceOptions,
  ): Promise<ReadSource> {
    const known = this.#last;
    const same = known && isSameSource(known.source, source) ? known : undefined;
    if (same && isReadAlike(same.settings, settings)) return same.read;
    this.#last = undefined; // two of them need not fit in memory
    const read = same
      ? await readAs(same.read, settings, options)
      : await readSource(source, settings, options);
    this.#last = { source, settings, read };
    return read;
  }
}

/** Thumbnails concern the pictures, which are read later. */
function isReadAlike(a: ImportSettings, b: ImportSettings): boolean {
  const isCutAlike = JSON.stringify(a.sensor) === JSON.stringify(b.sensor);
  return a.format === b.format && a.classTemplate === b.classTemplate && isCutAlike;
}

/** Files cross to the worker as new objects each time: equal are those of equal path, size and date. */
function isSameSource(a: ImportSource, b: ImportSource): boolean {
  if (a.kind === "sample" || b.kind === "sample") {
    return a.kind === "sample" && b.kind === "sample" && a.sampleId === b.sampleId;
  }
  if (a.files.length !== b.files.length) return false;
  return a.files.every(({ path, file }, i) => {
    const other = b.files[i];
    if (!other || other.path !== path) return false;
    return other.file.size === file.size && other.file.lastModified === file.lastModified;
  });
}
