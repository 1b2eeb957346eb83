import type { EncoderFile, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { askHubJson, hubUrl } from "./hubRequest";

/** A file to fetch, with its exact size and at least one digest to hold it to. */
export interface PinnedFile extends EncoderFile {
  readonly sizeBytes: number;
  /** SHA-1 git gives a small file; the hub tells no SHA-256 of those. */
  readonly gitOid?: string;
}

export interface PinnedFiles {
  /** Commit, 40 hexadecimal digits. */
  readonly revision: string;
  readonly files: readonly PinnedFile[];
}

interface PinOptions {
  readonly hub: string;
  readonly base: string;
  readonly signal: AbortSignal;
}

const COMMIT = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What exactly to fetch: commit, sizes and digests, from the catalogue where it knows them, else from
 * the hub (`api/models/…/revision/…` and `…/tree/…`). A digest of the catalogue is never replaced.
 *
 * @throws AppError as `askHub`; `encoder/not-on-hub` when the repository lacks a file;
 *   `encoder/download` when an answer is not what the hub's API gives, or a file is much larger than
 *   the visitor was told.
 */
export async function pinFiles(spec: EncoderSpec, options: PinOptions): Promise<PinnedFiles> {
  const known = spec.files.flatMap((file) =>
    file.sizeBytes === null || file.sha256 === null ? [] : [{ ...file, sizeBytes: file.sizeBytes }],
  );
  const pinned = known.length === spec.files.length && COMMIT.test(spec.revision);
  if (pinned) return { revision: spec.revision, files: known };
  const revision = await commitOf(spec, options);
  const tree = await treeOf(spec, revision, options);
  return { revision, files: spec.files.map((file) => pin(file, tree.get(file.path), spec.source)) };
}

async function commitOf({ source, revision }: EncoderSpec, options: PinOptions): Promise<string> {
  if (COMMIT.test(revision)) return revision;
  const name = `${source} at ${revision}`;
  const url = hubUrl(options.hub, options.base, `api/models/${source}/revision/${revision}`);
  const answer = await askHubJson({ url, name, signal: options.signal });
  const { sha } = (answer ?? {}) as { sha?: unknown }; // checked on the next line
  if (typeof sha === "string" && COMMIT.test(sha)) return sha;
  throw new AppError("encoder/download", `${name}: the hub named no commit`);
}

interface TreeEntry {
  readonly path?: unknown;
  readonly size?: unknown;
  readonly oid?: unknown;
  readonly lfs?: { readonly oid?: unknown; readonly size?: unknown };
}

async function treeOf(
  { source }: EncoderSpec,
  revision: string,
  { hub, base, signal }: PinOptions,
): Promise<ReadonlyMap<string, TreeEntry>> {
  const name = `list of files of ${source}`;
  const url = `${hubUrl(hub, base, `api/models/${source}/tree/${revision}`)}?recursive=true`;
  const answer = await askHubJson({ url, name, signal });
  if (!Array.isArray(answer)) throw new AppError("encoder/download", `${name}: not a list`);
  const entries = answer as (TreeEntry | null)[]; // fields are checked where they are used
  return new Map(
    entries.flatMap((entry) => (typeof entry?.path === "string" ? [[entry.path, entry]] : [])),
  );
}

function pin(file: EncoderFile, entry: TreeEntry | undefined, source: string): PinnedFile {
  if (!entry) throw new AppError("encoder/not-on-hub", `${file.path} is not in ${source}`);
  const size = file.sizeBytes ?? entry.lfs?.size ?? entry.size;
  const sha256 = file.sha256 ?? entry.lfs?.oid ?? null;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size <= 0) {
    throw new AppError("encoder/download", `${file.path}: the hub tells no size`);
  }
  checkAgainstListed(file, size);
  if (typeof sha256 === "string" && SHA256.test(sha256))
    return { ...file, sizeBytes: size, sha256 };
  if (typeof entry.oid === "string" && COMMIT.test(entry.oid)) {
    return { ...file, sizeBytes: size, sha256: null, gitOid: entry.oid };
  }
  throw new AppError("encoder/download", `${file.path}: the hub tells no digest`);
}

/** The visitor agreed to the size on screen, which is rounded to three digits. */
function checkAgainstListed({ path, listedBytes }: EncoderFile, size: number): void {
  if (listedBytes === undefined || size <= listedBytes * 1.1 + 10_000) return;
  const detail = `${path}: ${size} bytes, where about ${listedBytes} were announced`;
  throw new AppError("encoder/download", detail);
}
