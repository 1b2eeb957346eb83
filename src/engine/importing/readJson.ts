import { AppError } from "../../core/errors";
import { oneByOne, type ReadingOptions } from "./oneByOne";
import { readText } from "./readText";
import type { SourceEntry } from "./sourceEntry";

/** A parsed JSON file; the warnings are about its encoding. */
export interface ReadJson {
  readonly value: unknown;
  readonly warnings: readonly string[];
}

/** @throws AppError `import/metadata` when it is not JSON or too large, `import/archive`. */
export async function readJson(entry: SourceEntry, signal: AbortSignal): Promise<ReadJson> {
  const { text, warning } = await readText(entry, signal);
  try {
    const value: unknown = JSON.parse(text);
    return { value, warnings: warning ? [warning] : [] };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("import/metadata", `${entry.path}: ${message}`, { cause });
  }
}

/** JSON files one after the other (`oneByOne`). @throws as `readJson`. */
export async function* readJsonFiles(
  files: readonly SourceEntry[],
  options: ReadingOptions,
): AsyncGenerator<ReadJson & { readonly entry: SourceEntry }> {
  for await (const entry of oneByOne(files, options)) {
    yield { entry, ...(await readJson(entry, options.signal)) };
  }
}
