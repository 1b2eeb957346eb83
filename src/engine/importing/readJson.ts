import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { readText } from "./readText";
import type { SourceEntry } from "./sourceEntry";

/** A parsed JSON file; the warning is about its encoding. */
export interface ReadJson {
  readonly entry: SourceEntry;
  readonly value: unknown;
  readonly warnings: readonly string[];
}

interface ReadJsonOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * JSON files one after the other, so that only one is in memory.
 *
 * @throws AppError `import/metadata` when one is not JSON or too large, `import/archive`.
 */
export async function* readJsonFiles(
  files: readonly SourceEntry[],
  { signal, report }: ReadJsonOptions,
): AsyncGenerator<ReadJson> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const entry of files) {
    signal.throwIfAborted();
    const { text, warning } = await readText(entry, signal);
    yield { entry, value: parseJson(entry.path, text), warnings: warning ? [warning] : [] };
    done += entry.sizeBytes;
    report({ stage: "read", done, total, unit: "bytes" });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("import/metadata", `${path}: ${message}`, { cause });
  }
}
