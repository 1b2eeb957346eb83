import { sampleById } from "../../core/catalogue/samples";
import type { ImportSource, SourceFile } from "../../core/domain/dataset";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import type { ArchiveMember, OpenArchiveOptions, Refused } from "./archive";
import { arrange, type OpenedArchive } from "./arrange";
import { unreadableArchive } from "./faults";
import { fetchSample } from "./fetchSample";
import { gunzip } from "./gunzip";
import { ENTRIES_MAX } from "./limits";
import { isSystemFile, type SourceEntry } from "./sourceEntry";
import { listTar } from "./tarEntries";
import { WindowReader } from "./windowReader";
import { listZip } from "./zipEntries";

/** Every file of an import under one set of paths. */
export interface OpenedSource {
  /** In words: `emoji.zip`, `pets`, `a.zip and 2 more`. */
  readonly name: string;
  readonly entries: readonly SourceEntry[];
  /** What is not used: names that cannot be paths inside the import, links, members cut off. */
  readonly refused: readonly Refused[];
}

/**
 * Lists what was dropped: loose files, folders and archives (zip, tar, tar.gz) add up; a lone .gz is
 * the file inside it. An archive's files stand where the archive stands; only if two archives hold
 * the same path does each get its own folder. Archives inside archives stay closed.
 *
 * @param siteBase address samples are fetched from, ending in `/`.
 * @throws AppError `import/archive` when nothing but unreadable archives was dropped,
 *   `import/sample`, `import/unrecognised` for nothing at all.
 */
export async function openSource(
  source: ImportSource,
  siteBase: string,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<OpenedSource> {
  const dropped =
    source.kind === "files"
      ? source.files
      : [await sampleFile(source.sampleId, siteBase, signal, report)];
  const files = dropped.filter(({ path }) => !isSystemFile(path));
  const opened = await openFiles(files, signal, report);
  const { entries, refused } = arrange(opened.loose, opened.archives);
  const [failure] = opened.failures;
  if (entries.length === 0 && failure) throw failure.error;
  if (entries.length === 0) throw new AppError("import/unrecognised", "no files");
  if (entries.length > ENTRIES_MAX) {
    const count = entries.length.toLocaleString("en");
    throw new AppError("import/unrecognised", `${count} files are more than 200,000`);
  }
  const broken = opened.failures.map(({ path, error }) => ({
    name: path,
    fault: unreadableArchive(error.detail),
  }));
  return { name: nameOf(files), entries, refused: [...refused, ...broken] };
}

interface OpenedFiles {
  readonly loose: readonly ArchiveMember[];
  readonly archives: readonly OpenedArchive[];
  /** Archives that could not be read at all; the others are used. */
  readonly failures: readonly { readonly path: string; readonly error: AppError }[];
}

async function openFiles(
  files: readonly SourceFile[],
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<OpenedFiles> {
  const loose: ArchiveMember[] = [];
  const archives: OpenedArchive[] = [];
  const failures: { path: string; error: AppError }[] = [];
  const windows = new WindowReader();
  const total = files.reduce((sum, { path, file }) => sum + (isSlow(path) ? file.size : 0), 0);
  let before = 0;
  for (const { path, file } of files) {
    // Browsers differ in whether a dropped file's path starts with a slash.
    const name = path.replace(/^\/+/, "");
    const onBytes = (done: number) => {
      if (isSlow(path)) report({ stage: "open", done: before + done, total, unit: "bytes" });
    };
    try {
      const content = await openFile(name, file, { signal, windows, onBytes });
      if ("archive" in content) archives.push(content);
      else loose.push(content);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = AppError.from(thrown);
      if (error.code !== "import/archive") throw error;
      failures.push({ path, error });
    }
    if (isSlow(path)) before += file.size;
  }
  return { loose, archives, failures };
}

/** One dropped file: an archive by its name, unpacked if need be, or itself. */
async function openFile(
  name: string,
  file: Blob,
  options: OpenArchiveOptions,
): Promise<OpenedArchive | ArchiveMember> {
  if (/\.zip$/i.test(name)) return { path: name, archive: await listZip(file, name, options) };
  if (/\.tar$/i.test(name)) return { path: name, archive: await listTar(file, name, options) };
  if (!/\.(gz|tgz)$/i.test(name)) return looseFile(name, file);
  const unpacked = await gunzip(file, name, options);
  if (/\.(tar\.gz|tgz)$/i.test(name)) {
    // Its bytes have been counted while they were unpacked.
    return { path: name, archive: await listTar(unpacked, name, { ...options, onBytes() {} }) };
  }
  return looseFile(name.replace(/\.gz$/i, ""), unpacked);
}

function looseFile(name: string, file: Blob): ArchiveMember {
  const read = async () => new Uint8Array(await file.arrayBuffer());
  return { name, sizeBytes: file.size, blob: file, read };
}

/** Archives that must be read from end to end before anything else can happen. */
const isSlow = (path: string) => /\.(tar|gz|tgz)$/i.test(path);

async function sampleFile(
  sampleId: string,
  siteBase: string,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<SourceFile> {
  const file = await fetchSample(sampleById(sampleId), siteBase, signal, report);
  return { path: file.name, file };
}

function nameOf(files: readonly SourceFile[]): string {
  const tops = [...new Set(files.map(({ path }) => path.split("/")[0] ?? path))];
  const [first = "", ...others] = tops;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
