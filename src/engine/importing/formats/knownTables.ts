import { csvHeader } from "../csvTable";
import type { OpenedSource } from "../openSource";
import type { SourceEntry } from "../sourceEntry";
import { peek } from "./peek";
import { named, survey } from "./survey";

const TABLES_MAX = 50; // published data sets come with a handful

/** Tables whose header has all of these names (in lower case), sorted by path. */
export async function tablesWithHeader(
  source: OpenedSource,
  header: readonly string[],
  signal: AbortSignal,
): Promise<SourceEntry[]> {
  const { alone } = survey(source);
  const found: SourceEntry[] = [];
  for (const entry of named(alone, /\.(csv|tsv|txt)$/i).slice(0, TABLES_MAX)) {
    const names = csvHeader((await peek(entry, signal)).head);
    if (header.every((name) => names.includes(name))) found.push(entry);
  }
  return found;
}
