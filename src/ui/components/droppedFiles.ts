import type { ImportSource, SourceFile } from "../../core/domain/dataset";

/** Files a file or folder input holds, with their paths inside the chosen folder. */
export function filesOfInput(files: FileList | readonly File[]): SourceFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Every file of a drop, folders walked to the bottom, in path order.
 *
 * Call it inside the drop handler: the browser empties `items` as soon as the handler returns.
 */
export async function filesOfDrop(items: Iterable<DataTransferItem>): Promise<SourceFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const found = (await Promise.all(entries.map(filesUnder))).flat();
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Two drops as one. A file dropped twice (same path, size and time) is there once; a sample is
 * replaced, as it cannot be mixed with files.
 */
export function withFiles(before: ImportSource, added: ImportSource): ImportSource {
  if (before.kind !== "files" || added.kind !== "files") return added;
  const keyOf = ({ path, file }: SourceFile) => `${path}/${file.size}/${file.lastModified}`;
  const known = new Set(before.files.map(keyOf));
  const fresh = added.files.filter((file) => !known.has(keyOf(file)));
  return { kind: "files", files: [...before.files, ...fresh] };
}

async function filesUnder(entry: FileSystemEntry): Promise<SourceFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path, file }];
  }
  if (!isDirectory(entry)) return [];
  const children = await childrenOf(entry);
  return (await Promise.all(children.map(filesUnder))).flat();
}

/** A reader gives at most 100 entries at a time, and none at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return children;
    children.push(...batch);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;
