import { AppError } from "../../../core/errors";
import type { SourceEntry } from "../sourceEntry";
import { groupShards, type ShardGroup } from "./arrayNames";
import { joinVectors, type VectorArray } from "./vectorArray";
import { openVectorFile, VECTOR_FILE, type VectorFile } from "./vectorFile";

/** More kinds of arrays than a data set has; the rest is not looked at. */
const GROUPS_MAX = 40;

/** Every array of an import by name, and the files that held none. */
export interface OpenedVectors {
  readonly arrays: ReadonlyMap<string, VectorArray>;
  /** Files with arrays, in the order of their rows; of each group of shards. */
  readonly groups: readonly ShardGroup<VectorFile>[];
  readonly notes: readonly string[];
}

/**
 * Opens the files that may hold embeddings and joins shards in numeric order.
 *
 * @param firstOnly opens the first shard of each group only: enough to recognise a layout.
 * @throws AppError `import/embeddings`: shards of different width or with different arrays, or
 *   nothing usable in files that can only be embeddings.
 */
export async function openVectors(
  entries: readonly SourceEntry[],
  signal: AbortSignal,
  firstOnly = false,
): Promise<OpenedVectors> {
  const candidates = groupShards(entries.filter(({ path }) => VECTOR_FILE.test(path)));
  const arrays = new Map<string, VectorArray>();
  const groups: ShardGroup<VectorFile>[] = [];
  const notes: string[] = [];
  for (const { name, files } of candidates.slice(0, GROUPS_MAX)) {
    const opened: VectorFile[] = [];
    for (const entry of firstOnly ? files.slice(0, 1) : files) {
      signal.throwIfAborted();
      const file = await openOr(entry, signal, notes);
      // A missing shard would shift every later row against the other side.
      if (!file && opened.length > 0) throw new AppError("import/embeddings", notes.at(-1));
      if (!file) break;
      opened.push(file);
    }
    notes.push(...opened.flatMap((file) => file.notes));
    const joined = join(opened);
    if (joined.size === 0) continue;
    groups.push({ name, files: opened });
    for (const [own, array] of joined) arrays.set(uniqueName(own || name, arrays), array);
  }
  if (candidates.length > GROUPS_MAX) {
    notes.push(`Only the first ${GROUPS_MAX} of ${candidates.length} kinds of files were opened.`);
  }
  return { arrays, groups, notes };
}

/** The file, or undefined with a note where it is broken in itself. */
async function openOr(
  entry: SourceEntry,
  signal: AbortSignal,
  notes: string[],
): Promise<VectorFile | undefined> {
  try {
    return await openVectorFile(entry, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof AppError) || !thrown.code.startsWith("import/")) throw thrown;
    notes.push(`${thrown.detail}.`);
    return undefined;
  }
}

function join(files: readonly VectorFile[]): Map<string, VectorArray> {
  const [first] = files;
  const joined = new Map<string, VectorArray>();
  if (!first) return joined;
  for (const name of first.arrays.keys()) {
    const parts = files.map(({ arrays, path }) => {
      const part = arrays.get(name);
      if (part) return part;
      throw new AppError("import/embeddings", `${first.path} has “${name}”, ${path} has not`);
    });
    joined.set(name, joinVectors(parts));
  }
  return joined;
}

function uniqueName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}_${count}`;
  return unique;
}
