import { modalityOfName, stemOf } from "./mediaNames";

/** A cleaned path inside the import, or why the text cannot be one. */
export type CleanPath = { readonly path: string } | { readonly fault: PathFault };

export type PathFault = "empty" | "remote" | "absolute" | "escapes" | "nul";

/** How a file was found: as written, ignoring case, in another folder, without its extension. */
export type MatchKind = "exact" | "case" | "basename" | "stem";

/** Where a reference leads. All matches but `exact` are guesses the user is told of. */
export type PathMatch =
  | { readonly kind: "found"; readonly index: number; readonly via: MatchKind }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "ambiguous"; readonly path: string; readonly candidates: number }
  | { readonly kind: "rejected"; readonly fault: PathFault };

/**
 * One spelling per path: `/` between folders, no `.` or `..`, Unicode NFC (macOS archives deliver
 * NFD), case kept. The result never starts with `/` and never leaves the root.
 *
 * @param base folder the text is relative to; "" is the root.
 */
export function cleanPath(text: string, base = ""): CleanPath {
  if (text.includes("\0")) return { fault: "nul" };
  const reference = text.trim().replaceAll("\\", "/").normalize("NFC");
  if (reference.includes("://")) return { fault: "remote" };
  if (reference.startsWith("/") || /^[a-z]:/i.test(reference)) return { fault: "absolute" };
  const folders = base === "" ? [] : base.split("/");
  const kept: string[] = [...folders];
  for (const part of reference.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.pop() === undefined) return { fault: "escapes" };
  }
  if (reference === "" || kept.length === 0) return { fault: "empty" };
  return { path: kept.join("/") };
}

/** The folder a clean path is in; "" at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The last part of a clean path. */
export function basenameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Finds the files that metadata rows mention: exact path, then ignoring case, then from the root,
 * then by name in any folder, then pictures and sounds by name without extension (`00123`). A name
 * counts only if it is unique, if need be together with the folder it is in.
 */
export class PathResolver {
  readonly #paths: readonly string[];
  readonly #exact = new Map<string, number>();
  #loose: LooseIndex | undefined;

  /** @param paths clean paths (`cleanPath`); of equal ones the first counts. */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    paths.forEach((path, index) => {
      if (!this.#exact.has(path)) this.#exact.set(path, index);
    });
  }

  /** @param folder of the metadata file the reference stands in. */
  resolve(reference: string, folder: string): PathMatch {
    const clean = cleanPath(reference, folder);
    if ("fault" in clean) return { kind: "rejected", fault: clean.fault };
    const { path } = clean;
    const index = this.#exact.get(path);
    if (index !== undefined) return { kind: "found", index, via: "exact" };
    // Most data sets never come here, and folding 200,000 paths takes a while.
    const { folded: cases, names, stems } = (this.#loose ??= looseIndex(this.#paths, this.#exact));
    const folded = cases.get(path.toLowerCase()) ?? [];
    if (folded.length > 0) return unique(path, folded, "case");
    const fromRoot = this.#fromRoot(reference);
    if (fromRoot !== undefined) return { kind: "found", index: fromRoot, via: "basename" };
    const named = mostTelling(names, path);
    if (named.length > 0) return unique(path, named, "basename");
    return unique(path, mostTelling(stems, path), "stem");
  }

  #fromRoot(reference: string): number | undefined {
    const clean = cleanPath(reference);
    return "path" in clean ? this.#exact.get(clean.path) : undefined;
  }
}

interface LooseIndex {
  readonly folded: ReadonlyMap<string, readonly number[]>;
  /** By `name` and by `folder/name`, without regard to case. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** Likewise without extension; pictures and sounds only. */
  readonly stems: ReadonlyMap<string, readonly number[]>;
}

function looseIndex(paths: readonly string[], exact: ReadonlyMap<string, number>): LooseIndex {
  const folded = new Map<string, number[]>();
  const names = new Map<string, number[]>();
  const stems = new Map<string, number[]>();
  paths.forEach((path, index) => {
    if (exact.get(path) !== index) return;
    append(folded, path.toLowerCase(), index);
    for (const ending of endingsOf(path)) append(names, ending, index);
    if (modalityOfName(path) === undefined) return;
    for (const ending of endingsOf(stemOf(path))) append(stems, ending, index);
  });
  return { folded, names, stems };
}

/** `c.png` and `b/c.png` of `a/b/c.png`, in lower case. */
function endingsOf(path: string): string[] {
  const folded = path.toLowerCase();
  const name = basenameOf(folded);
  const folder = basenameOf(folderOf(folded));
  return folder === "" ? [name] : [name, `${folder}/${name}`];
}

/** Those whose folder fits as well, else all of the name. */
function mostTelling(index: ReadonlyMap<string, readonly number[]>, path: string) {
  const [name = "", inFolder] = endingsOf(path);
  return (inFolder && index.get(inFolder)) || (index.get(name) ?? []);
}

function unique(path: string, candidates: readonly number[], via: MatchKind): PathMatch {
  const [index] = candidates;
  if (index === undefined) return { kind: "missing", path };
  if (candidates.length === 1) return { kind: "found", index, via };
  return { kind: "ambiguous", path, candidates: candidates.length };
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const held = map.get(key);
  if (held) held.push(index);
  else map.set(key, [index]);
}
