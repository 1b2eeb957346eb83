/** A cleaned path inside the import, or why the text cannot be one. */
export type CleanPath = { readonly path: string } | { readonly fault: PathFault };

export type PathFault = "empty" | "remote" | "absolute" | "escapes" | "nul";

/** Where a reference leads. `case` and `basename` matches are guesses the user is told of. */
export type PathMatch =
  | {
      readonly kind: "found";
      readonly index: number;
      readonly via: "exact" | "case" | "basename";
    }
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

/** Finds the files that metadata rows mention: exact path, then ignoring case, then unique name. */
export class PathResolver {
  readonly #exact = new Map<string, number>();
  readonly #folded = new Map<string, number[]>();
  readonly #basenames = new Map<string, number[]>();

  /** @param paths clean paths (`cleanPath`); of equal ones the first counts. */
  constructor(paths: readonly string[]) {
    paths.forEach((path, index) => {
      if (this.#exact.has(path)) return;
      this.#exact.set(path, index);
      append(this.#folded, path.toLowerCase(), index);
      append(this.#basenames, basenameOf(path).toLowerCase(), index);
    });
  }

  /** @param folder of the metadata file the reference stands in. */
  resolve(reference: string, folder: string): PathMatch {
    const clean = cleanPath(reference, folder);
    if ("fault" in clean) return { kind: "rejected", fault: clean.fault };
    const { path } = clean;
    const index = this.#exact.get(path);
    if (index !== undefined) return { kind: "found", index, via: "exact" };
    const folded = this.#folded.get(path.toLowerCase()) ?? [];
    if (folded.length > 0) return unique(path, folded, "case");
    const named = this.#basenames.get(basenameOf(path).toLowerCase()) ?? [];
    return unique(path, named, "basename");
  }
}

function unique(path: string, candidates: readonly number[], via: "case" | "basename"): PathMatch {
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
