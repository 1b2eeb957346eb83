import type { Progress } from "../../core/progress";
import type { SourceEntry } from "./sourceEntry";

/** What every reader of metadata needs beside its files. */
export interface ReadingOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Files to be read one after the other, so that only one is in memory. Reports the bytes of those
 * that are done, all of one call under one total.
 */
export async function* oneByOne(
  files: readonly SourceEntry[],
  { signal, report }: ReadingOptions,
): AsyncGenerator<SourceEntry> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const entry of files) {
    signal.throwIfAborted();
    yield entry;
    done += entry.sizeBytes;
    report({ stage: "read", done, total, unit: "bytes" });
  }
}
