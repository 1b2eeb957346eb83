import { cleanPath, folderOf } from "../../core/domain/pathResolver";
import type { Archive, ArchiveMember, Refused } from "./archive";
import { duplicateEntry, MISLEADING_NAME, refusedEntry } from "./faults";
import { isSystemFile, type SourceEntry } from "./sourceEntry";

/** An archive and where it was dropped. */
export interface OpenedArchive {
  readonly path: string;
  readonly archive: Archive;
}

/** Files under clean paths, each path once. */
export interface Arranged {
  readonly entries: readonly SourceEntry[];
  readonly refused: readonly Refused[];
}

/** Characters that turn text around or hide it (Unicode TR 36 §2.5.2), and control characters. */
const MISLEADING = /[\u0001-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/;

/**
 * Clean entries of all parts; archives get a folder of their own only where paths collide. A name
 * that comes again inside a tar is another sample (`cat~2.jpg`); elsewhere only the first counts.
 */
export function arrange(
  loose: readonly ArchiveMember[],
  archives: readonly OpenedArchive[],
): Arranged {
  const own = clean(loose, { folder: "" });
  const parts = archives.map(({ path, archive }) => {
    return cleanArchive({ path, archive }, folderOf(path));
  });
  const merged = [own, ...parts];
  const paths = merged.map(({ entries }) => new Set(entries.map(({ path }) => path)));
  const total = paths.reduce((sum, { size }) => sum + size, 0);
  if (new Set(paths.flatMap((part) => [...part])).size === total) return joined(merged);
  const apart = archives.map((opened) => cleanArchive(opened, stemOf(opened.path)));
  return joined([own, ...apart]);
}

function cleanArchive({ path, archive }: OpenedArchive, folder: string): Arranged {
  const { entries, refused } = clean(archive.members, { folder, archive: path });
  const named = archive.refused.map(({ name, fault }) => ({ name: escaped(name), fault }));
  return { entries, refused: [...refused, ...named] };
}

/** The same archive dropped twice stands in one folder: its second copy is refused file by file. */
function joined(parts: readonly Arranged[]): Arranged {
  const refused = parts.flatMap((part) => part.refused);
  const paths = new Set<string>();
  const entries: SourceEntry[] = [];
  for (const entry of parts.flatMap((part) => part.entries)) {
    if (paths.has(entry.path)) {
      refused.push({ name: entry.path, fault: duplicateEntry(entry.path) });
    } else {
      paths.add(entry.path);
      entries.push(entry);
    }
  }
  return { entries, refused };
}

interface Place {
  readonly folder: string;
  /** The archive the files come from. */
  readonly archive?: string;
}

function clean(files: readonly ArchiveMember[], { folder, archive }: Place): Arranged {
  const entries: SourceEntry[] = [];
  const refused: Refused[] = [];
  const times = new Map<string, number>();
  for (const member of files) {
    const { name } = member;
    // First on its own, so that `..` cannot climb out of an archive into the folder around it.
    const inside = cleanPath(name);
    if ("fault" in inside) refused.push({ name: escaped(name), fault: refusedEntry(inside.fault) });
    else if (MISLEADING.test(name)) refused.push({ name: escaped(name), fault: MISLEADING_NAME });
    else if (!isSystemFile(inside.path)) {
      const time = (times.get(inside.path) ?? 0) + 1;
      times.set(inside.path, time);
      const isTar = archive !== undefined && !/\.zip$/i.test(archive);
      const path = time > 1 && isTar ? numbered(inside.path, time) : inside.path;
      const place = folder === "" ? path : `${folder}/${path}`;
      entries.push(new ArrangedEntry(member, place, archive));
    }
  }
  return { entries, refused };
}

/** A member under its path. A class, as closures of its own would cost each of 200,000 a kilobyte. */
class ArrangedEntry implements SourceEntry {
  readonly path: string;
  readonly sizeBytes: number;
  declare readonly archive?: string;
  readonly #member: ArchiveMember;

  constructor(member: ArchiveMember, path: string, archive: string | undefined) {
    this.path = path === member.name ? member.name : path; // the same text twice is twice the memory
    this.sizeBytes = member.sizeBytes;
    if (archive !== undefined) this.archive = archive;
    this.#member = member;
  }

  /** Handed on without asking for it: archives cut slices only when one is wanted. */
  get blob(): Blob | undefined {
    return this.#member.blob;
  }

  read(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#member.read(signal);
  }
}

/** `a/cat.seg.png` → `a/cat~2.seg.png`: the number belongs to the key, which ends at the first dot. */
function numbered(path: string, time: number): string {
  const folder = folderOf(path);
  const name = path.slice(folder === "" ? 0 : folder.length + 1);
  const dot = name.indexOf(".", 1);
  const renamed = dot < 0 ? `${name}~${time}` : `${name.slice(0, dot)}~${time}${name.slice(dot)}`;
  return folder === "" ? renamed : `${folder}/${renamed}`;
}

/** A refused name as it can be shown: what would turn it around is written out. */
function escaped(name: string): string {
  return name.replaceAll(new RegExp(`${MISLEADING.source}|\0`, "g"), (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const stemOf = (path: string) => path.replace(/\.(zip|tar|tgz|tar\.gz)$/i, "");
