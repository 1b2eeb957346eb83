import { sampleById } from "../../core/catalogue/samples";
import type { ImportSource } from "../../core/domain/dataset";
import { basenameOf, cleanPath, folderOf, type PathFault } from "../../core/domain/pathResolver";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { fetchSample } from "./fetchSample";
import { ENTRIES_MAX } from "./limits";
import { isSystemFile, type SourceEntry } from "./sourceEntry";
import { listZip } from "./zipEntries";

/** Every file of an import under one set of paths. */
export interface OpenedSource {
  /** In words: `emoji.zip`, `pets`, `a.zip and 2 more`. */
  readonly name: string;
  readonly entries: readonly SourceEntry[];
  /** Names that cannot be paths inside the import; never opened. */
  readonly refused: readonly { readonly name: string; readonly fault: PathFault }[];
}

interface Named {
  /** As written; not yet clean. */
  readonly name: string;
  readonly sizeBytes: number;
  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Lists what was dropped: loose files, folders and archives add up. An archive's files stand where
 * the archive stands; only if two archives hold the same path does each get its own folder.
 *
 * @param siteBase address samples are fetched from, ending in `/`.
 * @throws AppError `import/archive`, `import/sample`, `import/unrecognised` for nothing at all.
 */
export async function openSource(
  source: ImportSource,
  siteBase: string,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<OpenedSource> {
  const files =
    source.kind === "files"
      ? source.files
      : [await sampleFile(source.sampleId, siteBase, signal, report)];
  const loose: Named[] = [];
  const archives: { path: string; members: readonly Named[] }[] = [];
  for (const { path, file } of files) {
    if (isSystemFile(path)) continue;
    if (!/\.zip$/i.test(path)) {
      // Browsers differ in whether a dropped file's path starts with a slash.
      const name = path.replace(/^\/+/, "");
      loose.push({ name, sizeBytes: file.size, read: () => bytesOf(file) });
    } else {
      archives.push({ path, members: await listZip(file, basenameOf(path), signal) });
    }
  }
  const { entries, refused } = arrange(loose, archives);
  if (entries.length === 0) throw new AppError("import/unrecognised", "no files");
  if (entries.length > ENTRIES_MAX) {
    const count = entries.length.toLocaleString("en");
    throw new AppError("import/unrecognised", `${count} files are more than 200,000`);
  }
  return { name: nameOf(files.map(({ path }) => path)), entries, refused };
}

async function sampleFile(
  sampleId: string,
  siteBase: string,
  signal: AbortSignal,
  report: (progress: Progress) => void,
) {
  const file = await fetchSample(sampleById(sampleId), siteBase, signal, report);
  return { path: file.name, file };
}

/** Clean entries of all parts; archives get a folder of their own only where paths collide. */
function arrange(
  loose: readonly Named[],
  archives: readonly { path: string; members: readonly Named[] }[],
): Pick<OpenedSource, "entries" | "refused"> {
  const merged = [
    clean(loose, ""),
    ...archives.map(({ path, members }) => clean(members, folderOf(path))),
  ];
  const paths = merged.map(({ entries }) => new Set(entries.map(({ path }) => path)));
  const total = paths.reduce((sum, { size }) => sum + size, 0);
  const collide = new Set(paths.flatMap((own) => [...own])).size < total;
  const parts = collide
    ? [
        clean(loose, ""),
        ...archives.map(({ path, members }) => clean(members, path.replace(/\.zip$/i, ""))),
      ]
    : merged;
  return {
    entries: parts.flatMap(({ entries }) => entries),
    refused: parts.flatMap(({ refused }) => refused),
  };
}

function clean(files: readonly Named[], folder: string) {
  const entries: SourceEntry[] = [];
  const refused: { name: string; fault: PathFault }[] = [];
  for (const { name, sizeBytes, read } of files) {
    // First on its own, so that `..` cannot climb out of an archive into the folder around it.
    const inside = cleanPath(name);
    if ("fault" in inside) refused.push({ name, fault: inside.fault });
    else if (!isSystemFile(inside.path)) {
      const path = folder === "" ? inside.path : `${folder}/${inside.path}`;
      entries.push({ path, sizeBytes, read });
    }
  }
  return { entries, refused };
}

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}

function nameOf(paths: readonly string[]): string {
  const tops = [...new Set(paths.map((path) => path.split("/")[0] ?? path))];
  const [first = "", ...others] = tops;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
